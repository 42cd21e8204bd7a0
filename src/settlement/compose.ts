import type { Card } from '../chat/card.ts'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Composed, Composer, Composers } from '../outbox/compose.ts'
import { showCard } from '../outbox/shown.ts'
import type { OutboxRow } from '../outbox/store.ts'
import { namesOf, teamById } from '../people/store.ts'
import { appealCard, reviewCard, slipCard } from './card.ts'
import type { MonthRecord } from './closing.ts'
import { rulesOfMonth } from './flow.ts'
import { drawRankingPage } from './picture.ts'
import { pictureOf } from './posts.ts'
import { monthById, resultOf, slipOf } from './rows.ts'
import { answerText, groupText, monthName, stateText, summaryText } from './saying.ts'
import type { TeamResult } from './slip.ts'

const gone: Composed = { drop: 'the month is gone' }

interface Found {
  record: MonthRecord
  result: TeamResult | null
}

async function found(row: OutboxRow, tx: Tx, ctx: Context): Promise<Found | null> {
  const record = row.subject === null ? null : await monthById(tx, ctx.company, row.subject)
  return record && { record, ...(await resultOf(tx, ctx.company, record.id)) }
}

async function policyFor(tx: Tx, ctx: Context, { teamId, month, policy }: MonthRecord) {
  const team = await teamById(tx, ctx.company, teamId)
  return rulesOfMonth(ctx, team ?? { policy }, month)
}

const nameIn = async (tx: Tx, ctx: Context, ids: ReadonlyArray<string | null | undefined>) => {
  const names = await namesOf(
    tx,
    ctx.company,
    ids.flatMap(id => id ?? []),
  )
  return (id: string) => names.get(id) ?? '（已离职）'
}

/** A card whose taps are known again by its task. */
function carded(row: OutboxRow, ctx: Context, record: MonthRecord, card: Card): Composed {
  const personId = row.personId ?? ''
  const taskId = `month_${row.id}`
  return {
    ...{ to: { person: personId }, message: { kind: 'card', card }, taskId },
    sent: (after, sent, platform) =>
      showCard(
        after,
        ctx.company,
        { subject: record.id, personId, platform, taskId, version: card.version },
        { messageId: sent.messageId, handle: sent.repaint?.handle, handleExpiresAt: sent.repaint?.expiresAt },
        ctx.clock.now(),
      ),
  }
}

const text = (row: OutboxRow, words: string): Composed => ({
  to: { person: row.personId ?? '' },
  message: { kind: 'text', text: words },
})

const review: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  if (!is) return gone
  if (is.record.view.state !== 'draft') return { drop: 'it is published already' }
  return carded(row, ctx, is.record, reviewCard(is.record, is.result))
}

const slip: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  const own = is && (await slipOf(tx, ctx.company, is.record.id, row.personId ?? ''))
  if (!is?.result || !own) return gone
  if (is.record.view.state === 'draft') return { drop: 'it is not published' }
  const { zone } = await policyFor(tx, ctx, is.record)
  const { changed = false } = row.data as { changed?: boolean }
  return carded(
    row,
    ctx,
    is.record,
    slipCard(is.record, own, is.result, { zone, changed, link: ctx.pages?.slip(is.record.id, own.person) }),
  )
}

const appeal: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  const { nr } = row.data as { nr: number }
  const asked = is?.record.view.appeals.find(one => one.nr === nr)
  if (!is || !asked) return gone
  if (asked.answer) return { drop: 'it was answered meanwhile' }
  const own = await slipOf(tx, ctx.company, is.record.id, asked.person)
  return carded(row, ctx, is.record, appealCard(is.record, asked, own, await nameIn(tx, ctx, [asked.person])))
}

const answer: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  const { nr } = row.data as { nr: number }
  const asked = is?.record.view.appeals.find(one => one.nr === nr)
  if (!is || !asked?.answer) return gone
  const own = await slipOf(tx, ctx.company, is.record.id, asked.person)
  const line = own?.lines.find(({ item }) => item === asked.item)
  return text(row, answerText(asked, is.record, line, await nameIn(tx, ctx, [asked.answer.by])))
}

const summary: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  if (!is?.result) return gone
  const { targets } = await policyFor(tx, ctx, is.record)
  return text(row, summaryText(is.result, targets))
}

const state: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  if (!is) return gone
  const { state: which } = row.data as { state: 'published' | 'locked' }
  return text(
    row,
    stateText(
      is.record,
      which,
      await nameIn(
        tx,
        ctx,
        is.record.facts.map(({ by }) => by),
      ),
    ),
  )
}

function toGroup(row: OutboxRow, record: MonthRecord) {
  const { via } = row.data as { via: 'bot' | 'webhook' }
  return { group: row.chatId ?? '', platform: row.platform as PlatformName, via, teamId: record.teamId }
}

const group: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  if (!is?.result) return gone
  const { targets, zone } = await policyFor(tx, ctx, is.record)
  const words = groupText(is.result, targets, is.record.view.appealsUntil, zone)
  return { to: toGroup(row, is.record), message: { kind: 'text', text: words } }
}

const picture: Composer = async (row, tx, ctx) => {
  const is = await found(row, tx, ctx)
  if (!is?.result) return gone
  const { targets } = await policyFor(tx, ctx, is.record)
  const { result, record } = is
  const { page } = row.data as { page: number }
  const drawn = pictureOf(result, targets)
  return {
    to: toGroup(row, record),
    message: async () => ({
      kind: 'picture',
      png: await drawRankingPage(drawn, page),
      name: `${record.month}-${page + 1}.png`,
      alt: `${record.team} ${monthName(record.month)}月度排名`,
    }),
    worth: 'nice',
  }
}

export const monthComposers: Composers = {
  'month.review': review,
  'month.slip': slip,
  'month.appeal': appeal,
  'month.answer': answer,
  'month.summary': summary,
  'month.state': state,
  'month.group': group,
  'month.picture': picture,
}
