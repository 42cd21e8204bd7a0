import { expect, it } from 'vitest'
import { stateNames as cardStates } from '../../src/orders/order.ts'
import { sayLeft as cardLeft, saySpan as cardSpan, sayTime as cardTime } from '../../src/orders/timewords.ts'
import { clockKindNames, orderKindNames } from '../../src/policy/terms.ts'
import { fromField, toField } from '../../src/web/console/pages/orders/draft.ts'
import { clockNames, kindNames, stateNames } from '../../src/web/shared/terms.ts'
import { sayLeft, saySpan, sayTime } from '../../src/web/shared/timewords.ts'

const zone = 'Asia/Shanghai'
const now = new Date('2026-11-25T09:00:00+08:00')

it('pages call things what cards call them', () => {
  expect(stateNames.zh).toEqual(cardStates)
  expect(kindNames.zh).toEqual(orderKindNames)
  expect(clockNames.zh).toEqual(clockKindNames)
})

it.each([
  '2026-11-25T14:00:00+08:00',
  '2026-11-25T00:00:00+08:00',
  '2026-11-24T23:59:59+08:00',
  '2026-11-23T08:00:00+08:00',
  '2026-11-27T08:00:00+08:00',
  '2026-11-28T09:12:00+08:00',
  '2026-10-31T09:12:00+08:00',
  '2027-01-03T08:00:00+08:00',
])('pages say %s as cards do', at => {
  expect(sayTime(at, now.getTime(), zone, 'zh')).toBe(cardTime(new Date(at), now, zone))
  for (const hours of [1, 9, 10, 24, 30]) {
    const to = new Date(Date.parse(at) + hours * 3_600_000)
    const span = { from: new Date(at).toISOString(), exact: true }
    expect(saySpan({ ...span, to: to.toISOString() }, now.getTime(), zone, 'zh')).toBe(
      cardSpan({ ...span, to }, now, zone),
    )
  }
})

it.each([0, 0.5, -0.5, 1, 59, 60, 61, 90, 720, 1439, 1440, 1500, 3000, -1, -12, -75, -1500])(
  '%s minutes are said as on cards',
  minutes => {
    const at = new Date(now.getTime() + minutes * 60_000)
    expect(sayLeft(at.toISOString(), now.getTime(), 'zh')).toBe(cardLeft(at, now))
  },
)

it('an English page says the same', () => {
  expect(sayTime('2026-11-28T09:12:00+08:00', now.getTime(), zone, 'en')).toBe('Sat 28 Nov 09:12')
  expect(sayTime('2026-11-25T14:00:00+08:00', now.getTime(), zone, 'en')).toBe('today 14:00')
  expect(sayLeft('2026-11-25T12:55:00+08:00', now.getTime(), 'en')).toBe('3 h 55 min left')
})

it.each(['Asia/Shanghai', 'Asia/Urumqi', 'Europe/Berlin', 'America/New_York'])(
  'a field of a form means a time in %s',
  zone => {
    for (const field of ['2026-12-01T14:00', '2026-03-29T12:30', '2026-10-25T23:59', '2026-01-01T00:00']) {
      expect(toField(fromField(field, zone), zone)).toBe(field)
    }
    expect(fromField('2026-12-01T14:00', 'Asia/Shanghai')).toBe('2026-12-01T06:00:00.000Z')
  },
)
