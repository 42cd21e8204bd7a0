import { DateTime } from 'luxon'
import { expect, it } from 'vitest'
import type { LeaveBody } from '../../src/leave/fact.ts'
import { nextDue } from '../../src/leave/next.ts'
import { replayLeave } from '../../src/leave/request.ts'
import { asked, day, journal } from './requests.ts'
import { leavePolicy } from './shop.ts'

const policy = leavePolicy('  types: [{ name: 事假, deduct: 1 }]\n  remind: [2h, 8h]\n  lapse: 3d')

/** What is due next, and when, in Shanghai: `remind 2026-11-24 11:00`. Asked on Tuesday the 24th at 9:00. */
function due(...bodies: LeaveBody[]): string | null {
  const next = nextDue(replayLeave(journal(...bodies)), policy)
  if (!next) return null
  const why = 'why' in next ? ` ${next.why}` : ''
  return `${next.do}${why} ${DateTime.fromJSDate(next.at, { zone: policy.zone }).toFormat('yyyy-MM-dd HH:mm')}`
}

const far = asked([day('2026-12-07'), day('2026-12-08')])
const reminded = (nth: number): LeaveBody => ({ fact: 'reminded', step: 0, nth })
const granted: LeaveBody = { fact: 'granted' }
const begun: LeaveBody = { fact: 'handedBack', orders: [], when: 'begun' }

it('reminds after so much working time, once each, then lets it lapse on the third workday', () => {
  expect(due(far)).toBe('remind 2026-11-24 11:00')
  expect(due(far, reminded(1))).toBe('remind 2026-11-25 08:30')
  expect(due(far, reminded(1), reminded(2))).toBe('lapse undecided 2026-11-27 18:00')
  expect(due(far, reminded(1), { fact: 'passed', step: 0 })).toBe('remind 2026-11-24 11:00')
})

it('reminds nobody who is to decide while the applicant has a proposal to answer', () => {
  const span = { from: { day: '2026-12-09', minute: 0 }, to: { day: '2026-12-09', minute: 1440 } }
  expect(due(far, { fact: 'proposed', span, days: [day('2026-12-09')] })).toBe('lapse undecided 2026-11-27 18:00')
})

it('lets it lapse when its days are over, undecided or not yet reminded', () => {
  expect(due(asked([day('2026-11-24', 600, 640, 1250)]))).toBe('lapse over 2026-11-24 10:40')
})

it('begins when work does, or in the middle of a day, and says a word an hour before the last day ends', () => {
  expect(due(far, granted)).toBe('begin 2026-12-07 08:00')
  expect(due(asked([day('2026-11-26', 840, 1080, 5000)]), granted)).toBe('begin 2026-11-26 14:00')
  expect(due(far, granted, begun)).toBe('homeward 2026-12-08 17:00')
  expect(due(asked([day('2026-12-07'), day('2026-12-08', 0, 720, 5000)]), granted, begun)).toBe(
    'homeward 2026-12-08 11:00',
  )
  expect(due(far, granted, begun, { fact: 'homeward' })).toBeNull()
})

it('has nothing to do for a single day that has begun, nor for what is over', () => {
  expect(due(asked([day('2026-11-26')]), granted, begun)).toBeNull()
  expect(due(far, { fact: 'rejected', reason: '忙' })).toBeNull()
  expect(due(far, granted, { fact: 'cancelled', why: 'takenBack' })).toBeNull()
})
