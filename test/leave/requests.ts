import type { CountedDay } from '../../src/leave/count.ts'
import type { LeaveBody, LeaveFact } from '../../src/leave/fact.ts'

export const day = (name: string, from = 0, to = 1440, share = 10_000): CountedDay => ({ day: name, from, to, share })

export type Asked = Extract<LeaveBody, { fact: 'asked' }>

/** A request for 事假, asked on 24 November 2026 at 9:00. */
export const asked = (days: CountedDay[], more: Partial<Asked> = {}): Asked => ({
  ...{ fact: 'asked', kind: 'leave', person: '甲', type: '事假', days, policy: { name: 'test', version: 1 } },
  span: {
    from: { day: days[0]?.day ?? '2026-11-25', minute: days[0]?.from ?? 0 },
    to: { day: days.at(-1)?.day ?? '2026-11-25', minute: days.at(-1)?.to ?? 1440 },
  },
  ...{ reason: '', steps: [{ role: 'manager' }], flags: [] },
  ...more,
})

export const journal = (...bodies: LeaveBody[]): LeaveFact[] =>
  bodies.map((body, index) => ({ seq: index + 1, at: '2026-11-24T01:00:00.000Z', by: null, via: 'text', ...body }))
