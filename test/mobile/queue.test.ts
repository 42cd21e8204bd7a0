import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  after,
  nextOf,
  outcomeOf,
  pathOf,
  type Queued,
  replacedIn,
  restUntilNext,
} from '../../src/web/m/photos/queue.ts'
import { newId } from '../../src/web/m/shared/newid.ts'

const photo = (more: Partial<Queued> = {}): Queued => ({
  ...{ id: 'a', code: '1001', of: null, addedAt: 0, tries: 0, nextAt: 0, refused: null },
  ...more,
})

it('ids are UUIDs the service takes, each another', () => {
  const ids = Array.from({ length: 200 }, newId)
  expect(ids.every(id => z.uuid().safeParse(id).success)).toBe(true)
  expect(new Set(ids).size).toBe(200)
})

describe('what an answer means for a photo', () => {
  it.each([
    [200, { kept: true }],
    [0, { unknown: true }],
    [401, { unknown: true }],
    [429, { unknown: true }],
    [503, { unknown: true }],
    [404, { refused: '没有这张单' }],
    [413, { refused: '没有这张单' }],
    [422, { refused: '没有这张单' }],
  ])('%i', (status, outcome) => expect(outcomeOf(status, '没有这张单')).toEqual(outcome))
})

it('the oldest that is due goes first; what was refused never again, what waits only when its time or a network comes', () => {
  const queue = [
    photo({ id: 'c', addedAt: 3 }),
    photo({ id: 'b', addedAt: 2, nextAt: 500 }),
    photo({ refused: '太大' }),
  ]
  expect(nextOf(queue, 100)?.id).toBe('c')
  expect(nextOf(queue, 100, true)?.id).toBe('b')
  expect(nextOf(queue, 500)?.id).toBe('b')
  expect(nextOf([photo({ refused: '太大' })], 100, true)).toBeNull()
  expect(restUntilNext([photo({ nextAt: 500 }), photo({ nextAt: 900 })], 100)).toBe(400)
  expect(restUntilNext([photo({ refused: '太大' })], 100)).toBeNull()
})

it('a photo is dropped only when the service has it, and waits longer and longer, never for more than minutes', () => {
  expect(after(photo(), { kept: true }, 0, 0.5)).toBeNull()
  expect(after(photo(), { refused: '太大' }, 0, 0.5)).toMatchObject({ refused: '太大' })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, luck) => {
      const lost = after(photo({ tries }), { unknown: true }, 1_000, luck)
      const wait = (lost?.nextAt ?? 0) - 1_000
      expect(lost).toMatchObject({ id: 'a', tries: tries + 1, refused: null })
      expect(wait).toBeGreaterThanOrEqual(1_500)
      expect(wait).toBeLessThanOrEqual(375_000)
    }),
  )
})

it('a signature says who signed what, and one that waits gives way to a later one of the same order', () => {
  const sign = { name: '王女士', result: '换电容', charge: '80' }
  const one = (id: string, addedAt: number, more: object = {}) => ({ ...photo({ id, addedAt }), ...more })
  const waiting = [one('a', 1, { sign }), one('b', 2), one('c', 3, { sign }), one('d', 4, { sign, code: '1002' })]
  expect(replacedIn(waiting).map(({ id }) => id)).toEqual(['a'])
  // One that was refused takes nobody's place.
  expect(replacedIn([one('a', 1, { sign }), one('c', 3, { sign, refused: '已取消' })])).toEqual([])
  const url = new URL(pathOf(one('a', 1, { sign })), 'http://x')
  expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual(['/signature/a', sign])
  expect(pathOf(one('a', 1, { sign: { name: '王女士', result: null, charge: null } }))).not.toMatch(/result|charge/)
  expect(pathOf(one('a', 1, { of: '铭牌' }))).toBe(`/photos/a?of=${encodeURIComponent('铭牌')}`)
})
