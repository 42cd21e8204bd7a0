import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatabaseLook, Kept } from '../../src/db/look.ts'
import { type Env, Site } from './site.ts'

/** What the doctor makes of what the service keeps in its database. */

let site: Site
beforeEach(async () => {
  site = await Site.open()
})
afterEach(() => site.close())

/** On a database server, which is looked into as the test says. */
function deployed(env: Env): Env {
  site.deploy(env)
  return { ...env, DATABASE_URL: 'postgresql://db.example/paigong' }
}

const accounts = (platform: string, zhang: string, li: string): Kept['accounts'] => [
  { platform, userId: zhang, name: '张三' },
  { platform, userId: li, name: '李四' },
]

/** Two people on each platform, a team on the default rules. */
function kept(more: Partial<Kept> = {}): { look: () => Promise<DatabaseLook> } {
  const kept: Kept = {
    accounts: [...accounts('wecom', 'zhangsan', 'lisi'), ...accounts('dingtalk', 'Dd7002zhang', 'Dd7003li')],
    ...{ robots: [], leases: [], counters: [], teams: [{ name: '一班', policy: 'default' }], books: [] },
    ...more,
  }
  const look: DatabaseLook = {
    ...{ kind: 'server', version: 15, encoding: 'UTF8', readOnly: false, mayCreate: true, aheadMs: 0 },
    ...{ migrations: { applied: 3, missing: [] }, kept },
  }
  return { look: async () => look }
}

const robot = (platform: string, key: string, secret: string | null) =>
  kept({ robots: [{ team: '一班', platform, key, secret }] })

describe('the doctor and what the service knows', () => {
  it('finds nothing where all is right, and looks at people and rule books, too', async () => {
    const wecom = (await site.examine(deployed(site.wecomEnv()), kept())).journal
    const dingtalk = (await site.examine(deployed(site.dingtalkEnv()), kept())).journal
    expect([...wecom.findings, ...dingtalk.findings]).toEqual([])
    expect(wecom.looked.map(({ name }) => name)).toEqual(expect.arrayContaining(['rules', 'wecom-people']))
    expect(dingtalk.looked.map(({ name }) => name)).toContain('dingtalk-people')
    expect([wecom.skipped, dingtalk.skipped]).toEqual([
      [{ name: 'wecom-robots', why: 'nothing' }],
      [{ name: 'dingtalk-robots', why: 'nothing' }],
    ])
  })

  it('names people the app does not see, and people the platforms do not know', async () => {
    site.wecom.visible = ['zhangsan']
    const { journal } = await site.examine(deployed(site.wecomEnv()), kept())
    expect(journal.findings).toEqual([{ code: 'wecom.person-unseen', facts: { names: '李四' } }])
    const gone = kept({ accounts: [...accounts('wecom', 'zhangsan', 'gone'), ...accounts('dingtalk', 'gone', 'gone')] })
    expect(await site.codes(deployed(site.wecomEnv()), gone)).toEqual(['wecom.person-unknown'])
    expect((await site.examine(deployed(site.dingtalkEnv()), gone)).journal.findings).toEqual([
      { code: 'dingtalk.person-unknown', facts: { names: '张三、李四' } },
    ])
  })

  it('asks each group robot without a word in the group', async () => {
    const { webhookKey } = site.sandbox.credentials
    const { webhookToken, webhookSecret } = site.sandbox.dingtalk.credentials
    const wecom = deployed(site.wecomEnv())
    expect(await site.codes(wecom, robot('wecom', webhookKey, null))).toEqual([])
    expect(await site.codes(wecom, robot('wecom', 'a-key-of-nobody', null))).toEqual(['wecom.group-robot'])
    const dingtalk = deployed(site.dingtalkEnv())
    const wrong = ['dingtalk.group-robot']
    expect(await site.codes(dingtalk, robot('dingtalk', webhookToken, webhookSecret))).toEqual([])
    expect(await site.codes(dingtalk, robot('dingtalk', webhookToken, 'SECother'))).toEqual(wrong)
    expect(await site.codes(dingtalk, robot('dingtalk', 'a-token-of-nobody', null))).toEqual(wrong)
    expect(site.sandbox.state().messages).toEqual([])
  })

  it('leaves the bot to an instance elsewhere that holds it', async () => {
    const env = deployed(site.wecomEnv())
    const { journal } = await site.examine(env, kept({ leases: [`wecom-bot:${env.WECOM_BOT_ID}`] }))
    expect(journal.skipped).toContainEqual({ name: 'wecom-bot', why: 'running' })
    expect(site.sandbox.log().some(({ what }) => what === 'aibot_subscribe')).toBe(false)
  })

  it('says when the month’s allowance is nearly used up', async () => {
    const env = deployed(site.dingtalkEnv())
    const month = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(site.clock.now()).slice(0, 7)
    const counted = (value: number) => kept({ counters: [{ name: `dingtalk:pushes:${month}`, value }] })
    expect(await site.codes(env, counted(2_549))).toEqual([])
    expect(await site.codes(env, counted(2_550))).toEqual(['dingtalk.quota-low'])
  })

  it('names a team whose rule book is gone, not one whose book was published in the console', async () => {
    const env = deployed(site.wecomEnv())
    const teams = [{ name: '一班', policy: 'elsewhere' }]
    expect(await site.codes(env, kept({ teams }))).toEqual(['rules.unknown'])
    expect(await site.codes(env, kept({ teams, books: ['elsewhere'] }))).toEqual([])
  })
})
