import { expect, it } from 'vitest'
import { createNaming } from '../../src/db/named.ts'

it('names what is said for the third time, always the same, and others otherwise', () => {
  const name = createNaming()
  expect([name('SELECT 1'), name('SELECT 1')]).toEqual([undefined, undefined])
  const given = name('SELECT 1')
  expect(given).toMatch(/^p[\w-]{24}$/)
  expect(name('SELECT 1')).toBe(given)
  for (let turn = 0; turn < 2; turn++) name('SELECT 2')
  expect(name('SELECT 2')).not.toBe(given)
})

it('keeps so many and no more', () => {
  const name = createNaming()
  const names = Array.from({ length: 300 }, (_, nth) => [0, 1, 2].map(() => name(`SELECT ${nth}`)).at(-1))
  expect(names.filter(Boolean)).toHaveLength(200)
  expect(name('SELECT 0')).toBe(names[0])
})
