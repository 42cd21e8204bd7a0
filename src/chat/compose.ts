import type { Composer, Composers } from '../outbox/compose.ts'
import { personById } from '../people/store.ts'
import { leaveDraftCard } from './leavedraft.ts'
import { draftCard } from './newOrder.ts'
import type { ReplyData } from './receive.ts'
import { lockDraft } from './store.ts'

/** An answer the door could not give in time. */
const reply: Composer = async row => {
  const { message, platform, userId, chat, painted } = row.data as ReplyData
  if (painted) return { drop: 'repainted by its own row' }
  const taskId = `reply_${row.id}`
  if (chat.kind === 'group') return { to: { group: chat.id, platform, via: 'bot' }, message, taskId, answer: true }
  // Where he asked, whichever platform he is usually reached on.
  return { to: { user: userId, platform }, message, taskId, answer: true }
}

const draft: Composer = async (row, tx, ctx) => {
  const held = await lockDraft(tx, ctx.company, (row.data as { draft: string }).draft)
  if (!held || held.closedAt) return { drop: 'the draft is closed' }
  const person = held.kind === 'leave' ? await personById(tx, ctx.company, held.personId) : null
  const card = person ? await leaveDraftCard({ tx, ctx, person }, held) : await draftCard({ tx, ctx }, held)
  return {
    to: { person: row.personId ?? '' },
    message: { kind: 'card', card },
    taskId: `draft_${row.id}`,
  }
}

const note: Composer = async row => ({
  to: { person: row.personId ?? '' },
  message: { kind: 'text', text: (row.data as { text: string }).text },
})

export const chatComposers: Composers = { reply, note, 'draft.card': draft }
