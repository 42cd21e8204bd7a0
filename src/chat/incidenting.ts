import { decidersOf } from '../attendance/look.ts'
import { Refusal } from '../errors.ts'
import { incidentsOfPerson } from '../incidents/find.ts'
import type { IncidentRecord } from '../incidents/incident.ts'
import { type IncidentScene, incidentScene, needSetting } from '../incidents/look.ts'
import { sayCatalogue } from '../incidents/saying.ts'
import { incidentLine, storyText } from '../incidents/words.ts'
import { homeTeam } from '../leave/look.ts'
import { put } from '../outbox/store.ts'
import { deskTeams } from '../people/person.ts'
import type { MediaRef } from './inbound.ts'
import { appealed, confirmed, decided } from './incidentacts.ts'
import { entered } from './incidententer.ts'
import { managedTeams, monthsAgo, named, ofMyTeam, openFor } from './incidentfind.ts'
import { howToAppeal, listText, pages } from './incidentwords.ts'
import type { IncidentWish } from './intent.ts'
import { type Reply, say, type Talk } from './talk.ts'

/** What people say about incidents (奖惩). Only ever between one person and the service: a group hears nothing of it. */
export async function incidentWish(talk: Talk, wish: IncidentWish, media: readonly MediaRef[]): Promise<Reply> {
  if (talk.inbound.chat.kind === 'group') throw new Refusal('group', '这件事请和我单聊说，没有记录。')
  switch (wish.do) {
    case 'enter':
      return entered(talk, wish, media)
    case 'catalogue':
      return catalogue(talk)
    case 'how':
      return say(howToAppeal)
    case 'mine':
      return say(await ofOne(talk, talk.person))
    case 'list':
      return wish.who === undefined ? open(talk) : say(await ofAnother(talk, wish.who))
    case 'show':
      return shown(talk, await named(talk, wish.code))
    case 'confirm':
      return confirmed(talk, wish)
    case 'appeal':
      return appealed(talk, wish, media)
    default:
      return decided(talk, wish)
  }
}

/** 奖惩项目: the rule book's catalogue, open to everybody it is about (R16). */
async function catalogue(talk: Talk): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  const teamId = deskTeams(person)[0] ?? homeTeam(person) ?? ''
  const { rule, team } = await needSetting(tx, ctx, teamId)
  const [first = '', ...more] = pages([
    `「${team.name}」奖惩项目（申诉 ${rule.appealWithin} 天内）：`,
    ...sayCatalogue(rule),
  ])
  const now = ctx.clock.now()
  const rows = more.map((text, index) => ({
    ...{ kind: 'note', to: { person: person.id }, data: { text } },
    dedupeKey: `catalogue:${inbound.platform}:${inbound.key}:${index}`,
  }))
  await put(tx, ctx.company, rows, now)
  return say(first)
}

async function ofOne(talk: Talk, who: { id: string; name: string }, teams?: readonly string[]): Promise<string> {
  const { tx, ctx, person } = talk
  const own = who.id === person.id
  const from = monthsAgo(talk, 1)
  const found = await incidentsOfPerson(tx, ctx.company, { personId: who.id, from, ...(teams && { teams }) })
  // What never counted is no matter of his yet.
  const told = own ? found.filter(({ view }) => view.confirmedAt !== null) : found
  const scenes: IncidentScene[] = []
  for (const incident of told) scenes.push(await incidentScene(tx, ctx, incident))
  return listText(scenes, { name: who.name, own, month: monthsAgo(talk, 0).slice(0, 7) })
}

async function ofAnother(talk: Talk, name: string): Promise<string> {
  const { person } = talk
  if (name === person.name) return ofOne(talk, person)
  const teams = managedTeams(person)
  if (teams.length === 0) throw new Refusal('role', '别人的奖惩只有经理能看。你的请回复「我的奖惩」。')
  const { who } = await ofMyTeam(talk, name, teams)
  return ofOne(talk, who, teams)
}

const mostCards = 3
const mostLines = 12

/** What waits for this manager: proposals, and appeals. */
async function open(talk: Talk): Promise<Reply> {
  const { tx, ctx, person } = talk
  if (managedTeams(person).length === 0) return say(await ofOne(talk, person))
  const waiting = await openFor(talk)
  if (waiting.length === 0)
    return say('没有等你处理的奖惩。要记请说：扣分 张三 2分 项目；看项目回复「奖惩项目」；看一个人回复「奖惩 张三」。')
  for (const incident of waiting.slice(0, mostCards)) await sendCard(talk, incident)
  const lines: string[] = []
  for (const incident of waiting.slice(0, mostLines))
    lines.push(incidentLine(await incidentScene(tx, ctx, incident), { manager: true }))
  const more = waiting.length > mostLines ? [`还有 ${waiting.length - mostLines} 条。`] : []
  return say([`等你处理的奖惩 ${waiting.length} 条：`, ...lines, ...more].join('\n'))
}

async function sendCard({ tx, ctx, person }: Talk, { id }: IncidentRecord): Promise<void> {
  const now = ctx.clock.now()
  const dedupeKey = `incidentCard:${id}:${now.getTime()}:${person.id}`
  const row = { kind: 'incident.card', to: { person: person.id }, subject: id, data: { asked: true }, dedupeKey }
  await put(tx, ctx.company, [row], now)
}

/** 奖惩12: its story, and the card with what can be done. */
async function shown(talk: Talk, incident: IncidentRecord): Promise<Reply> {
  const { tx, ctx, person } = talk
  await sendCard(talk, incident)
  const scene = await incidentScene(tx, ctx, incident)
  const manager = (await decidersOf(tx, ctx, incident.teamId, incident.view.person)).includes(person.id)
  return say(storyText(scene, { manager }))
}
