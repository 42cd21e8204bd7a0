import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { builtService, eventually, newFolder, newPlace, Outside, Service, teamsFile } from '../support/process.ts'

beforeAll(() => builtService())

/** A platform and a service that can be started on it again and again. */
async function shop({ onTestFinished }: TestContext) {
  const outside = await Outside.open()
  const place = await newPlace()
  const started: Service[] = []
  onTestFinished(async () => {
    for (const service of started) await service.kill('SIGKILL')
    await outside.close()
    await place.remove()
  })
  const start = async (more: Record<string, string> = {}) => {
    const service = await Service.start({ ...outside.env(), ...place.env, TEAMS_FILE: teamsFile(), ...more })
    started.push(service)
    outside.doors = [service.url]
    return service
  }
  return { outside, start }
}

const rows = async (service: Service, status: string) =>
  (await service.api<{ items: object[] }>('GET', `/outbox?status=${status}`)).body.items

describe('the service killed with SIGKILL', () => {
  it.concurrent('between commit and send: started again it sends the card, once', async context => {
    const { outside, start } = await shop(context)
    const release = outside.sandbox.fail({ api: 'message/send', hangMs: 60_000, errcode: -1 })
    const first = await start()
    const code = await first.order('张三')
    await eventually(async () => expect(await rows(first, 'sending')).toHaveLength(1))
    await first.kill('SIGKILL')
    expect(outside.cards('zhangsan')).toEqual([])
    release()

    const second = await start()
    await eventually(() => expect(outside.cards('zhangsan')).toHaveLength(1), 40_000)
    expect(await outside.tap('zhangsan', '接单', code)).toBe('answered')
    expect((await second.timeline(code)).map(({ fact }) => fact)).toEqual(['created', 'dispatched', 'accepted'])
    expect(outside.cards('zhangsan').map(({ text }) => text)).toEqual([expect.stringContaining('待联系')])
    expect(second.errors).toEqual([])
  })

  it.concurrent('between send and the platform’s answer: the card stays the only one, and works', async context => {
    const { outside, start } = await shop(context)
    const first = await start()
    const killed = new Promise<void>(resolve => {
      const stop = outside.sandbox.onMessage(() => {
        stop()
        void first.kill('SIGKILL').then(() => resolve())
      })
    })
    const code = await first.order('张三')
    await killed
    expect(outside.cards('zhangsan')).toHaveLength(1)

    // The card would say something else by now, so that the platform can't know it for the same.
    const second = await start({ POLICY_DIR: otherLimits() })
    await eventually(async () => {
      expect(await rows(second, 'sending')).toEqual([])
      expect(await rows(second, 'waiting')).toEqual([])
    }, 40_000)
    expect(await rows(second, 'dead')).toEqual([])
    expect(await outside.tap('zhangsan', '接单', code)).toBe('answered')
    expect(outside.cards('zhangsan').map(({ text }) => text)).toEqual([expect.stringContaining('待联系')])
    expect(second.errors).toEqual([])
  })
})

function otherLimits(): string {
  const folder = newFolder()
  cpSync('src/policy/packs', folder, { recursive: true })
  const file = join(folder, 'default.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('within: 15m', 'within: 45m'))
  return folder
}
