import { z } from 'zod'
import { doneText } from '../chat/incidentwords.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { needPicture } from '../http/mediafile.ts'
import { HttpProblem } from '../http/problem.ts'
import { subtitleOf } from '../incidents/card.ts'
import { amendment } from '../incidents/decide.ts'
import { addPhotos, decideOn, type SaidCommand } from '../incidents/flow.ts'
import { changedSince, type IncidentRecord } from '../incidents/incident.ts'
import { incidentScene } from '../incidents/look.ts'
import { keepUpload } from '../incidents/media.ts'
import { lockIncident } from '../incidents/rows.ts'
import type { Viewer } from '../login/viewer.ts'
import { needIncident } from './incidentreach.ts'
import { incidentDetails, mayAddPhotos } from './incidentshow.ts'
import type { IncidentDetails, IncidentDone } from './incidentwire.ts'

/** What is done to incidents from a page: the same commands as in chat. */

const via = { via: 'page' as const }

/** Yuan as people write them; read to fen. */
export const yuan = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,2})?$/, { error: 'must be an amount like "30.00"' })
  .transform(text => Math.round(Number(text) * 100))
export const points = z.number().min(0).max(1000)
const words = z.string().trim().max(500).default('')

export const incidentAct = z.strictObject({
  act: z.enum(['confirm', 'drop', 'revoke', 'uphold', 'reject', 'amend', 'appeal']),
  /** The version of the incident the page showed. */
  version: z.int().min(1),
  words,
  amount: yuan.optional(),
  points: points.optional(),
})
export type IncidentActWish = z.output<typeof incidentAct>

const missing = (detail: string) => new HttpProblem(422, 'Missing', detail)

/** Does it, and says what became of it. @throws HttpProblem 404, 422; Refusal (409) where somebody decided meanwhile or it can't be done */
export async function actOnIncident(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  code: string,
  wish: IncidentActWish,
): Promise<IncidentDone> {
  const { incident } = await needIncident(tx, ctx, viewer, code)
  const now = (await lockIncident(tx, ctx.company, incident.id)) ?? incident
  if (changedSince(now, wish.version)) {
    const stands = subtitleOf(await incidentScene(tx, ctx, now))
    throw new Refusal('stale', `${code} 已有变化：${stands}。这次没有改动，请看现在的内容再决定。`)
  }
  const request = { id: now.id, command: commandOf(wish, now), by: viewer.person }
  const after = await decideOn(tx, ctx, request, { ...via, ...(wish.words && { words: wish.words }) })
  const scene = await incidentScene(tx, ctx, after)
  const said = wish.act === 'appeal' ? appealedText(scene.answerDay !== null, code) : doneText(scene)
  return { said, incident: await incidentDetails(tx, ctx, viewer, scene) }
}

/** On the page photos are added below, not sent in chat. */
const appealedText = (answers: boolean, code: string): string =>
  `已提交 ${code} 的申诉${answers ? '，经理会按期答复' : ''}，答复以前照记。有照片可以在下面添加。`

function commandOf(
  { act, words: reason, amount, points: much }: IncidentActWish,
  { code, view }: IncidentRecord,
): SaidCommand {
  const need = (what: string) => {
    if (!reason) throw missing(`${what}，请写上。`)
    return reason
  }
  switch (act) {
    case 'confirm':
      return { do: 'confirm' }
    case 'drop':
      return { do: 'drop', ...(reason && { reason }) }
    case 'revoke':
      return { do: 'drop', reason: need(`${code} 已经生效，为什么撤销？原因会告诉本人`) }
    case 'uphold':
      return { do: 'uphold', ...(reason && { reason }) }
    case 'reject':
      return { do: 'reject', reason: need('为什么维持？本人会看到理由') }
    case 'appeal':
      return { do: 'appeal', reason: need('为什么申诉？经理按它答复') }
    case 'amend':
      if (amount === undefined && much === undefined) throw missing('改为多少？请填金额或分数。')
      return amendment(view, { fen: amount, points: much, reason: need('为什么改？本人会看到理由') })
  }
}

const mostPhotos = 12

/** A photo as evidence, or, from the one it is about, of his appeal. @throws HttpProblem 404, 409, 415 */
export async function addPhoto(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  code: string,
  bytes: Buffer,
): Promise<IncidentDetails> {
  const scene = await needIncident(tx, ctx, viewer, code)
  const mime = needPicture(bytes)
  const me = viewer.person.id
  const now = (await lockIncident(tx, ctx.company, scene.incident.id)) ?? scene.incident
  const { view } = now
  if (!mayAddPhotos(now, { me, manager: scene.deciders.includes(me) }))
    throw new Refusal(
      'photos',
      view.person === me ? `申诉以后、答复以前才能加照片，${code} 没有改动。` : `${code} 现在不能加照片。`,
    )
  if (view.photos.length + (view.appeal?.photos.length ?? 0) >= mostPhotos)
    throw new Refusal('photos', `${code} 已有 ${mostPhotos} 张照片，不能再加。`)
  const file = { personId: me, platform: viewer.platform, bytes, mime }
  const id = await keepUpload(tx, ctx.company, file, ctx.clock.now())
  const after = await addPhotos(tx, ctx, { id: now.id, media: [id], by: viewer.person }, via)
  return incidentDetails(tx, ctx, viewer, await incidentScene(tx, ctx, after ?? now))
}
