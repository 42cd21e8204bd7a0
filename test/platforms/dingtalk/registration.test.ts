import { describe, expect, it } from 'vitest'
import { Permanent, Temporary } from '../../../src/errors.ts'
import type { Api } from '../../../src/platforms/dingtalk/api.ts'
import { Registration } from '../../../src/platforms/dingtalk/registration.ts'
import { frozenClock, keptLog, minute, start } from './help.ts'

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

/** Before an API that answers as told, one answer after the other; without one it never does. */
function made(...answers: Array<Error | object>) {
  const calls: object[] = []
  const alarms: Array<{ work: () => void; ms: number }> = []
  const call = (what: object) => {
    calls.push(what)
    const answer = answers.shift()
    if (!answer) return new Promise(() => {})
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  const timers = {
    set(work: () => void, ms: number) {
      const alarm = { work, ms }
      alarms.push(alarm)
      return () => void alarms.splice(alarms.indexOf(alarm), 1)
    },
  }
  const [clock, log] = [frozenClock(), keptLog()]
  const registration = new Registration({
    ...{ api: { call } as unknown as Api, timers, clock, log, routeKey: 'paigong' },
    ...{ url: 'https://paigong.example/dingtalk/card', secret: 'PLANTED' },
  })
  const again = async () => {
    alarms.pop()?.work()
    await turns()
  }
  return { registration, calls, alarms, clock, log, again }
}

describe('the address for taps', () => {
  it('is told to DingTalk once it is taken', async () => {
    const { registration, calls, alarms } = made({ success: true })
    registration.open()
    await turns()
    expect(calls).toEqual([
      {
        ...{ api: 'card/register', path: '/v1.0/card/callbacks/register' },
        body: {
          ...{ callbackRouteKey: 'paigong', callbackUrl: 'https://paigong.example/dingtalk/card' },
          ...{ apiSecret: 'PLANTED', forceUpdate: true },
        },
      },
    ])
    expect(alarms).toEqual([])
    expect(registration.problems()).toEqual([])
  })

  it('is told every minute until it is taken, and shown meanwhile', async () => {
    const permanent = new Permanent('route-taken', 'it is taken')
    const { registration, calls, alarms, clock, log, again } = made(new Temporary('busy', 'it is busy'), permanent, {})
    registration.open()
    await turns()
    for (const why of ['it is busy', 'it is taken']) {
      expect(registration.problems()).toMatchObject([
        {
          code: 'no-card-route',
          since: start,
          what: expect.stringContaining(why),
          fix: expect.stringMatching('https://paigong.example'),
        },
      ])
      expect(alarms.map(({ ms }) => ms)).toEqual([minute])
      clock.forward(minute)
      await again()
    }
    expect(calls).toHaveLength(3)
    expect(alarms).toEqual([])
    expect(registration.problems()).toEqual([])
    expect(log.lines.join()).not.toContain('PLANTED')
  })

  it('is not told any more once the service closes', async () => {
    const { registration, alarms } = made(new Temporary('busy', 'it is busy'))
    registration.open()
    await turns()
    expect(alarms).toHaveLength(1)
    registration.close()
    expect(alarms).toEqual([])
  })

  it('is not told again when the answer comes after that', async () => {
    const { registration, alarms, calls } = made(new Temporary('busy', 'it is busy'))
    registration.open()
    registration.close()
    await turns()
    expect(calls).toHaveLength(1)
    expect(alarms).toEqual([])
  })
})
