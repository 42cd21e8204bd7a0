import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import {
  behind,
  brief,
  type CheckupDeps,
  type Found,
  type PlatformFinding,
  type PlatformLook,
  whyNot,
} from '../checkup.ts'
import { sealEnvelope } from '../envelope.ts'
import { hideSecrets } from '../exchange.ts'
import { checkPages, checkPrompt, elsewhere, knock, ourRefusal } from '../publicdoor.ts'
import { subscribeOnce } from './botcheck.ts'
import { CheckRoad } from './checkroad.ts'
import { defaultApiBase, type WecomConfig } from './config.ts'
import { readTemplate } from './leaveform.ts'

/** Members asked for one by one, the newest accounts first. */
const mostPeople = 50

const agentShape = z.looseObject({
  close: z.number().default(0),
  redirect_domain: z.string().default(''),
  allow_userinfos: z.looseObject({ user: z.array(z.unknown()).default([]) }).optional(),
  allow_partys: z.looseObject({ partyid: z.array(z.unknown()).default([]) }).optional(),
  allow_tags: z.looseObject({ tagid: z.array(z.unknown()).default([]) }).optional(),
})

type Agent = z.infer<typeof agentShape>

/**
 * Everything of WeCom that can be set wrong (pages below developer.work.weixin.qq.com/document/path). It asks; it sends
 * nothing to anybody, and leaves the bot to whoever has it.
 */
export async function checkupWecom(config: WecomConfig, deps: CheckupDeps): Promise<void> {
  const { report } = deps
  const road = new CheckRoad((config.apiBase || defaultApiBase).replace(/\/+$/, ''), deps)
  const token = await report.look('wecom-credentials', found => credentials(road, config, found))
  const seen: { agent: Agent | null } = { agent: null }
  if (token)
    await report.look('wecom-app', async found => {
      seen.agent = await appOf(road, config, found)
    })
  else report.skip('wecom-app', 'earlier')
  const ready = seen.agent !== null
  await withToken('wecom-people', found => people(road, deps, found), deps.known?.people ?? null)
  const door = behind(deps)
  if ('url' in door) await report.look('wecom-callback', found => callback(config, deps, door.url, found))
  else report.skip('wecom-callback', door.why)
  await checkBot(config, deps)
  if (config.login) await report.look('wecom-login', found => login(deps, seen.agent, found))
  if (config.leaveTemplate) await withToken('wecom-leave', found => leave(road, config, found))
  if (config.checkin) await withToken('wecom-checkin', found => checkin(road, deps, found))
  const keys = deps.known?.robots ?? null
  if (keys && keys.length > 0) await report.look('wecom-robots', found => robots(road, deps, found))
  else report.skip('wecom-robots', whyNot(keys, deps))

  /** `asked`: what the database has to be asked for first; null where nobody could look. */
  async function withToken(
    what: PlatformLook,
    work: (found: Found) => Promise<void>,
    asked: readonly unknown[] | null = [{}],
  ): Promise<void> {
    if (!ready) report.skip(what, 'earlier')
    else if (!asked || asked.length === 0) report.skip(what, whyNot(asked, deps))
    else await report.look(what, work)
  }
}

/** `gettoken` (/91039). */
async function credentials(road: CheckRoad, { corpId, secret }: WecomConfig, found: Found): Promise<void> {
  const api = 'gettoken'
  const answer = await road.ask(found, { api, params: { corpid: corpId, corpsecret: secret } })
  if (!answer) return
  const { errcode, access_token: token } = answer
  if (errcode === 0 && typeof token === 'string') road.use(token)
  else if (errcode === 40013) found('wecom.corp-id')
  else if ([40001, 40091, 41002, 41004, 42009].includes(errcode)) found('wecom.secret', { errcode })
  else road.odd(found, api, answer)
}

/** `agent/get` (/90227): the app as its administrator set it, which also tells whether this machine may ask at all. */
async function appOf(road: CheckRoad, { agentId }: WecomConfig, found: Found): Promise<Agent | null> {
  const api = 'agent/get'
  const answer = await road.ask(found, { api, params: { agentid: String(agentId) } })
  if (!answer) return null
  if ([301002, 40056].includes(answer.errcode)) {
    found('wecom.agent-id', { agentId, errcode: answer.errcode })
    return null
  }
  road.odd(found, api, answer)
  const agent = agentShape.safeParse(answer)
  if (answer.errcode !== 0 || !agent.success) return null
  const { close, allow_userinfos: users, allow_partys: parties, allow_tags: tags } = agent.data
  if (close !== 0) found('wecom.agent-disabled')
  const inRange = (users?.user.length ?? 0) + (parties?.partyid.length ?? 0) + (tags?.tagid.length ?? 0)
  if (inRange === 0) found('wecom.range-empty')
  return agent.data
}

/** `user/get` (/96255) of those whose accounts the service knows. */
async function people(road: CheckRoad, { known }: CheckupDeps, found: Found): Promise<void> {
  const unseen: string[] = []
  const unknown: string[] = []
  for (const { userId, name } of (known?.people ?? []).slice(0, mostPeople)) {
    const answer = await road.ask(found, { api: 'user/get', params: { userid: userId } })
    if (!answer) return
    if (answer.errcode === 60011) unseen.push(name)
    else if ([60111, 46004, 40003].includes(answer.errcode)) unknown.push(name)
    else if (answer.errcode !== 0) return road.odd(found, 'user/get', answer)
  }
  if (unseen.length > 0) found('wecom.person-unseen', { names: unseen.join('、') })
  if (unknown.length > 0) found('wecom.person-unknown', { names: unknown.join('、') })
}

/** The check WeCom makes when the page 设置API接收 is saved (/90238). */
async function callback(config: WecomConfig, deps: CheckupDeps, publicUrl: string, found: Found): Promise<void> {
  const { tokens, aesKeys } = config.callback
  const door = { path: '/wecom/callback', receiver: config.corpId, token: tokens[0] ?? '', aesKey: aesKeys[0] ?? '' }
  await echo(door, deps, publicUrl, found, ['wecom.callback-token', 'wecom.callback-key'])
}

interface EchoDoor {
  path: string
  receiver: string
  token: string
  aesKey: string
}

async function echo(
  { path, receiver, token, aesKey }: EchoDoor,
  deps: CheckupDeps,
  publicUrl: string,
  found: Found,
  [wrongToken, wrongKey]: [PlatformFinding, PlatformFinding],
): Promise<void> {
  const url = new URL(path, publicUrl).href
  const plain = String(randomBytes(6).readUIntBE(0, 6))
  const sealed = sealEnvelope({ token, aesKey }, receiver, plain, deps.clock.now())
  const { encrypt: echostr, signature: msg_signature, timestamp, nonce } = sealed
  const knocked = await knock(deps, found, { method: 'GET', url, params: { msg_signature, timestamp, nonce, echostr } })
  if (!knocked) return
  const { response, ms } = knocked
  const refused = ourRefusal(response)
  if (refused) found(refused === 'token' ? wrongToken : wrongKey, { url })
  else if (response.status !== 200 || response.bytes.toString() !== plain) elsewhere(found, url, response)
  else checkPrompt(found, url, ms)
}

async function checkBot({ bot }: WecomConfig, deps: CheckupDeps): Promise<void> {
  const { report, known } = deps
  if (!bot) return
  if (bot.mode === 'callback') {
    const way = behind(deps)
    if ('why' in way) return report.skip('wecom-bot', way.why)
    const door = { path: '/wecom/bot', receiver: '', token: bot.tokens[0] ?? '', aesKey: bot.aesKeys[0] ?? '' }
    await report.look('wecom-bot', found =>
      echo(door, deps, way.url, found, ['wecom.bot-callback-token', 'wecom.bot-callback-key']),
    )
    return
  }
  // A second subscription would take the bot away from the service.
  if (deps.running || known?.leases.includes(`wecom-bot:${bot.botId}`)) return report.skip('wecom-bot', 'running')
  await report.look('wecom-bot', async found => {
    const came = await subscribeOnce(bot)
    if ('unreachable' in came) return found('wecom.bot-unreachable', { why: brief(came.unreachable) })
    const { errcode, errmsg } = came
    if (errcode === 0) return
    if ([40001, 40013, 40091].includes(errcode)) return found('wecom.bot-secret', { errcode })
    found('wecom.bot-refused', { errcode, errmsg: brief(hideSecrets(errmsg.replace(/,? *more info at .*$/s, ''))) })
  })
}

/** WeCom sends people back to the app's 可信域名 only. */
async function login(deps: CheckupDeps, agent: Agent | null, found: Found): Promise<void> {
  const { publicUrl, publicReached } = deps
  if (!publicUrl) return
  const { host } = new URL(publicUrl)
  if (agent && agent.redirect_domain !== host)
    found('wecom.login-domain', { host, domain: agent.redirect_domain || '—' })
  if (publicReached) await checkPages(deps, found, publicUrl)
}

/** `oa/gettemplatedetail` (/91982). */
async function leave(road: CheckRoad, { leaveTemplate = '' }: WecomConfig, found: Found): Promise<void> {
  const api = 'oa/gettemplatedetail'
  const answer = await road.ask(found, { api, body: { template_id: leaveTemplate } })
  if (!answer) return
  const { errcode } = answer
  if (errcode === 301025) return found('wecom.leave-template')
  if ([48002, 301055, 301062].includes(errcode)) return found('wecom.approval-permission', { errcode })
  if (errcode === 301056) return found('wecom.approvals-off')
  if (errcode !== 0) return road.odd(found, api, answer)
  const read = readTemplate(answer)
  if ('why' in read) found('wecom.leave-form', { why: read.why })
}

/** `checkin/getcheckindata` (/90262) of nobody in particular: whether it may be asked at all. */
async function checkin(road: CheckRoad, { clock, known }: CheckupDeps, found: Found): Promise<void> {
  const api = 'checkin/getcheckindata'
  const endtime = Math.floor(clock.now().getTime() / 1_000)
  const useridlist = [known?.people[0]?.userId ?? 'paigong-doctor']
  const body = { opencheckindatatype: 3, starttime: endtime - 3_600, endtime, useridlist }
  const answer = await road.ask(found, { api, body })
  if (!answer || answer.errcode === 301021) return
  if ([48002, 301055, 301062].includes(answer.errcode)) found('wecom.checkin-permission', { errcode: answer.errcode })
  else road.odd(found, api, answer)
}

/** Group robots (/99110) are asked to say something that is no message: a wrong key is refused before that. */
async function robots(road: CheckRoad, { known }: CheckupDeps, found: Found): Promise<void> {
  const api = 'webhook/send'
  for (const { team, key } of known?.robots ?? []) {
    const answer = await road.ask(found, { api, params: { key }, body: { msgtype: 'none' }, open: true })
    if (!answer) return
    if ([93000, 93004, 93008].includes(answer.errcode)) found('wecom.group-robot', { team, errcode: answer.errcode })
    else if (answer.errcode === 45009) road.common(found, api, answer)
  }
}
