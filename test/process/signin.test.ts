import { afterAll, beforeAll, expect, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import {
  builtService,
  killAll,
  newPlace,
  Outside,
  type Place,
  publicHost,
  refused,
  Service,
  teamsFile,
} from '../support/process.ts'

const publicUrl = `https://${publicHost}`
let outside: Outside
let place: Place
let env: Record<string, string>

beforeAll(async () => {
  await builtService()
  outside = await Outside.open()
  place = await newPlace()
  env = { ...outside.env(), ...place.env, TEAMS_FILE: teamsFile(), WECOM_LOGIN: 'on', PUBLIC_URL: publicUrl }
})
afterAll(async () => {
  await killAll()
  await outside.close()
  await place.remove()
})

/** Goes to WeCom's page, to which the real address would lead, and chooses somebody: the way back. */
async function chosen(location: string | null, as: string): Promise<URL> {
  const { search } = new URL(location ?? '')
  const page = `${outside.url}/sandbox/wecom/login/wwlogin/sso/login${search}&as=${as}`
  const answer = await fetch(page, { redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '')
}

it('people sign in to a deployment over https, also while it is restarted, and nothing of it is printed', async () => {
  const first = await Service.start(env)
  const browser = new Browser(first.url)
  expect((await browser.open('/login?next=/console')).location).toBe(`${publicUrl}/login/wecom?next=%2Fconsole`)
  const out = await browser.open('/login/wecom?next=/console')
  expect(out.location).toMatch(/^https:\/\/login\.work\.weixin\.qq\.com\/wwlogin\/sso\/login\?.*login_type=CorpApp/)
  expect(browser.written).toEqual([
    expect.stringMatching(
      /^__Host-paigong_signin=[\w-]+\.[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    ),
  ])
  const inside = await new Browser(first.url, 'Mozilla/5.0 (iPhone) wxwork/4.1.0').open('/login/wecom')
  expect(inside.location).toMatch(/^https:\/\/open\.weixin\.qq\.com\/connect\/oauth2\/authorize\?.*#wechat_redirect$/)
  const back = await chosen(out.location, 'lisi')
  expect(back.origin + back.pathname).toBe(`${publicUrl}/login/wecom/back`)
  const { output: before } = await first.kill('SIGTERM')

  const second = await Service.start(env)
  const again = new Browser(second.url)
  for (const [name, value] of browser.cookies) again.cookies.set(name, value)
  expect((await again.open(`${back.pathname}${back.search}`)).location).toBe('/console')
  const token = again.cookies.get('__Host-paigong') ?? ''
  expect(again.written.findLast(line => line.startsWith('__Host-paigong='))).toBe(
    `__Host-paigong=${token}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=604800`,
  )
  const { csrf, ...session } = (await again.get('/session')).json<{ csrf: string }>()
  expect(session).toMatchObject({ person: { name: '李四' }, platform: 'wecom' })
  // A page of another name is another site, were it the same machine.
  const headers = { 'X-CSRF-Token': csrf }
  expect((await again.post('/logout', undefined, headers)).status).toBe(403)
  expect((await again.post('/logout', undefined, { ...headers, Origin: publicUrl })).status).toBe(204)
  expect((await again.get('/session')).status).toBe(401)
  const { output } = await second.kill('SIGTERM')
  expect(before).toContain(`"wecomLogin":"${publicHost}"`)
  for (const secret of [...back.searchParams.values(), token, csrf, ...outside.secrets])
    expect(before + output).not.toContain(secret)
})

it('a deployment that has no address to come back to does not start', async () => {
  const { PUBLIC_URL: _, ...without } = env
  const { code, output } = await refused(without)
  expect(code).toBe(1)
  expect(output).toContain(
    'PUBLIC_URL: is missing: WECOM_LOGIN is on, and people are sent back there after they signed in',
  )
})
