import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { type Balancer, openBalancer } from '../support/balancer.ts'
import {
  builtService,
  Client,
  eventually,
  killAll,
  newPlace,
  Outside,
  type Place,
  Service,
  teamsFile,
  token,
} from '../support/process.ts'

/** Cards of 李四's. */
const prepared = 15

let outside: Outside
let place: Place
let proxy: Balancer

beforeAll(() => builtService())
beforeEach(async () => {
  // Nothing is delivered a second time: what is refused once counts.
  outside = await Outside.open({ timing: { retries: 0 } })
  place = await newPlace()
  proxy = await openBalancer()
})
afterEach(async () => {
  await killAll()
  await proxy.close()
  await outside.close()
  await place.remove()
})

const start = (drainSeconds: number) =>
  Service.start({
    ...outside.env({ bot: true }),
    ...place.env,
    TEAMS_FILE: teamsFile(),
    DRAIN_SECONDS: String(drainSeconds),
  })

describe('an instance that is told to end', () => {
  it('is not ready any more, answers what still comes, and ends when all is answered', async () => {
    const service = await start(3)
    const ready = async () => {
      const answer = await fetch(`${service.url}/health/ready`)
      return { status: answer.status, connection: answer.headers.get('connection'), body: await answer.text() }
    }
    await eventually(async () => expect(await ready()).toMatchObject({ status: 200, connection: 'keep-alive' }))
    const slow = await slowOrder(service.url)
    const ended = service.kill('SIGTERM')
    await eventually(async () => expect((await ready()).status).toBe(503))
    expect(await ready()).toMatchObject({ connection: 'close', body: expect.stringContaining('"code":"leaving"') })
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200)
    expect(await service.order('张三')).toMatch(/^\d{4}$/)
    await eventually(() => expect(fetch(`${service.url}/health/live`)).rejects.toThrow('fetch failed'))
    // A request that was still being sent when the door closed is answered, too.
    expect(await slow.finish()).toBe(201)
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('"msg":"stopped"') })
    expect(service.errors).toEqual([])
  })
})

if (inject('testBase').kind === 'postgres')
  describe('two instances behind a proxy, replaced one after the other under load', () => {
    it('no request is refused, and each that was acknowledged is in the journal once', async () => {
      const running = [await start(5), await start(5)]
      for (const { url } of running) await proxy.add(url)
      outside.doors = [proxy.url]
      const program = new Client(proxy.url)

      // A person gets 30 messages a minute at most: what is tapped has its cards before.
      const cards: string[] = []
      for (let nr = 0; nr < prepared; nr++) cards.push(await program.order('李四'))
      await eventually(() => expect(outside.cards('lisi')).toHaveLength(prepared))

      let over = false
      const codes: string[] = []
      const refused: unknown[] = []
      const outcomes: string[] = []
      /** A program opens orders all the time, and 张三 says of each that he takes it. */
      const talk = async () => {
        while (!over) {
          const code = await program.order('张三').catch(error => void refused.push(inspect(error)))
          if (!code) continue
          codes.push(code)
          outcomes.push(await outside.say('zhangsan', `接单 ${code}`))
        }
      }
      /** 李四 taps his cards, one after the other, for as long as it takes. */
      const tap = async () => {
        for (const code of cards) {
          outcomes.push(await outside.tap('lisi', '接单', `派工单 ${code} `))
          if (!over) await pause(300)
        }
      }
      const loads = Promise.all([talk(), talk(), tap()])
      await eventually(() => expect(outcomes.length).toBeGreaterThan(5))
      const before = outcomes.length
      for (const old of running.slice()) {
        const next = await start(5)
        running.push(next)
        await proxy.add(next.url)
        const { code, output } = await old.kill('SIGTERM')
        expect(code, output).toBe(0)
      }
      const during = outcomes.length - before
      await pause(300)
      over = true
      await loads

      expect({ refused, failed: outcomes.filter(outcome => outcome === 'failed'), proxy: proxy.failures }).toEqual({
        ...{ refused: [], failed: [], proxy: [] },
      })
      expect(during).toBeGreaterThan(20)
      expect(new Set(codes).size).toBe(codes.length)
      // Both of the new ones answered, and what one was told the other one knows.
      expect(proxy.answeredBy(running.slice(2).map(({ url }) => url))).not.toContain(0)
      for (const code of [...cards, ...codes]) {
        const facts = (await program.timeline(code)).map(({ fact }) => fact)
        expect(facts, code).toEqual(['created', 'dispatched', 'accepted'])
      }
      for (const { errors } of running) expect(errors).toEqual([])
    })
  })

/** A request whose body takes its time; resolves when its beginning is sent. */
async function slowOrder(url: string): Promise<{ finish(): Promise<number> }> {
  const body = JSON.stringify({
    ...{ team: '一班', kind: 'repair', fault: '不制冷' },
    customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
  })
  const headers = {
    ...{ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    'Content-Length': Buffer.byteLength(body),
  }
  const sending = request(`${url}/api/v1/orders`, { method: 'POST', headers })
  const status = new Promise<number>((resolve, reject) => {
    sending.on('error', reject)
    sending.on('response', answer => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
  })
  status.catch(() => {})
  await new Promise<void>(resolve => sending.write(body.slice(0, 20), () => resolve()))
  return {
    finish() {
      sending.end(body.slice(20))
      return status
    },
  }
}
