import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.stop())

const places = { app: 'open/connect/oauth2/authorize', browser: 'login/wwlogin/sso/login' }
type Place = keyof typeof places

function asked(place: Place): Record<string, string> {
  const { corpId, agentId } = world.sandbox.credentials
  const own: Record<string, string> =
    place === 'app' ? { response_type: 'code', scope: 'snsapi_base' } : { login_type: 'CorpApp' }
  return { appid: corpId, agentid: String(agentId), redirect_uri: `${world.base}/back?x=1`, state: 's1', ...own }
}

const page = (place: Place, query: Record<string, string>) =>
  fetch(`${world.base}/sandbox/wecom/${places[place]}?${new URLSearchParams(query)}`, { redirect: 'manual' })
const who = async (code: string) =>
  world.api('auth/getuserinfo', undefined, { code, access_token: await world.token() })

async function codeOf(place: Place, as: string): Promise<URL> {
  const answer = await page(place, { ...asked(place), as })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}

describe.each(['app', 'browser'] as const)('signing in with WeCom, %s', place => {
  it('sends back with a code that is good once', async () => {
    const target = await codeOf(place, 'lisi')
    expect([target.origin, target.searchParams.get('x'), target.searchParams.get('state')]).toEqual([
      ...[world.base, '1', 's1'],
    ])
    const code = target.searchParams.get('code') ?? ''
    expect(await who(code)).toMatchObject({ errcode: 0, userid: 'lisi' })
    expect(await who(code)).toMatchObject({ errcode: 40029 })
    expect(JSON.stringify(world.sandbox.log())).not.toContain(code)
  })

  it('gives a code five minutes', async () => {
    const [good, late] = [await codeOf(place, 'lisi'), await codeOf(place, 'lisi')]
    world.clock.forward(300_000)
    expect(await who(good.searchParams.get('code') ?? '')).toMatchObject({ userid: 'lisi' })
    world.clock.forward(1)
    expect(await who(late.searchParams.get('code') ?? '')).toMatchObject({ errcode: 40029 })
  })

  it('asks who, with a link for everybody that leads on', async () => {
    const choosing = await page(place, { ...asked(place), state: 's2' })
    expect(choosing.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await choosing.text()
    const links = [...html.matchAll(/href="([^"]+)"><b>([^<]+)</g)]
    expect(links.map(([, , name]) => name)).toEqual(['赵派工', '张三', '李四', '王经理'])
    const href = (links[1]?.[1] ?? '').replaceAll('&#38;', '&')
    const answer = await fetch(`${world.base}${href}`, { redirect: 'manual' })
    const target = new URL(answer.headers.get('location') ?? '')
    expect(target.searchParams.get('state')).toBe('s2')
    expect(await who(target.searchParams.get('code') ?? '')).toMatchObject({ userid: 'zhangsan' })
  })

  it.each([
    { appid: 'wwother' },
    { redirect_uri: 'https://elsewhere.example/' },
    { redirect_uri: 'javascript:alert(1)' },
    { redirect_uri: '' },
    place === 'app' ? { scope: 'snsapi_privateinfo' } : { login_type: 'ServiceApp' },
    place === 'app' ? { response_type: 'token' } : { agentid: '7' },
    ...(place === 'app' ? [{ state: 'a-b' }] : []),
  ])('refuses %o', async more => {
    const answer = await page(place, { ...asked(place), as: 'lisi', ...more })
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })
})

it('knows the hosts that are entered in the console, and no other', async () => {
  await world.stop()
  world = await makeWorld({ trustedHosts: () => ['paigong.example'] })
  const to = (redirect_uri: string) => page('app', { ...asked('app'), as: 'lisi', redirect_uri })
  expect((await to('https://paigong.example/back')).status).toBe(302)
  expect((await to(`${world.base}/back`)).status).toBe(400)
  expect((await to('https://paigong.example.evil.example/back')).status).toBe(400)
  expect((await to('https://paigong.example@evil.example/back')).status).toBe(400)
})

it('wants an access token for the exchange', async () => {
  const code = (await codeOf('app', 'lisi')).searchParams.get('code') ?? ''
  expect(await world.api('auth/getuserinfo', undefined, { code, access_token: 'x' })).toMatchObject({ errcode: 40014 })
})
