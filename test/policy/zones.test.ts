import fc from 'fast-check'
import { DateTime, IANAZone } from 'luxon'
import { expect, it } from 'vitest'
import { zoneNamed } from '../../src/policy/zones.ts'

/** With whole, half and quarter hours; one that changes by half an hour, one in the middle of an hour, one twice around Ramadan. */
const zones = [
  'Asia/Shanghai',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Monrovia',
  'Africa/Casablanca',
  'Asia/Kathmandu',
]

const asked = (name: string, at: number) => IANAZone.prototype.offset.call(IANAZone.create(name), at)

it.each(zones)('%s: what is remembered is what the calendar says', name => {
  const moments = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2060, 0, 1) })
  fc.assert(
    fc.property(moments, fc.integer({ min: -7_200_000, max: 7_200_000 }), (at, aside) => {
      const zone = zoneNamed(name)
      for (const moment of [at, at, at + aside]) expect(zone.offset(moment)).toBe(asked(name, moment))
    }),
    { numRuns: 300 },
  )
})

it('is right to the millisecond where an offset changes within an hour', () => {
  // Liberia went over to Greenwich's time at midnight of 7 January 1972, 44 minutes and a half behind it.
  const change = Date.UTC(1972, 0, 7, 0, 44, 30)
  const zone = zoneNamed('Africa/Monrovia')
  expect([change - 1, change, change - 1].map(at => zone.offset(at))).toEqual([-44.5, 0, -44.5])
})

it('asks the calendar once for a day', () => {
  const zone = IANAZone.create('Pacific/Chatham')
  let times = 0
  const { offset } = zone
  zone.offset = at => {
    times++
    return offset.call(zone, at)
  }
  zoneNamed('Pacific/Chatham')
  zoneNamed('Pacific/Chatham')
  const begin = DateTime.fromISO('2026-11-27T10:00', { zone: 'utc' })
  for (let minute = 0; minute < 60; minute++) zone.offset(begin.plus({ minutes: minute }).toMillis())
  expect(times).toBe(2)
  expect(zone.offset(Number.NaN)).toBeNaN()
})

it('leaves a name that is none alone', () => {
  expect(zoneNamed('Nowhere/Land').isValid).toBe(false)
})
