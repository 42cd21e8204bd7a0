import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { put, type Telling } from '../outbox/store.ts'
import { rolesIn } from '../people/person.ts'
import { postingPlaces } from '../people/places.ts'
import { peopleOf } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import type { MonthRecord } from './closing.ts'
import type { MonthEntry } from './fact.ts'
import { picturesIn } from './posts.ts'
import { resultOf, slipPeople } from './rows.ts'

/** Puts into the outbox what facts about a month mean for its manager, for everybody with a slip, and for the group. */
export async function announceMonth(
  tx: Tx,
  ctx: Context,
  { record, added }: { record: MonthRecord; policy: Policy; added: readonly MonthEntry[] },
): Promise<void> {
  if (added.length === 0) return
  await put(tx, ctx.company, await monthTellings(tx, ctx, record, added), ctx.clock.now())
}

/** What facts about a month say to whom. The record is as it is with them. */
export async function monthTellings(
  tx: Tx,
  ctx: Context,
  record: MonthRecord,
  added: readonly MonthEntry[],
): Promise<Telling[]> {
  const members = await peopleOf(tx, ctx.company, [record.teamId])
  const managers = members.filter(one => rolesIn(one, record.teamId).includes('manager')).map(({ id }) => id)
  const tellings: Telling[] = []
  for (const fact of added) tellings.push(...(await told(tx, ctx, record, fact, managers)))
  return tellings
}

async function told(
  tx: Tx,
  ctx: Context,
  record: MonthRecord,
  fact: MonthEntry,
  managers: readonly string[],
): Promise<Telling[]> {
  const { id, view } = record
  const to = (people: readonly string[], kind: string, data: object = {}): Telling[] =>
    people.map(person => ({
      ...{ kind, to: { person }, subject: id, data, dedupeKey: `${kind}:${id}:${fact.seq}:${person}` },
      ...(kind === 'month.review' || kind === 'month.slip' ? { coalesce: `${kind}:${id}:${person}` } : {}),
    }))
  switch (fact.fact) {
    case 'reckoned': {
      if (view.state === 'draft') return to(managers, 'month.review')
      return to(fact.changed, 'month.slip', { changed: true })
    }
    case 'published': {
      const people = await slipPeople(tx, ctx.company, id)
      const others = managers.filter(manager => manager !== fact.by || fact.via === 'api')
      return [
        ...(await groupPosts(tx, ctx, record, fact)),
        ...to(people, 'month.slip'),
        ...to(managers, 'month.summary'),
        ...to(others, 'month.state', { state: 'published' }),
      ]
    }
    case 'appealed':
      return to(
        managers.filter(manager => manager !== fact.person),
        'month.appeal',
        { nr: fact.nr },
      )
    case 'answered': {
      const appeal = view.appeals.find(({ nr }) => nr === fact.nr)
      return appeal ? to([appeal.person], 'month.answer', { nr: fact.nr }) : []
    }
    case 'locked':
      return to(
        managers.filter(manager => manager !== fact.by),
        'month.state',
        { state: 'locked' },
      )
    case 'adjusted':
    case 'wanted':
      return []
  }
}

async function groupPosts(tx: Tx, ctx: Context, record: MonthRecord, fact: MonthEntry): Promise<Telling[]> {
  const { result } = await resultOf(tx, ctx.company, record.id)
  if (!result) return []
  const places = await postingPlaces(tx, ctx.company, record.teamId)
  return places.flatMap(({ platform, chatId, via }) => {
    const post = (kind: string, data: object, nth: number): Telling => ({
      ...{ kind, to: { platform, chatId }, subject: record.id, data: { ...data, via } },
      dedupeKey: `${kind}:${record.id}:${fact.seq}:${platform}:${chatId}:${nth}`,
    })
    const pages = Array.from({ length: picturesIn(result) }, (_, page) => post('month.picture', { page }, page))
    return [post('month.group', {}, 0), ...pages]
  })
}
