import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { personById, teamById } from '../people/store.ts'
import { type CorrectionScene, correctionCard, ruledText } from './correctwords.ts'
import { correctionById } from './find.ts'
import { monthOfOne, rulesFor, watchedBy } from './look.ts'
import { type NoticeData, proposalFor } from './notices.ts'
import { latesText, proposalText } from './words.ts'

/** A day off duty that came of lates, or dismissal proposed: only while it still holds. */
const notice: Composer = async (row, tx, ctx) => {
  const data = row.data as NoticeData
  const person = await personById(tx, ctx.company, data.personId)
  const team = await teamById(tx, ctx.company, data.teamId)
  const now = team && watchedBy(ctx, team, ctx.clock.now())
  if (!person || !now) return { drop: 'the person or the rule is gone' }
  const watched = rulesFor(ctx, now, data.month)
  const month = await monthOfOne(tx, ctx, watched, person, data.month)
  const proposal = proposalFor(month, data)
  if (data.why === 'lates' ? month.lates.days < data.count : !proposal) return { drop: 'it does not hold any more' }
  const text = proposal
    ? proposalText(person.name, month, proposal, watched.policy, watched.rule)
    : latesText(person.name, month, data.count, watched.policy, watched.rule)
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text } }
}

const correction: Composer = async (row, tx, ctx) => {
  const shown = await correctionScene(tx, ctx, (row.data as { id: string }).id)
  if (!shown) return { drop: 'the correction is gone' }
  if (shown.correction.ruling) return { drop: 'it is decided already' }
  return {
    to: { person: row.personId ?? '' },
    message: { kind: 'card', card: correctionCard(shown) },
    taskId: `punch_${row.id}`,
  }
}

const ruled: Composer = async (row, tx, ctx) => {
  const shown = await correctionScene(tx, ctx, (row.data as { id: string }).id)
  if (!shown?.correction.ruling) return { drop: 'the correction is gone' }
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text: ruledText(shown) } }
}

/** A correction with the names that its card shows; null when it is gone. */
export async function correctionScene(tx: Tx, ctx: Context, id: string): Promise<CorrectionScene | null> {
  const found = await correctionById(tx, ctx.company, id)
  const [person, team] = await Promise.all([
    found ? personById(tx, ctx.company, found.personId) : null,
    found ? teamById(tx, ctx.company, found.teamId) : null,
  ])
  if (!found || !person || !team) return null
  const by = found.ruling ? await personById(tx, ctx.company, found.ruling.by) : null
  const { zone } = ctx.policy(team.policy)
  return { correction: found, name: person.name, team: team.name, by: by?.name ?? '', zone }
}

export const attendanceComposers: Composers = {
  'attendance.notice': notice,
  'attendance.correction': correction,
  'attendance.ruled': ruled,
}
