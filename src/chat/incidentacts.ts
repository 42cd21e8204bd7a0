import { Refusal } from '../errors.ts'
import { amendment, type IncidentCommand } from '../incidents/decide.ts'
import { addPhotos, decideOn, type SaidCommand } from '../incidents/flow.ts'
import type { IncidentRecord } from '../incidents/incident.ts'
import { incidentScene } from '../incidents/look.ts'
import type { MediaRef } from './inbound.ts'
import { kept, waitForPhotos } from './incidententer.ts'
import { named, ownToAppeal, waitingForMe } from './incidentfind.ts'
import { doneText } from './incidentwords.ts'
import type { IncidentWish } from './intent.ts'
import { type Reply, say, type Talk } from './talk.ts'

/** What is done to incidents that are there, in words. */

type Of<Do extends IncidentWish['do']> = Extract<IncidentWish, { do: Do }>

/** 确认 奖惩12 13: each by itself; what can't be is said, and keeps no other from its turn. */
export async function confirmed(talk: Talk, { codes }: Of<'confirm'>): Promise<Reply> {
  const incidents: IncidentRecord[] = []
  if (codes.length === 0) incidents.push(await waitingForMe(talk, 'proposed', '确认'))
  for (const code of new Set(codes)) incidents.push(await named(talk, code))
  const lines: string[] = []
  for (const incident of incidents) lines.push(await tried(talk, incident))
  return say(lines.join('\n'))
}

async function tried(talk: Talk, { id }: IncidentRecord): Promise<string> {
  const { tx, ctx, person, speech } = talk
  try {
    const after = await decideOn(tx, ctx, { id, command: { do: 'confirm' }, by: person }, speech)
    return doneText(await incidentScene(tx, ctx, after))
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

export async function decided(talk: Talk, wish: Of<'drop' | 'uphold' | 'reject' | 'amend'>): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const incident = wish.code
    ? await named(talk, wish.code)
    : await waitingForMe(talk, wish.do === 'drop' ? 'proposed' : 'appealed', examples[wish.do])
  const command = commandOf(wish, incident)
  const after = await decideOn(tx, ctx, { id: incident.id, command, by: person }, speech)
  return say(doneText(await incidentScene(tx, ctx, after)))
}

const examples = { drop: '撤销', uphold: '成立', reject: '维持', amend: '改为' } as const

function commandOf(wish: Of<'drop' | 'uphold' | 'reject' | 'amend'>, { code, view }: IncidentRecord): SaidCommand {
  const { reason } = wish
  switch (wish.do) {
    case 'drop':
    case 'uphold':
      return { do: wish.do, ...(reason && { reason }) }
    case 'reject':
      if (!reason) throw new Refusal('missing', `为什么维持？本人会看到理由，请回复「维持 ${code} 理由」。`)
      return { do: 'reject', reason }
    case 'amend':
      return amendOf(wish, { code, view })
  }
}

/** As much as is said, with the sign of what it is. */
function amendOf(
  { fen, points, reason }: Of<'amend'>,
  { code, view }: Pick<IncidentRecord, 'code' | 'view'>,
): Extract<IncidentCommand, { do: 'amend' }> {
  if (fen === undefined && points === undefined)
    throw new Refusal('missing', `改为多少？请回复「改为 ${code} 10元 理由」或「改为 ${code} 1分 理由」。`)
  if (!reason)
    throw new Refusal('missing', `为什么改？本人会看到理由，请在数目后面写上，比如「改为 ${code} 10元 理由」。`)
  return amendment(view, { fen, points, reason })
}

/** 申诉 12 我联系了客户: why has to be said; photos may follow. */
export async function appealed(talk: Talk, wish: Of<'appeal'>, media: readonly MediaRef[]): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const incident = wish.code ? await named(talk, wish.code) : await ownToAppeal(talk)
  if (!wish.reason)
    throw new Refusal(
      'missing',
      `为什么申诉 ${incident.code}（${incident.view.item}）？请回复「申诉 ${incident.code} 原因」，照片可以接着发。`,
    )
  const command = { do: 'appeal' as const, reason: wish.reason }
  const after = await decideOn(tx, ctx, { id: incident.id, command, by: person }, speech)
  const photos = await kept(talk, media)
  const last = photos.length > 0 ? await addPhotos(tx, ctx, { id: after.id, media: photos, by: person }, speech) : after
  await waitForPhotos(talk, after.id)
  return say(doneText(await incidentScene(tx, ctx, last ?? after)))
}
