import { correctionScene } from '../attendance/compose.ts'
import { correctionCard, correctionLine, ruledText } from '../attendance/correctwords.ts'
import { correctionById, openCorrections } from '../attendance/find.ts'
import { askCorrection, decideCorrection, entered, placed, punch } from '../attendance/flow.ts'
import {
  monthNow,
  monthOf,
  monthOfOne,
  needTeamOf,
  peopleIn,
  rulesFor,
  type Watched,
  watchedBy,
} from '../attendance/look.ts'
import { workdayOf } from '../attendance/schedule.ts'
import { addEvidence } from '../attendance/store.ts'
import { dayLine, monthText, punchText, sayMonthName, teamText } from '../attendance/words.ts'
import { Refusal } from '../errors.ts'
import { deskTeams, type Person, rolesIn } from '../people/person.ts'
import { personByName, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { MediaRef } from './inbound.ts'
import type { AttendanceWish } from './intent.ts'
import { keepMedia } from './media.ts'
import type { Payload } from './payload.ts'
import { openDraft, openDraftOf } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'

type Of<Do extends AttendanceWish['do']> = Extract<AttendanceWish, { do: Do }>

/** So long a check-in waits for its place, a correction for its photos. */
const waitMinutes = 10

export async function attendanceWish(talk: Talk, wish: AttendanceWish, media: readonly MediaRef[]): Promise<Reply> {
  switch (wish.do) {
    case 'punch':
      return checkIn(talk, wish)
    case 'show':
      return shown(talk, wish)
    case 'correct':
      return correct(talk, wish, media)
    case 'rule':
      return ruleByWord(talk, wish)
    case 'offPost':
    case 'called':
      return enter(talk, wish)
  }
}

/** The key of what was said: delivered again, it is the same. */
const keyOf = ({ inbound }: Talk): string => `${inbound.platform}:${inbound.key}`

async function checkIn(talk: Talk, wish: Of<'punch'>): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  const watched = await needTeamOf(tx, ctx, person)
  const { policy, rule, team } = watched
  if (!rule.source.includes('chat'))
    throw new Refusal('attendance', `「${team.name}」不在聊天里打卡，没有记录。请用平时的打卡。`)
  const now = ctx.clock.now()
  // When it was said, not when it is dealt with: a service that was down makes nobody late.
  const at = inbound.at < now ? inbound.at : now
  const kind = wish.kind === 'any' ? await comingOrGoing(talk, watched, at) : wish.kind
  const day = await punch(tx, ctx, watched, { person, kind, at, key: keyOf(talk), words: talk.speech.words ?? null })
  await waitFor(talk, {})
  return say(punchText(kind, at, day, policy, rule))
}

/** 打卡 alone: coming while he is not there, going once work is over; in between it has to be said. */
async function comingOrGoing({ tx, ctx, person }: Talk, watched: Watched, at: Date): Promise<'in' | 'out'> {
  const day = workdayOf(watched.policy, at)
  const month = await monthOfOne(tx, ctx, watched, person, day.slice(0, 7))
  const verdict = month.days.find(one => one.day === day)
  if (!verdict?.arrived) return 'in'
  if (verdict.end && at >= verdict.end) return 'out'
  throw new Refusal('punch', '今天已经到岗了，没有再记。要走请说「下班打卡」，再打上班请说「上班打卡」。')
}

/** The place of the check-in he made a moment ago. */
export async function punchPlace(talk: Talk, label: string): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  await placed(tx, ctx, { person, at: inbound.at, key: keyOf(talk), place: label })
  return say(`📍 打卡位置已记录：${label}。`)
}

async function shown(talk: Talk, wish: Of<'show'>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const now = ctx.clock.now()
  if (wish.who !== undefined) {
    const { watched, who } = await ofMyTeam(talk, wish.who)
    return say(await one(talk, watched, who, wish.month))
  }
  const desk = wish.own ? [] : deskTeams(person)
  if (desk.length === 0) return say(await one(talk, await needTeamOf(tx, ctx, person), person, wish.month))
  const texts: string[] = []
  for (const id of desk) {
    const team = await teamById(tx, ctx.company, id)
    const current = team && watchedBy(ctx, team, now)
    if (!current) continue
    const month = wish.month ?? monthNow(current, now)
    const watched = rulesFor(ctx, current, month)
    const months = await monthOf(tx, ctx, watched, await peopleIn(tx, ctx, watched), month)
    texts.push(
      teamText(
        current.team.name,
        month,
        months.map(({ person: { name }, verdict }) => ({ name, verdict })),
      ),
    )
  }
  if (texts.length === 0) throw new Refusal('attendance', '你的班组没有考勤制度。')
  return say(texts.join('\n\n'))
}

async function one({ tx, ctx, person }: Talk, current: Watched, who: Person, wanted?: string): Promise<string> {
  const now = ctx.clock.now()
  const month = wanted ?? monthNow(current, now)
  if (month > monthNow(current, now)) throw new Refusal('month', `${sayMonthName(month)}还没到。`)
  const watched = rulesFor(ctx, current, month)
  const verdict = await monthOfOne(tx, ctx, watched, who, month)
  return monthText(who.name, verdict, watched.policy, watched.rule, who.id === person.id)
}

/** Somebody of a team the speaker runs, with that team's rules. */
async function ofMyTeam({ tx, ctx, person }: Talk, name: string): Promise<{ watched: Watched; who: Person }> {
  const teams = deskTeams(person)
  if (teams.length === 0) throw new Refusal('role', '别人的考勤只有派工员和经理能看。你的请回复「我的考勤」。')
  const who = await personByName(tx, ctx.company, name)
  for (const id of teams) {
    if (!who || rolesIn(who, id).length === 0) continue
    const team = await teamById(tx, ctx.company, id)
    const watched = team && watchedBy(ctx, team, ctx.clock.now())
    if (watched) return { watched, who }
    throw new Refusal('attendance', `「${team?.name}」没有考勤制度。`)
  }
  throw new Refusal('person', `你的班组里没有叫「${name}」的人，请写全名，比如：考勤 张三。`)
}

async function correct(talk: Talk, wish: Of<'correct'>, media: readonly MediaRef[]): Promise<Reply> {
  const { tx, ctx, person } = talk
  const watched = await needTeamOf(tx, ctx, person)
  const photos = await kept(talk, media)
  const { day, part, reason } = wish
  const asked = { day, part, minute: wish.minute ?? null, reason }
  const id = await askCorrection(tx, ctx, watched, { person, ...asked, media: photos })
  await waitFor(talk, { correction: id })
  const more = photos.length > 0 ? `，附照片 ${photos.length} 张` : ''
  const hint = photos.length > 0 ? '' : `有照片 ${waitMinutes} 分钟内发来会附上。`
  return say(`已提交补卡：${correctionLine(asked)}，原因「${reason}」${more}。${hint}经理决定后告诉你。`)
}

async function kept({ tx, ctx, person, inbound }: Talk, media: readonly MediaRef[]): Promise<string[]> {
  const ids: string[] = []
  for (const ref of media)
    ids.push(
      await keepMedia(
        tx,
        ctx.company,
        { orderId: null, personId: person.id, platform: inbound.platform, ref },
        ctx.clock.now(),
      ),
    )
  return ids
}

/** What is sent a moment later belongs to it, unless a question is open there already. */
async function waitFor({ tx, ctx, person, chatKey }: Talk, data: Awaited): Promise<void> {
  const now = ctx.clock.now()
  const open = await openDraftOf(tx, ctx.company, person.id, chatKey, now)
  if (open && open.kind !== 'punch') return
  const expiresAt = new Date(now.getTime() + waitMinutes * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'punch', data, expiresAt }, now)
}

/** What waits for a photo: a correction that was asked for; without it, a check-in that waits for its place. */
interface Awaited {
  correction?: string
}

/** Photos that belong to the correction he asked for a moment ago; null when they belong elsewhere. */
export async function correctionPhotos(talk: Talk, media: readonly MediaRef[]): Promise<Reply | null> {
  const { tx, ctx, person, chatKey } = talk
  const now = ctx.clock.now()
  const draft = await openDraftOf(tx, ctx.company, person.id, chatKey, now)
  const id = draft?.kind === 'punch' ? (draft.data as Awaited).correction : undefined
  const correction = id === undefined ? null : await correctionById(tx, ctx.company, id)
  if (!correction || correction.ruling) return null
  await addEvidence(tx, ctx.company, correction.id, await kept(talk, media), now)
  return say(`📷 已附到补卡 ${correctionLine(correction)}，共 ${correction.media.length + media.length} 张。`)
}

/** 同意补卡 张三, where there are no buttons. */
async function ruleByWord(talk: Talk, wish: Of<'rule'>): Promise<Reply> {
  const { tx, ctx } = talk
  const who = await personByName(tx, ctx.company, wish.who)
  if (!who) throw new Refusal('person', `没有叫「${wish.who}」的人，请写全名，比如：同意补卡 张三。`)
  const open = (await openCorrections(tx, ctx.company, who.id)).filter(({ day }) => !wish.day || day === wish.day)
  const [only, second] = open
  if (!only) throw new Refusal('none', `${who.name}没有等着批的补卡。`)
  if (second)
    throw new Refusal(
      'which',
      `${who.name}有 ${open.length} 条补卡：${open.map(correctionLine).join('、')}。请带上日期，比如：同意补卡 ${who.name} ${correctionLine(only).split(' ')[0]}。`,
    )
  const { correction } = await decide(talk, only.id, wish.allowed)
  return say(await outcome(talk, correction.id))
}

const decide = (talk: Talk, id: string, allowed: boolean) =>
  decideCorrection(talk.tx, talk.ctx, { id, allowed, by: talk.person, words: talk.speech.words ?? null })

async function outcome({ tx, ctx }: Talk, id: string): Promise<string> {
  const scene = await correctionScene(tx, ctx, id)
  if (!scene) throw new Refusal('unknown', '找不到这条补卡，可能已经删除。')
  const { correction, name } = scene
  return `${correction.ruling?.allowed ? '✅ 已同意' : '没有同意'} ${name} 补卡 ${correctionLine(correction)}，已告诉${name}。`
}

/** A tap on 同意 or 不同意: whoever comes first decides, the card shows everybody what became of it. */
export async function punchTap(talk: Talk, payload: Extract<Payload, { about: 'punch' }>): Promise<Reply> {
  const { correction, mine } = await decide(talk, payload.id, payload.action === 'allow')
  const scene = await correctionScene(talk.tx, talk.ctx, correction.id)
  if (!scene) throw new Refusal('unknown', '找不到这条补卡，可能已经删除。')
  const text = mine ? await outcome(talk, correction.id) : `这条补卡已经处理过。${ruledText(scene)}`
  return { ...show(correctionCard(scene)), fallback: { kind: 'text', text } }
}

async function enter(talk: Talk, wish: Of<'offPost' | 'called'>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const { watched, who } = await ofMyTeam(talk, wish.who)
  if (!rolesIn(person, watched.team.id).includes('manager') && wish.do === 'offPost')
    throw new Refusal('role', '离岗要由经理来记，没有记录。')
  const calendar = calendarOf(watched.policy)
  const at = calendar.momentOf(wish.day, wish.do === 'offPost' ? wish.minute : 720)
  if (wish.do === 'offPost' && at > ctx.clock.now()) throw new Refusal('time', '这个时间还没到，没有记录。')
  const kind = wish.do === 'called' ? 'called' : wish.back ? 'onPost' : 'offPost'
  const words = talk.speech.words ?? null
  const { day, known } = await entered(tx, ctx, watched, { person: who, by: person, kind, at, key: keyOf(talk), words })
  const done = known
    ? '之前已经记过'
    : wish.do === 'called'
      ? '✅ 已记下打电话请假'
      : wish.back
        ? '✅ 已撤销离岗'
        : '✅ 已记离岗'
  return say(`${done}：${who.name} ${dayLine(day, watched.policy, watched.rule)}`)
}
