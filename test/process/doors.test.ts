import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Knock, pathOf, type Sealing, sealedWords } from '../attack/sealed.ts'
import {
  token as apiToken,
  builtService,
  eventually,
  killAll,
  newPlace,
  Outside,
  type Place,
  Service,
  teamsFile,
} from '../support/process.ts'

let outside: Outside
let place: Place
let service: Service
let code: string

beforeAll(async () => {
  await builtService()
  outside = await Outside.open()
  place = await newPlace()
  service = await start()
  code = await service.order('张三')
  await eventually(() => expect(outside.cards('zhangsan')).toHaveLength(1))
})
afterAll(async () => {
  await killAll()
  await outside.close()
  await place.remove()
})

async function start(): Promise<Service> {
  const started = await Service.start({ ...outside.env(), ...place.env, TEAMS_FILE: teamsFile() })
  outside.doors = [started.url]
  return started
}

const sealed = (more: Sealing = {}) => sealedWords(outside, `接单 ${code}`, more)

async function post(knock: Knock): Promise<number> {
  const answer = await fetch(`${service.url}${pathOf(knock)}`, { method: 'POST', body: knock.body })
  const words = await answer.text()
  if (answer.status !== 200) expect(words.length).toBeLessThan(20)
  return answer.status
}

async function counts(): Promise<Record<string, number>> {
  const { code: ended } = await service.kill('SIGTERM')
  expect(ended).toBe(0)
  const { prisma, close } = await place.open()
  const [inbox, order, journal, outbox] = [
    await prisma.inbox.count(),
    await prisma.order.count(),
    await prisma.journal.count(),
    await prisma.outbox.count(),
  ]
  await close()
  return { inbox, order, journal, outbox }
}

const refusedSoFar = () => service.metric('paigong_door_refused_total{')

describe('the callback door of a running service', () => {
  it('lets nothing in that is forged, old, torn or too large, counts it, and stays open for what is true', async () => {
    const before = await counts()
    service = await start()
    const good = sealed()
    const { corpId, token } = outside.sandbox.credentials
    const torn = { ...good, body: good.body.slice(0, good.body.length / 2) }
    const flipped = {
      ...good,
      body: good.body.replace(
        /(<Encrypt>(?:<!\[CDATA\[)?.{40})(.)/,
        (_, head, one) => head + (one === 'A' ? 'B' : 'A'),
      ),
    }
    expect(flipped.body).not.toBe(good.body)
    const knocks: Array<[string, Knock, number]> = [
      ['another token', sealed({ token: 'a-token-that-was-guessed' }), 401],
      ['another key', sealed({ aesKey: `${'x'.repeat(42)}A` }), 403],
      ['another company', sealed({ corpId: 'wwffffffffffffffff' }), 403],
      ['one bit', flipped, 401],
      ['another signature', { ...good, query: { ...good.query, msg_signature: '0'.repeat(40) } }, 401],
      ['another nonce', { ...good, query: { ...good.query, nonce: 'other' } }, 401],
      ['older than five minutes', sealed({ ageSeconds: 301 }), 403],
      ['from the future', sealed({ ageSeconds: -400 }), 403],
      ['torn', torn, 401],
      ['empty', { ...good, body: '' }, 401],
      ['no query', { ...good, query: {} }, 401],
      ['too large', { ...good, body: good.body + ' '.repeat(300_000) }, 413],
    ]
    for (const [what, knock, status] of knocks) expect([what, await post(knock)]).toEqual([what, status])
    const echo = new URLSearchParams({ ...good.query, echostr: 'bm90IHNlYWxlZA==' })
    expect((await fetch(`${service.url}/wecom/callback?${echo}`)).status).toBe(401)
    expect((await fetch(`${service.url}/wecom/callback`, { method: 'PUT', body: good.body })).status).toBe(405)
    const asked = await fetch(`${service.url}/api/v1/teams`, { headers: { Authorization: `Bearer ${apiToken}` } })
    expect([asked.status, asked.headers.get('ratelimit-policy')]).toEqual([200, '"default";q=1000;w=60'])
    expect(await refusedSoFar()).toBe(knocks.length + 1)
    expect(service.errors).toEqual([])
    expect(await counts()).toEqual(before)

    service = await start()
    expect(await post(good)).toBe(200)
    await eventually(async () => expect((await service.timeline(code)).at(-1)?.fact).toBe('accepted'))
    const once = await service.timeline(code)
    // The very same bytes again, as someone who listened would send them: acknowledged, and nothing happens.
    for (let time = 0; time < 3; time++) expect(await post(good)).toBe(200)
    expect(await service.timeline(code)).toEqual(once)
    expect(await outside.sandbox.verifyCallback()).toBe(true)
    expect(await refusedSoFar()).toBe(0)
    for (const secret of [...outside.secrets, token, corpId.slice(4)]) expect(service.output).not.toContain(secret)
  })
})
