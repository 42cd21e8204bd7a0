import { Refusal } from '../errors.ts'
import { needSetting, note } from '../leave/enact.ts'
import { changeLeave, decideOn } from '../leave/flow.ts'
import { standing } from '../leave/prepare.ts'
import { edgesOf, isPending, type LeaveRecord } from '../leave/request.ts'
import { lockLeave } from '../leave/rows.ts'
import type { MediaRef } from './inbound.ts'
import type { LeaveWish } from './intent.ts'
import { named, needScene, ownLeave, pendingFor, toDecide } from './leavefind.ts'
import { askedText, doneText, leaveLine } from './leavewords.ts'
import { keepMedia } from './media.ts'
import { type Draft, openDraft } from './store.ts'
import { type Reply, say, type Talk } from './talk.ts'

/** What is done to requests that are there, in words. */

export async function changed(
  talk: Talk,
  wish: Extract<LeaveWish, { do: 'return' | 'cancel' | 'withdraw' }>,
): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const leave = await ownLeave(
    talk,
    wish.code,
    () => true,
    ({ view }, today) => wish.do === 'return' && view.state === 'granted' && edgesOf(view).first <= today,
  )
  if (isPending(leave.view)) {
    const after = await decideOn(tx, ctx, { id: leave.id, command: { do: 'withdraw' }, by: person }, speech)
    return say(doneText(await needScene(talk, after), person.id))
  }
  const setting = await needSetting(tx, ctx, leave.teamId)
  const ahead = standing(leave.view.days, setting) === 'ahead'
  const kind = wish.do === 'return' ? 'return' : ahead ? 'cancel' : 'return'
  if (
    wish.do !== 'return' &&
    !ahead &&
    leave.view.state === 'granted' &&
    standing(leave.view.days, setting) === 'running'
  )
    throw new Refusal('running', `${leave.code} 已经开始，不能整个撤销。提前回来请回复「销假 ${leave.code}」。`)
  const at = wish.do === 'return' ? wish.when?.from : undefined
  const reason = wish.do === 'return' ? (wish.reason ?? '') : ''
  const made = await changeLeave(tx, ctx, { leave, kind, by: person, reason, ...(at && { at }) }, speech)
  const original = await needScene(talk, await named(talk, leave.code))
  if (isPending(made.view)) return say(askedText(await needScene(talk, made)))
  const left = original.leave.view
  return say(
    left.state === 'cancelled'
      ? `✅ ${leave.code} 已取消，照常上班。已告诉批准的人和派工员。`
      : `✅ 已销假：${leave.code} 改为 ${leaveLine(original, { named: false })}。已告诉派工员，可以派单了。`,
  )
}

export async function decided(
  talk: Talk,
  wish: Extract<LeaveWish, { do: 'approve' | 'reject' | 'propose' | 'take' | 'refuse' }>,
): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const leave = wish.code ? await named(talk, wish.code) : await waitingForMe(talk, wish.do)
  const own = leave.view.person === person.id
  const command = ((): Parameters<typeof decideOn>[2]['command'] => {
    switch (wish.do) {
      case 'approve':
        return own && leave.view.state === 'proposed'
          ? { do: 'take' }
          : { do: 'approve', ...(wish.ordinary && { ordinary: true }) }
      case 'take':
        return own ? { do: 'take' } : { do: 'approve' }
      case 'refuse':
      case 'reject': {
        if (own && leave.view.state === 'proposed') return { do: 'refuse', ...(wish.reason && { reason: wish.reason }) }
        if (!wish.reason) throw new Refusal('missing', `为什么驳回 ${leave.code}？请回复「驳回 ${leave.code} 原因」。`)
        return { do: 'reject', reason: wish.reason }
      }
      case 'propose': {
        if (!wish.when)
          throw new Refusal(
            'missing',
            `${leave.code} 改到哪天？请回复「改期 ${leave.code} 后天」或「改期 ${leave.code} 11月28日下午」。`,
          )
        const { from, to = { day: from.day, minute: 1440 } } = wish.when
        return { do: 'propose', span: { from, to }, ...(wish.note && { note: wish.note }) }
      }
    }
  })()
  const after = await decideOn(tx, ctx, { id: leave.id, command, by: person }, speech)
  return say(doneText(await needScene(talk, after), person.id))
}

const examples: Readonly<Record<string, (code: string) => string>> = {
  reject: code => `驳回 ${code} 原因`,
  propose: code => `改期 ${code} 后天`,
  take: code => `同意 ${code}`,
  refuse: code => `不同意 ${code}`,
}

async function waitingForMe(talk: Talk, doing: string): Promise<LeaveRecord> {
  const scenes = await pendingFor(talk)
  const mineToAnswer = scenes.filter(
    ({ leave }) => leave.view.person === talk.person.id && leave.view.state === 'proposed',
  )
  const found =
    doing === 'take' || doing === 'refuse'
      ? mineToAnswer.length > 0
        ? mineToAnswer
        : toDecide(talk, scenes)
      : toDecide(talk, scenes)
  const [first, second] = found
  if (first && !second) return first.leave
  if (second)
    throw new Refusal(
      'which',
      `等你批的有 ${found.map(({ leave }) => leave.code).join('、')}，请带上假号，比如：${examples[doing]?.(second.leave.code) ?? `批准 ${second.leave.code}`}。`,
    )
  throw new Refusal('none', '没有等你批的假。')
}

/** The next photo is the paper for this leave. */
export async function proofAwaited(talk: Talk, leave: LeaveRecord): Promise<Reply> {
  const { tx, ctx, person } = talk
  const { view, code } = leave
  if (view.person !== person.id && leave.facts[0]?.by !== person.id)
    throw new Refusal('role', `${code} 的证明要本人或代请的人交。`)
  const now = ctx.clock.now()
  const data = { leaveId: leave.id, code, action: 'leaveProof' }
  const expiresAt = new Date(now.getTime() + 30 * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey: talk.chatKey, kind: 'ask', data, expiresAt }, now)
  return say(`请把 ${code} 的证明照片发来（半小时内有效）。`)
}

/** The paper itself: kept with the request, and whoever decides hears of it. */
export async function proofGiven(talk: Talk, draft: Draft, media: readonly MediaRef[]): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  const { leaveId } = draft.data as { leaveId: string }
  const leave = await lockLeave(tx, ctx.company, leaveId)
  if (!leave) throw new Refusal('unknown', '找不到这个假，照片没有记录。回复「我的假」看看。')
  const setting = await needSetting(tx, ctx, leave.teamId)
  const now = ctx.clock.now()
  let record = leave
  for (const ref of media) {
    const id = await keepMedia(
      tx,
      ctx.company,
      { orderId: null, personId: person.id, platform: inbound.platform, ref },
      now,
    )
    record = await note(tx, ctx, setting, record, [{ fact: 'proof', media: id }], person, talk.speech.via)
  }
  return say(`📎 已收到 ${leave.code} 的证明，共 ${record.view.proofs} 张。还有就接着发。`)
}
