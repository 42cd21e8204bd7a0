import { expect, it } from 'vitest'
import { mixOf, statementsIn, transaction } from '../../bench/peers/mix.ts'

it('asks as many statements as the service did, in one transaction', async () => {
  const asked = { SELECT: 2_000, INSERT: 401, UPDATE: 500, DELETE: 100, BEGIN: 250, COMMIT: 250, WITH: 100 }
  const mix = mixOf(asked, 100)
  expect(mix).toEqual({ insert: 4, update: 5, remove: 1, select: 24 })
  expect(statementsIn(mix)).toBe(36)
  const said: string[] = []
  await transaction(mix, async text => said.push(text.split(' ')[0] ?? ''))
  expect(said).toHaveLength(36)
  expect([said[0], said.at(-1)]).toEqual(['BEGIN', 'COMMIT'])
  expect(said.filter(word => word === 'UPDATE')).toHaveLength(5)
})
