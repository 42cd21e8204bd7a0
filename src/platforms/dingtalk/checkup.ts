import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { behind, type CheckupDeps, type Found, type PlatformLook, whyNot } from '../checkup.ts'
import { formFaults } from './checkform.ts'
import { type Asked, CheckRoad } from './checkroad.ts'
import { checkDoors, checkLogin } from './checkweb.ts'
import type { DingtalkConfig } from './config.ts'
import { monthOf } from './meter.ts'
import { robotSignature } from './robot.ts'
import { cardTopic, robotTopic } from './stream/frames.ts'

/** An account nobody has: what is asked about it can reach nobody. */
const nobody = 'paigong-doctor'
const mostPeople = 50
/** From here on the service begins to save in earnest (docs/dingtalk.md). */
const lowShare = 0.85

const tokenShape = z.looseObject({ accessToken: z.string().min(1) })
const ticketShape = z.looseObject({ endpoint: z.string().min(1), ticket: z.string().min(1) })

/**
 * Everything of DingTalk that can be set wrong (dingtalk.md §1–§8). It asks what cannot reach anybody; about ten calls of
 * the month's allowance.
 */
export async function checkupDingtalk(given: DingtalkConfig, deps: CheckupDeps): Promise<void> {
  const bare = (base: string) => base.replace(/\/+$/, '')
  const config = { ...given, apiBase: bare(given.apiBase), oapiBase: bare(given.oapiBase) }
  const { report, publicUrl, known } = deps
  const road = new CheckRoad(config, deps)
  const token = await report.look('dingtalk-credentials', found => credentials(road, config, found))
  const looks: Array<[PlatformLook, (found: Found) => Promise<void>]> = [
    ['dingtalk-corp', found => corp(road, config, found)],
    ['dingtalk-robot', found => robot(road, config, found)],
    ['dingtalk-contacts', found => contacts(road, found)],
    ...(config.cardTemplate === 'none' ? [] : [look('dingtalk-cards', found => cards(road, config, found))]),
    ...(config.receive.mode === 'stream' ? [look('dingtalk-stream', found => stream(road, config, found))] : []),
    ...(config.leaveProcess ? [look('dingtalk-leave', found => leave(road, config, found))] : []),
    ...(config.checkin ? [look('dingtalk-checkin', found => checkin(road, deps, found))] : []),
  ]
  for (const [what, work] of looks) {
    if (token) await report.look(what, work)
    else report.skip(what, 'earlier')
  }
  const people = known?.people ?? null
  if (!token) report.skip('dingtalk-people', 'earlier')
  else if (people && people.length > 0) await report.look('dingtalk-people', found => accounts(road, people, found))
  else report.skip('dingtalk-people', whyNot(people, deps))
  await report.look('dingtalk-quota', async found => quota(config, deps, found))
  const door = behind(deps)
  if (config.receive.mode === 'http') {
    if ('url' in door) await report.look('dingtalk-doors', found => checkDoors(config, deps, door.url, found))
    else report.skip('dingtalk-doors', door.why)
  }
  if (config.login && publicUrl)
    await report.look('dingtalk-login', found => checkLogin(config, deps, publicUrl, found))
  const robots = known?.robots ?? null
  if (robots && robots.length > 0) await report.look('dingtalk-robots', found => groupRobots(road, deps, found))
  else report.skip('dingtalk-robots', whyNot(robots, deps))
}

const look = (what: PlatformLook, work: (found: Found) => Promise<void>): [PlatformLook, typeof work] => [what, work]

/** `POST /v1.0/oauth2/accessToken` (dingtalk.md §1.1) */
async function credentials(road: CheckRoad, { clientId, clientSecrets }: DingtalkConfig, found: Found): Promise<void> {
  const asked: Asked = {
    ...{ path: '/v1.0/oauth2/accessToken', open: true },
    body: { appKey: clientId, appSecret: clientSecrets[0] ?? '' },
  }
  const said = await road.ask(found, asked)
  if (!said) return
  const token = tokenShape.safeParse(said.answer)
  if (token.success) road.use(token.data.accessToken)
  else if (['invalidClientIdOrSecret', 'authFailed', 'invalid.client'].includes(said.code)) found('dingtalk.secret')
  else road.odd(found, asked, said)
}

/** `POST /v1.0/oauth2/{corpId}/token` (dingtalk.md §1.1): the only free question that names the company. */
async function corp(road: CheckRoad, { corpId, clientId, clientSecrets }: DingtalkConfig, found: Found): Promise<void> {
  const asked: Asked = {
    ...{ path: `/v1.0/oauth2/${corpId}/token`, open: true },
    body: { client_id: clientId, client_secret: clientSecrets[0] ?? '', grant_type: 'client_credentials' },
  }
  const said = await road.ask(found, asked)
  if (said?.code === 'unauthorized.client') found('dingtalk.corp-id')
  else if (said) road.odd(found, asked, said)
}

/** A message to nobody (dingtalk.md §2.1): the robot and its permission are looked at before who hears it. */
async function robot(road: CheckRoad, { robotCode }: DingtalkConfig, found: Found): Promise<void> {
  const asked: Asked = {
    ...{ path: '/v1.0/robot/oToMessages/batchSend', scope: 'qyapi_robot_sendmsg' },
    body: { robotCode, userIds: [nobody], msgKey: 'sampleText', msgParam: JSON.stringify({ content: 'doctor' }) },
  }
  const said = await road.ask(found, asked)
  if (!said || said.answer || said.code === 'staffId.notExisted') return
  if (/robotCode\.(notExsit|auth)$|^robot\.oto\.notExist$|^resource\.not\.found$/.test(said.code))
    found('dingtalk.robot-code', { code: said.code })
  else if (/stopped$|^chatbotId\.notAllow|^bot\.forbidden|^resource\.unavailable$/.test(said.code))
    found('dingtalk.robot-stopped', { code: said.code })
  else road.odd(found, asked, said)
}

/** Members by id and by number (dingtalk.md §8.3): that nobody is found is the right answer. */
async function contacts(road: CheckRoad, found: Found): Promise<void> {
  const questions: Asked[] = [
    { old: true, path: '/topapi/v2/user/get', scope: 'qyapi_get_member', body: { userid: nobody } },
    {
      ...{ old: true, path: '/topapi/v2/user/getbymobile', scope: 'qyapi_get_member_by_mobile' },
      body: { mobile: '13800000000' },
    },
  ]
  for (const asked of questions) {
    const said = await road.ask(found, asked)
    if (said && !isUnknown(said.code)) road.odd(found, asked, said)
  }
}

const isUnknown = (code: string): boolean => ['60121', '33012', '40104'].includes(code)

async function accounts(
  road: CheckRoad,
  people: ReadonlyArray<{ userId: string; name: string }>,
  found: Found,
): Promise<void> {
  const unknown: string[] = []
  for (const { userId, name } of people.slice(0, mostPeople)) {
    const said = await road.ask(found, { old: true, path: '/topapi/v2/user/get', body: { userid: userId } })
    if (!said) return
    if (isUnknown(said.code)) unknown.push(name)
  }
  if (unknown.length > 0) found('dingtalk.person-unknown', { names: unknown.join('、') })
}

/** A change of a card that was never made; with a template of one's own, a card that is put into no conversation. */
async function cards(road: CheckRoad, { cardTemplate }: DingtalkConfig, found: Found): Promise<void> {
  const outTrackId = `${nobody}-${randomUUID()}`
  const cardData = { cardParamMap: { title: 'doctor' } }
  const asked: Asked = {
    ...{ path: '/v1.0/card/instances', scope: 'Card.Instance.Write' },
    ...(cardTemplate
      ? { method: 'POST', body: { cardTemplateId: cardTemplate, outTrackId, cardData } }
      : { method: 'PUT', body: { outTrackId, cardData } }),
  }
  const said = await road.ask(found, asked)
  if (!said || said.code === 'param.cardNotExist') return
  if (['param.templateNotExist', 'param.templateUnpublished'].includes(said.code))
    found('dingtalk.card-template', { code: said.code })
  else road.odd(found, asked, said)
}

/** A ticket that is not used (dingtalk.md §4.1). */
async function stream(road: CheckRoad, { clientId, clientSecrets }: DingtalkConfig, found: Found): Promise<void> {
  const asked: Asked = {
    ...{ path: '/v1.0/gateway/connections/open', open: true },
    body: {
      ...{ clientId, clientSecret: clientSecrets[0] ?? '', ua: 'paigong' },
      subscriptions: [robotTopic, cardTopic].map(topic => ({ type: 'CALLBACK', topic })),
    },
  }
  const said = await road.ask(found, asked)
  if (!said || ticketShape.safeParse(said.answer).success) return
  if (['authFailed', 'invalidClientIdOrSecret'].includes(said.code)) found('dingtalk.secret')
  else found('dingtalk.stream', { code: said.code || 'no-ticket' })
}

/** The form, and the four permissions: an empty question is refused for what it lacks only after permission was looked at. */
async function leave(road: CheckRoad, { leaveProcess = '' }: DingtalkConfig, found: Found): Promise<void> {
  const flows = '/v1.0/workflow'
  const auto = leaveProcess === 'auto'
  const form: Asked = auto
    ? {
        ...{ method: 'GET', path: `${flows}/processCentres/schemaNames/processCodes`, scope: 'Workflow.Form.Read' },
        params: { name: nobody },
      }
    : {
        ...{ method: 'GET', path: `${flows}/forms/schemas/processCodes`, scope: 'Workflow.Form.Read' },
        params: { processCode: leaveProcess },
      }
  const said = await road.ask(found, form)
  if (said && !auto) {
    const why = said.answer ? formFaults(said.answer) : said.code
    if (why) found('dingtalk.leave-form', { why })
  }
  const instances = `${flows}/processInstances`
  const others: Asked[] = [
    ...(auto ? [{ path: `${flows}/forms`, scope: 'Workflow.Form.Write', body: {} }] : []),
    { path: instances, scope: 'Workflow.Instance.Write', body: {} },
    { method: 'GET', path: instances, scope: 'Workflow.Instance.Read', params: { processInstanceId: nobody } },
  ]
  for (const asked of others) await road.ask(found, asked)
}

/** `/attendance/list` (dingtalk.md §8.1) of nobody. */
async function checkin(road: CheckRoad, { clock }: CheckupDeps, found: Found): Promise<void> {
  const day = `${monthOf(clock.now())}-01 00:00:00`
  await road.ask(found, {
    ...{ old: true, path: '/attendance/list', scope: 'qyapi_get_attendance_data' },
    body: { workDateFrom: day, workDateTo: day, userIdList: [nobody], offset: 0, limit: 1 },
  })
}

function quota({ quota: limits }: DingtalkConfig, { clock, counters }: CheckupDeps, found: Found): void {
  const month = monthOf(clock.now())
  for (const kind of ['calls', 'pushes'] as const) {
    const used = counters.get(`dingtalk:${kind}:${month}`) ?? 0
    const limit = limits[kind]
    if (used >= limit * lowShare) found('dingtalk.quota-low', { kind, used, limit })
  }
}

/** Custom robots (dingtalk.md §3) are asked to say something that is no message. */
async function groupRobots(road: CheckRoad, { known, clock }: CheckupDeps, found: Found): Promise<void> {
  for (const { team, key, secret } of known?.robots ?? []) {
    const said = await road.ask(found, {
      ...{ old: true, path: '/robot/send', open: true, body: { msgtype: 'none' } },
      params: { access_token: key, ...robotSignature(secret ?? undefined, clock.now()) },
    })
    if (!said) return
    if (['400101', '300001', '300005', '310000', '400102', '400106'].includes(said.code))
      found('dingtalk.group-robot', { team, code: said.code })
  }
}
