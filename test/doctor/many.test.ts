import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Env, Site } from './site.ts'

let site: Site
beforeEach(async () => {
  site = await Site.open()
})
afterEach(() => site.close())

/** The same length, other letters. */
const other = (text = '') => `${text.startsWith('x') ? 'y' : 'x'}${text.slice(1)}`

it('fifteen things wrong at once on both platforms: each is named, with its fix, and none of the secrets', async () => {
  const right: Env = { ...site.wecomEnv(), ...site.dingtalkEnv(), PLATFORMS: 'wecom,dingtalk' }
  site.deploy(right)
  expect(await site.codes(right)).toEqual([])
  mkdirSync(join(site.dataDir, 'rules'))
  writeFileSync(join(site.dataDir, 'rules', 'default.yaml'), 'name: default\nversion: x\n')
  Object.assign(site.wecom, { disabled: true, notCallable: ['checkin'], visible: [] })
  Object.assign(site.dingtalk, { notGranted: ['qyapi_get_member_by_mobile'] })
  site.trustedHost = 'elsewhere.example'
  const { journal, printed } = await site.examine({
    ...right,
    ...{ POLICY_DIR: join(site.dataDir, 'rules'), TEAMS_FILE: join(site.dataDir, 'nowhere.yaml') },
    ...{ WECOM_TOKEN: other(right.WECOM_TOKEN), WECOM_BOT_SECRET: other(right.WECOM_BOT_SECRET) },
    WECOM_LEAVE_TEMPLATE_ID: other(right.WECOM_LEAVE_TEMPLATE_ID),
    ...{ DINGTALK_CORP_ID: 'ding00000000000000000000000000000000', DINGTALK_ROBOT_CODE: 'a-robot-of-nobody' },
    ...{ DINGTALK_CARD_TEMPLATE_ID: 'none-of-ours.schema', DINGTALK_EVENT_AES_KEY: 'b'.repeat(43) },
  })
  expect(journal.findings.map(({ code }) => code)).toEqual([
    ...['rules.unreadable', 'teams.unreadable', 'wecom.agent-disabled', 'wecom.range-empty', 'wecom.callback-token'],
    ...['wecom.bot-secret', 'wecom.login-domain', 'wecom.leave-template', 'wecom.checkin-permission'],
    ...['dingtalk.corp-id', 'dingtalk.robot-code', 'dingtalk.permission', 'dingtalk.card-template'],
    ...['dingtalk.event-key', 'dingtalk.login-redirect'],
  ])
  expect(printed.match(/^ {2}怎么改：.*[。；]$/gm)).toHaveLength(15)
  expect(printed.match(/^ {2}Fix: .*[.]$/gm)).toHaveLength(15)
})
