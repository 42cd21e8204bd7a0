import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { namesOf, teamById } from '../people/store.ts'
import { monthTellings } from '../settlement/announce.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import { appealableUntil } from '../settlement/decide.ts'
import { rulesOfMonth } from '../settlement/flow.ts'
import type { Sending } from './monthwire.ts'

const whats: Readonly<Record<string, string>> = {
  'month.group': '排名和班组数字，没有钱',
  'month.picture': '排名图',
  'month.slip': '各人自己的工资条',
  'month.summary': '月度小结',
  'month.state': '谁做了这一步',
}

/** What a step would send to whom, by what really sends it. */
export async function sendingOf(
  tx: Tx,
  ctx: Context,
  record: MonthRecord,
  step: 'publish' | 'lock',
  by: string,
): Promise<Sending[]> {
  const now = ctx.clock.now()
  const team = await teamById(tx, ctx.company, record.teamId)
  const until = appealableUntil(rulesOfMonth(ctx, team ?? { policy: record.policy }, record.month).month, now)
  const frame = { seq: record.view.version + 1, at: now.toISOString(), by, via: 'page' as const }
  const fact =
    step === 'publish' ? { ...frame, fact: 'published' as const, until } : { ...frame, fact: 'locked' as const }
  const tellings = await monthTellings(tx, ctx, record, [fact])
  const people = tellings.flatMap(({ to }) => ('person' in to ? [to.person] : []))
  const names = await namesOf(tx, ctx.company, [...new Set(people)])
  const found = new Map<string, string[]>()
  for (const { kind, to } of tellings) {
    const what = whats[kind] ?? kind
    const whom = 'person' in to ? (names.get(to.person) ?? '') : (groupNames[to.platform] ?? to.platform)
    const known = found.get(what) ?? []
    if (!known.includes(whom)) found.set(what, [...known, whom])
  }
  return [...found].map(([what, to]) => ({ what, to }))
}

const groupNames: Readonly<Record<string, string>> = { wecom: '企业微信群', dingtalk: '钉钉群' }
