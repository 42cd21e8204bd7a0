import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MovableClock, systemClock } from '../../src/now.ts'
import { cert, key } from '../support/selfsigned.ts'
import { type Env, Site } from './site.ts'

let site: Site
let right: Env
beforeEach(async () => {
  site = await Site.open()
  right = site.wecomEnv()
  site.deploy(right)
})
afterEach(() => site.close())

/** The same with other letters: right in form, wrong in fact. */
const other = (text = '') =>
  text.replace(/^(.)(.*)$/s, (_, first: string, rest: string) => `${first === 'x' ? 'y' : 'x'}${rest}`)

const ahead = (ms: number) => {
  const clock = new MovableClock()
  clock.forward(ms)
  return clock
}

describe('the doctor and WeCom', () => {
  it('finds nothing where all is right, having looked at everything', async () => {
    const { journal } = await site.examine(right)
    expect(journal.findings).toEqual([])
    expect(journal.looked.map(({ name }) => name)).toEqual([
      ...['config', 'service', 'data', 'public', 'wecom-credentials', 'wecom-app', 'wecom-callback'],
      ...['wecom-bot', 'wecom-login', 'wecom-leave', 'wecom-checkin'],
    ])
    expect(journal.skipped).toEqual([
      { name: 'database', why: 'nothing' },
      { name: 'wecom-people', why: 'no-database' },
      { name: 'wecom-robots', why: 'no-database' },
    ])
  })

  it.each<[string, (env: Env) => Env]>([
    ['wecom.corp-id', env => ({ ...env, WECOM_CORP_ID: 'ww0000000000000000' })],
    ['wecom.secret', env => ({ ...env, WECOM_SECRET: other(env.WECOM_SECRET) })],
    ['wecom.agent-id', env => ({ ...env, WECOM_AGENT_ID: '1000009' })],
    ['wecom.callback-token', env => ({ ...env, WECOM_TOKEN: other(env.WECOM_TOKEN) })],
    ['wecom.callback-key', env => ({ ...env, WECOM_AES_KEY: other(env.WECOM_AES_KEY) })],
    ['wecom.bot-secret', env => ({ ...env, WECOM_BOT_SECRET: other(env.WECOM_BOT_SECRET) })],
    ['wecom.bot-unreachable', env => ({ ...env, WECOM_BOT_WS_URL: 'ws://127.0.0.1:9' })],
    ['wecom.leave-template', env => ({ ...env, WECOM_LEAVE_TEMPLATE_ID: other(env.WECOM_LEAVE_TEMPLATE_ID) })],
    ['wecom.unreachable', env => ({ ...env, WECOM_API_BASE: 'http://127.0.0.1:9' })],
  ])('a wrong setting is %s', async (code, seed) => {
    // With another CorpID the callback cannot be opened either: the first finding is the one to mend.
    expect((await site.codes(seed(right)))[0]).toBe(code)
    expect(await site.codes(right)).toEqual([])
  })

  it.each<[string, () => unknown]>([
    ['wecom.ip', () => Object.assign(site.wecom, { trustedIps: ['203.0.113.7'] })],
    ['wecom.agent-disabled', () => Object.assign(site.wecom, { disabled: true })],
    ['wecom.range-empty', () => Object.assign(site.wecom, { visible: [] })],
    ['wecom.approval-permission', () => Object.assign(site.wecom, { notCallable: ['approval'] })],
    ['wecom.checkin-permission', () => Object.assign(site.wecom, { notCallable: ['checkin'] })],
    ['wecom.leave-form', () => site.sandbox.editTemplate({ extra: '工号' })],
    [
      'wecom.login-domain',
      () => {
        site.trustedHost = 'other.example'
      },
    ],
    ['wecom.limited', () => site.sandbox.fail({ api: 'gettoken', errcode: 45009 })],
    ['wecom.approvals-off', () => site.sandbox.fail({ api: 'oa/gettemplatedetail', errcode: 301056 })],
    ['wecom.bot-refused', () => site.sandbox.fail({ api: 'aibot_subscribe', errcode: 853006, errmsg: 'no' })],
    ['wecom.refused', () => site.sandbox.fail({ api: 'agent/get', errcode: 50003, errmsg: 'agent is stopped' })],
  ])('what the administrator has to set is %s', async (code, seed) => {
    seed()
    expect(await site.codes(right)).toEqual([code])
  })

  it('names the address that WeCom saw and the page where it is entered', async () => {
    site.wecom.trustedIps = []
    const { printed } = await site.examine(right)
    expect(printed).toContain(
      [
        '✗ [wecom.ip] 企业微信不让这台机器调用接口（60020）：它看到的地址是 127.0.0.1。',
        '  怎么改：管理后台 → 应用管理 → 自建 → 派工 → 企业可信IP，加上 127.0.0.1，约一分钟生效（要先保存好「设置API接收」或可信域名）。',
      ].join('\n'),
    )
  })

  it.each<[string, number]>([
    ['clock.off', 90_000],
    ['clock.far', 400_000],
  ])('a clock that is wrong is %s', async (code, ms) => {
    const clock = ahead(ms)
    site.deploy(right, clock)
    const { journal } = await site.examine(right, { clock })
    expect(journal.findings.map(one => one.code)).toEqual([code])
    expect(Math.abs(Number(journal.findings[0]?.facts.seconds) - ms / 1_000)).toBeLessThan(3)
    expect(await site.codes(right, { clock: systemClock })).not.toContain(code)
  })

  it.each<[string, () => unknown]>([
    ['door.no-service', () => answer(502, '<html>Bad Gateway</html>')],
    ['door.redirect', () => answer(301, '', { location: 'https://www.paigong.example/wecom/callback' })],
    ['door.elsewhere', () => answer(404, '<html>nginx</html>')],
    ['door.elsewhere', () => answer(200, '<html>Welcome</html>')],
    ['door.elsewhere', () => answer(401, 'Authorization Required', { 'www-authenticate': 'Basic' })],
    [
      'door.unreachable',
      () => {
        site.leadsTo = 'http://127.0.0.1:9'
      },
    ],
  ])('a callback address that leads astray is %s', async (code, seed) => {
    seed()
    const { journal } = await site.examine(right)
    const codes = journal.findings.map(one => one.code)
    // Where the way itself is broken it is said once; where something else answers, each thing that does not come through.
    expect(codes).toEqual(code === 'door.elsewhere' ? ['public.pages-path', code, 'public.login-path'] : [code])
  })

  it('a callback that takes longer than the platform waits is door.slow', async () => {
    const clock = new MovableClock()
    const env = { ...right, WECOM_LOGIN: 'off' }
    site.deploy(env, clock)
    const slow = (ms: number) => {
      site.proxy = () => {
        clock.forward(ms)
        return false
      }
    }
    slow(500)
    expect(await site.codes(env, { clock })).toEqual([])
    slow(1_001)
    expect(await site.codes(env, { clock })).toEqual(['door.slow'])
  })

  it('a certificate nobody trusts is named', async () => {
    const server = createServer({ cert, key }, (_, res) => res.end())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    site.leadsTo = `https://localhost:${(server.address() as AddressInfo).port}`
    const { journal } = await site.examine({ ...right, WECOM_LOGIN: 'off' })
    expect(journal.findings).toEqual([
      {
        code: 'door.certificate',
        facts: { url: 'https://paigong.example/p/doctor', why: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      },
    ])
    server.close()
  })

  it('payslips and ratings must come through the proxy, too', async () => {
    site.proxy = (req, res) => {
      if (!req.url?.startsWith('/public/p/')) return false
      res.writeHead(404, { 'content-type': 'text/html' }).end('<html>nginx</html>')
      return true
    }
    expect(await site.codes(right)).toEqual(['public.pages-path'])
  })

  it('the sign-in pages must come through the proxy as well', async () => {
    site.proxy = (req, res) => {
      if (!req.url?.startsWith('/public/session')) return false
      res.writeHead(404, { 'content-type': 'text/html' }).end('<html>nginx</html>')
      return true
    }
    expect(await site.codes(right)).toEqual(['public.login-path'])
  })

  it.each([
    ['http://paigong.example', ['public.not-https']],
    ['http://192.168.1.5:3000', ['public.not-https', 'public.private']],
    ['https://localhost', ['public.private']],
  ])('PUBLIC_URL %s is seen to be wrong', async (PUBLIC_URL, codes) => {
    expect((await site.codes({ ...right, PUBLIC_URL })).slice(0, codes.length)).toEqual(codes)
  })

  it('a bot that calls back is asked at its own door', async () => {
    const { WECOM_BOT_SECRET: _, ...rest } = right
    const env = { ...rest, WECOM_BOT_TOKEN: 'BotTokenOfTheTest', WECOM_BOT_AES_KEY: 'a'.repeat(43) }
    site.deploy(env)
    expect(await site.codes(env)).toEqual([])
    expect(await site.codes({ ...env, WECOM_BOT_TOKEN: 'AnotherBotToken' })).toEqual(['wecom.bot-callback-token'])
    expect(await site.codes({ ...env, WECOM_BOT_AES_KEY: 'b'.repeat(43) })).toEqual(['wecom.bot-callback-key'])
  })

  it('what depends on something wrong is left out and said to be', async () => {
    const { journal } = await site.examine({ ...right, WECOM_SECRET: other(right.WECOM_SECRET) })
    expect(journal.findings.map(({ code }) => code)).toEqual(['wecom.secret'])
    expect(journal.skipped).toEqual([
      { name: 'database', why: 'nothing' },
      ...['wecom-app', 'wecom-people', 'wecom-leave', 'wecom-checkin'].map(name => ({ name, why: 'earlier' })),
      { name: 'wecom-robots', why: 'no-database' },
    ])
  })

  it('says nothing to anybody and leaves the bot to whoever has it', async () => {
    await site.examine(right)
    expect(site.sandbox.state().messages).toEqual([])
    expect(site.sandbox.log().filter(({ what }) => what === 'aibot_subscribe')).toHaveLength(1)
    expect(site.sandbox.state().botOnline).toBe(false)
  })

  function answer(status: number, body: string, headers: Record<string, string> = {}): void {
    site.proxy = (_, res) => {
      res.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body)
      return true
    }
  }
})
