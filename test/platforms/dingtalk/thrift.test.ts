import { describe, expect, it } from 'vitest'
import type { Recipient } from '../../../src/platforms/platform.ts'
import { benches, hour, minute, planted } from './help.ts'

const bench = benches()
const zhang: Recipient = { kind: 'person', userId: 'zhang3' }
const group: Recipient = { kind: 'group', chatId: 'cid==', via: 'bot' }
const webhook: Recipient = { kind: 'group', via: 'webhook', robot: { key: planted.key } }

async function usedUp(calls: number, more: { refused?: boolean; pushesRefused?: boolean; session?: boolean }) {
  const made = bench()
  for (let n = 0; n < calls; n++) await made.meter.count('calls')
  if (more.refused) await made.meter.refused('calls')
  if (more.pushesRefused) await made.meter.refused('pushes')
  if (more.session) for (const conversation of ['user:zhang3', 'cid==']) made.session(conversation)
  return made
}

describe('with so much of the calls used', () => {
  const live = { session: true }
  const all: string[] = []
  it.each([
    [0, {}, null],
    [69, {}, null],
    [69, live, null],
    [70, {}, { leavesOut: all, exhausted: false }],
    [70, live, { leavesOut: all, exhausted: false }],
    [84, {}, { leavesOut: all, exhausted: false }],
    [85, {}, { leavesOut: ['nice'], exhausted: false }],
    [85, live, { leavesOut: all, exhausted: false }],
    [94, {}, { leavesOut: ['nice'], exhausted: false }],
    [95, {}, { leavesOut: ['nice', 'should'], exhausted: false }],
    [95, live, { leavesOut: all, exhausted: false }],
    [120, {}, { leavesOut: ['nice', 'should'], exhausted: false }],
    [3, { refused: true }, { leavesOut: ['nice', 'should'], exhausted: true }],
    [3, { refused: true, session: true }, { leavesOut: all, exhausted: false }],
    [3, { refused: true, session: true, pushesRefused: true }, { leavesOut: ['nice', 'should'], exhausted: true }],
    [95, { session: true, pushesRefused: true }, { leavesOut: ['nice', 'should'], exhausted: false }],
    [3, { pushesRefused: true }, null],
  ])('%i %% and %j: a person and a group are spared alike, a group’s own robot never', async (calls, more, thrift) => {
    const { speaker } = await usedUp(calls, more)
    for (const to of [zhang, group]) {
      const spared = speaker.thrift(to)
      if (thrift === null) expect(spared).toBeNull()
      else expect(spared).toMatchObject({ ...thrift, remindersEveryMs: 30 * minute })
    }
    expect(speaker.thrift(webhook)).toBeNull()
  })

  it('it says how much', async () => {
    const { speaker } = await usedUp(86, {})
    expect(speaker.thrift(zhang)?.why).toBe('86 % of 100 calls of 2026-11 are used')
  })

  it('another conversation’s session does not count', async () => {
    const made = await usedUp(95, {})
    made.session('user:li4')
    expect(made.speaker.thrift(zhang)).toMatchObject({ leavesOut: ['nice', 'should'] })
    made.session('user:zhang3')
    made.clock.forward(89 * minute)
    expect(made.speaker.thrift(zhang), 'nor one that is over').toMatchObject({ leavesOut: ['nice', 'should'] })
  })
})

describe('what the operator is shown', () => {
  it('begins when it began, and ends when it is over', async () => {
    const made = await usedUp(69, {})
    expect(made.problems()).toEqual([])
    await made.meter.count('calls')
    const since = made.clock.now()
    expect(made.problems()).toMatchObject([{ code: 'calls-run-short', since, what: expect.stringContaining('70 %') }])
    made.clock.forward(hour)
    await made.meter.refused('calls')
    await made.meter.refused('pushes')
    expect(made.problems()).toMatchObject([
      { code: 'calls-used-up', since: made.clock.now(), fix: expect.stringContaining('增购包') },
      { code: 'pushes-used-up', since: made.clock.now() },
    ])
    const refusedAt = made.clock.now()
    made.clock.forward(minute)
    expect(made.problems()).toMatchObject([{ since: refusedAt }, { since: refusedAt }])
    made.clock.forward(30 * 24 * hour)
    expect(made.problems(), 'a new month').toEqual([])
  })
})
