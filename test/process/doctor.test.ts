import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../../src/root.ts'
import { builtService, killAll, newPlace, Outside, type Place, run, Service, teamsFile } from '../support/process.ts'

/** The command as an operator runs it: a process of its own, against the sandbox and a service that runs, or does not. */

const doctor = (env: Record<string, string>, ...args: string[]) =>
  run([join(projectRoot, 'scripts/doctor.mjs'), ...args], { TZ: 'UTC', PATH: process.env.PATH ?? '', ...env })

let outside: Outside
let place: Place
let env: Record<string, string>
let printed = ''

beforeAll(async () => {
  await builtService()
  outside = await Outside.open()
  place = await newPlace()
  env = { ...outside.env({ bot: true }), ...place.env, TEAMS_FILE: teamsFile(), HOST: '127.0.0.1' }
})
afterAll(async () => {
  await killAll()
  await outside.close()
  await place.remove()
})

interface Told {
  ok: boolean
  findings: Array<{ code: string; what: string; fix: string }>
  looked: Array<{ name: string }>
  skipped: Array<{ name: string; why: string }>
}

it('finds nothing where all is right: before the first start, while the service runs, and after it', async () => {
  const before = await doctor({ ...env, PORT: '0' })
  expect([before.code, before.output]).toEqual([0, expect.stringContaining('没有发现问题。')])
  expect(before.output).toContain('✓ 企业微信：智能机器人')

  const service = await Service.start({ ...env, PUBLIC_URL: 'https://paigong.example', WECOM_LOGIN: 'on' })
  const while_ = await doctor({ ...env, PORT: new URL(service.url).port }, '--json')
  const told = JSON.parse(while_.output) as Told
  expect([while_.code, told.ok, told.findings]).toEqual([0, true, []])
  expect(told.skipped).toContainEqual({ name: 'wecom-bot', why: 'running' })
  // Its own doors and pages are all found; what is wrong with such an address is what it is.
  const web = { ...env, PORT: new URL(service.url).port, PUBLIC_URL: service.url, WECOM_LOGIN: 'on' }
  const behind = JSON.parse((await doctor(web, '--json')).output) as Told
  expect(behind.findings.map(one => one.code)).toEqual(['public.not-https', 'public.private', 'wecom.login-domain'])
  expect(behind.looked.map(({ name }) => name)).toContain('wecom-callback')
  const { output, code } = await service.kill('SIGTERM')
  expect(code).toBe(0)
  // It never lost the bot to the doctor.
  expect(output).not.toContain('taken')

  const after = await doctor({ ...env, PORT: '0' }, '--json')
  const last = JSON.parse(after.output) as Told
  expect([after.code, last.findings]).toEqual([0, []])
  expect(last.looked.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'rules', 'wecom-people']))
  printed += before.output + while_.output + after.output
})

it('names what is wrong, in either language, with 1', async () => {
  const wrong = { ...env, PORT: '0', WECOM_AGENT_ID: '1000009', PUBLIC_URL: 'http://127.0.0.1:9' }
  const chinese = await doctor(wrong)
  expect(chinese.code).toBe(1)
  expect(chinese.output).toContain(
    '✗ [wecom.agent-id] WECOM_AGENT_ID 1000009 不是 WECOM_SECRET 那个应用（301002）。\n  怎么改：管理后台 → 应用管理 → 自建 → 派工，',
  )
  expect(chinese.output).toContain(
    '✗ [door.unreachable] 从这台机器打不开 http://127.0.0.1:9/p/doctor（ECONNREFUSED）。',
  )
  expect(chinese.output).toContain('发现 4 个问题')
  const english = await doctor(wrong, '--lang', 'en')
  expect(english.output).toContain(
    '✗ [wecom.agent-id] WECOM_AGENT_ID 1000009 is not the app WECOM_SECRET belongs to (301002).\n  Fix: Copy AgentId and Secret',
  )
  printed += chinese.output + english.output
})

it('says what it can do when it is asked for something else, with 2', async () => {
  const { code, output } = await doctor(env, '--lang', 'fr')
  expect([code, output]).toEqual([2, expect.stringContaining('npm run doctor -- [--lang zh|en] [--json]')])
})

it('printed no secret in all this', () => {
  expect(printed.length).toBeGreaterThan(1_000)
  for (const secret of outside.secrets) expect(printed).not.toContain(secret)
})
