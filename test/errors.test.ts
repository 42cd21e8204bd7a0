import { expect, it } from 'vitest'
import { forLog } from '../src/errors.ts'

it('says in the log what was thrown and what caused it', () => {
  const cause = new Error('Connection terminated')
  const error = new Error('1 months could not be settled', { cause })
  expect(forLog(error)).toEqual({
    ...{ name: 'Error', stack: error.stack },
    message: '1 months could not be settled: Connection terminated',
  })
  expect(forLog(cause)).toMatchObject({ message: 'Connection terminated' })
  expect(forLog('no error at all')).toBe('no error at all')
})
