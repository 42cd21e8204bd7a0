import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { builtService, eventually, newFolder, newPlace, Outside, Service, teamsFile } from '../support/process.ts'
import { Receiver } from '../support/receiver.ts'
import { cert } from '../support/selfsigned.ts'

beforeAll(() => builtService())

/** A service that can be started again and again, and a program that hears of orders over https. */
async function shop({ onTestFinished }: TestContext) {
  const outside = await Outside.open()
  const place = await newPlace()
  const at = await Receiver.open({ secure: true })
  const started: Service[] = []
  onTestFinished(async () => {
    for (const service of started) await service.kill('SIGKILL')
    await at.close()
    await outside.close()
    await place.remove()
  })
  const trusted = join(newFolder(), 'ca.pem')
  writeFileSync(trusted, cert)
  const start = async () => {
    const service = await Service.start({
      ...{ ...outside.env(), ...place.env, TEAMS_FILE: teamsFile() },
      ...{ WEBHOOK_ALLOW: 'localhost', NODE_EXTRA_CA_CERTS: trusted },
    })
    started.push(service)
    outside.doors = [service.url]
    return service
  }
  const subscribe = async (service: Service): Promise<string> => {
    const given = { url: at.url, events: ['order.opened'] }
    const { body } = await service.api<{ id: string; secret: string }>('POST', '/webhooks', given)
    at.secrets = [body.secret]
    return body.id
  }
  return { at, start, subscribe }
}

describe('the service killed with SIGKILL', () => {
  it.concurrent('while a message is on its way: started again it sends it again, under the same id', async context => {
    const { at, start, subscribe } = await shop(context)
    at.answer = 'hang'
    const first = await start()
    const hook = await subscribe(first)
    const code = await first.order()
    await eventually(() => expect(at.got).toHaveLength(1))
    await first.kill('SIGKILL')
    at.answer = 204

    const second = await start()
    await eventually(() => expect(at.got).toHaveLength(2), 60_000)
    const [once, again] = at.got
    expect(again).toMatchObject({ id: once?.id, type: 'order.opened', data: { order: { code, state: 'new' } } })
    await eventually(async () => {
      const { body } = await second.api<{ items: object[] }>('GET', `/webhooks/${hook}/deliveries`)
      expect(body.items).toMatchObject([{ id: once?.id, state: 'delivered', attempts: 1 }])
    })
    expect([second.errors, second.output.includes('whsec_')]).toEqual([[], false])
  })

  it.concurrent('at any moment: every order that was answered for is told', async context => {
    const { at, start, subscribe } = await shop(context)
    const first = await start()
    await subscribe(first)
    const codes: string[] = []
    const opening = Array.from({ length: 4 }, async () => {
      for (;;) codes.push(await first.order())
    })
    const stopped = Promise.allSettled(opening)
    await eventually(() => expect(codes.length).toBeGreaterThan(12))
    await first.kill('SIGKILL')
    await stopped

    const second = await start()
    await eventually(() => {
      const told = new Set(at.got.map(({ data }) => data.order?.code))
      expect(codes.filter(code => !told.has(code))).toEqual([])
    }, 60_000)
    expect(second.errors).toEqual([])
  })
})
