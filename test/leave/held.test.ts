import { expect, it } from 'vitest'
import { daysHeld, recounted } from '../../src/leave/held.ts'
import { replayLeave } from '../../src/leave/request.ts'
import { asked, day, journal } from './requests.ts'

const morning = day('2026-11-25', 0, 720, 5000)
const afternoon = day('2026-11-25', 720, 1440, 5000)
const span = { from: { day: '2026-11-25', minute: 720 }, to: { day: '2026-11-25', minute: 1440 } }
const held = (...bodies: Parameters<typeof journal>) =>
  daysHeld(replayLeave(journal(...bodies))).map(({ day: name, from, to, share }) => ({ day: name, from, to, share }))

it('holds what is asked and what is proposed, of one day from the first of their hours to the last', () => {
  const next = day('2026-11-26')
  expect(held(asked([morning]))).toEqual([morning])
  expect(held(asked([morning]), { fact: 'proposed', span, days: [afternoon, next] })).toEqual([
    day('2026-11-25', 0, 1440, 5000),
    next,
  ])
  expect(held(asked([morning]), { fact: 'proposed', span, days: [afternoon] }, { fact: 'taken' })).toEqual([afternoon])
  expect(held(asked([morning]), { fact: 'proposed', span, days: [next] }, { fact: 'refused' })).toEqual([morning])
})

it('holds nothing any more when it is over', () => {
  expect(held(asked([morning]), { fact: 'rejected', reason: '忙' })).toEqual([])
  expect(held(asked([morning]), { fact: 'withdrawn' })).toEqual([])
  expect(held(asked([morning]), { fact: 'granted' }, { fact: 'cancelled', why: 'takenBack' })).toEqual([])
})

it('counts anew what is ahead, and takes no day that another request of his has', () => {
  const days = ['2026-11-24', '2026-11-25', '2026-11-26'].map(name => day(name))
  const anew = [day('2026-11-25'), day('2026-11-26'), day('2026-11-27')]
  const ahead = { today: '2026-11-25', others: [] }
  expect(recounted({ days }, anew, ahead).map(one => one.day)).toEqual([
    ...['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'],
  ])
  const others = [{ day: '2026-11-26', from: 0, to: 720 }]
  expect(recounted({ days }, anew, { ...ahead, others }).map(one => one.day)).not.toContain('2026-11-26')
})
