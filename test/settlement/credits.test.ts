import { expect, it } from 'vitest'
import type { OrderCredit } from '../../src/orders/credit.ts'
import { type Credited, counted, inOrder } from '../../src/settlement/credits.ts'

const order = (code: string, doneAt: string, kind: OrderCredit['kind']): Credited => ({
  ...{ id: code, code, percent: 100, inCharge: true },
  credit: {
    ...{ doneAt, day: doneAt.slice(0, 10), kind, urgent: false, key: false, units: 1, empty: false, by: 'a' },
    ...{ shares: [['a', 100]], complained: false, rework: false, leak: false, reworked: [], leaked: [] },
    ...{ inTime: [], late: {} },
  },
})

it('which order of a day is beyond the limit goes by when it was done, not by its number', () => {
  const orders = inOrder([
    order('1003', '2026-11-02T09:00:00.000Z', 'repair'),
    order('1001', '2026-11-02T11:00:00.000Z', 'install'),
    order('1002', '2026-11-02T10:00:00.000Z', 'repair'),
    order('1004', '2026-11-03T08:00:00.000Z', 'repair'),
  ])
  expect(orders.map(({ code }) => code)).toEqual(['1003', '1002', '1001', '1004'])
  expect(counted(orders, { from: 3, split: 'each' }).evidence).toEqual({ orders: ['1001'] })
})

it('orders done at the same moment are taken by their numbers', () => {
  const at = '2026-11-02T09:00:00.000Z'
  const orders = inOrder([order('1002', at, 'repair'), order('1001', at, 'repair')])
  expect(orders.map(({ code }) => code)).toEqual(['1001', '1002'])
})
