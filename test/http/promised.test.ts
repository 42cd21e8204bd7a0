import { expect, it } from 'vitest'
import { brokenPromises, wronglyTaken } from '../support/promised.ts'

const team = { id: '019aa000-0000-7000-8000-000000000001', name: '一班', policy: 'default' }
const answer = (body: unknown, more: object = {}) =>
  brokenPromises({
    ...{
      method: 'POST',
      path: '/teams',
      status: 201,
      type: 'application/json; charset=utf-8',
      body: JSON.stringify(body),
    },
    ...more,
  })
const problem = { type: 'about:blank', title: 'Not so', status: 422, detail: 'Because.' }
const json = { type: 'application/problem+json; charset=utf-8' }

it('an answer that is not what the document says is noticed, whatever it is that differs', () => {
  expect(answer(team)).toEqual([])
  // By the document and by the shape it comes from.
  expect(answer({ ...team, name: 7 }).join()).toMatch(/\/name must be string.*expected string/)
  expect(answer({ id: team.id, name: team.name }).join()).toMatch(/must have required property 'policy'/)
  expect(answer({ ...team, colour: 'red' }).join()).toMatch(/colour/)
  expect(answer({ ...team, id: 'x' }).join()).toMatch(/UUID/)
  expect(answer(team, { status: 200 })).toEqual(['POST /teams answered 200: it says of no answer 200'])
  expect(answer(team, { type: 'text/html' })).toHaveLength(1)
  expect(answer(team, { path: '/nothing' })).toHaveLength(1)
  expect(answer(problem, { ...json, status: 422 })).toEqual([])
  expect(answer(problem, { ...json, status: 404 })).toEqual(['POST /teams answered 404: it says of no problem 404'])
  expect(answer({ ...problem, detail: undefined }, { ...json, status: 422 }).join()).toMatch(/detail/)
  expect(answer(problem, { path: '/nothing', ...json, status: 404 })).toEqual([])
  const file = { method: 'GET', path: '/payslips/sheet?team=x', status: 200 }
  expect(answer('', { ...file, type: 'text/csv' })).toHaveLength(1)
  const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  expect(answer('', { ...file, type: xlsx })).toEqual([])
})

it('a body that was taken although the document says it is not is noticed', () => {
  expect(wronglyTaken('POST', '/teams', 201, { name: '一班' })).toEqual([])
  expect(wronglyTaken('POST', '/teams', 201, { name: 7 })).toHaveLength(1)
  expect(wronglyTaken('POST', '/teams', 201, { name: '一班', colour: 'red' })).toHaveLength(1)
  expect(wronglyTaken('POST', '/teams', 422, { name: 7 })).toEqual([])
})
