import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { incidentActs, subtitleOf } from '../incidents/card.ts'
import { likeIncidents } from '../incidents/find.ts'
import type { IncidentRecord } from '../incidents/incident.ts'
import { type IncidentScene, incidentScene } from '../incidents/look.ts'
import { type Photo, photosOf } from '../incidents/media.ts'
import { sayItemRule } from '../incidents/rulewords.ts'
import { sayEffects, sayGround, sayItem, sayPoints } from '../incidents/saying.ts'
import { storySteps } from '../incidents/words.ts'
import { sayDay } from '../leave/daywords.ts'
import { maySeeTeam, type Viewer } from '../login/viewer.ts'
import { clockRunsOf } from '../orders/clocks.ts'
import { explainClock } from '../orders/explain.ts'
import { timeFor } from '../orders/fact.ts'
import { scenePeople } from '../orders/look.ts'
import { worksOn } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { orderByCode } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import { sayTime } from '../orders/timewords.ts'
import { maskPhones } from '../people/person.ts'
import { amountOf } from '../policy/fen.ts'
import { mayKnowOf } from './incidentreach.ts'
import type { IncidentAct, IncidentDetails, IncidentRow } from './incidentwire.ts'

/** Incidents as the console's pages show them: what a card says, and what it has no room for. */

export function incidentRow(scene: IncidentScene, viewer: Viewer): IncidentRow {
  const { incident, today, nameOf } = scene
  const { view, code, team } = incident
  const own = view.person === viewer.person.id
  return {
    ...{ code, team, person: { id: view.person, name: nameOf(view.person) }, item: sayItem(view), own },
    ...{ day: sayDay(view.day, today), order: view.order?.code ?? null, state: view.state },
    // Of a proposed dismissal only managers hear.
    effects: sayEffects(view.is, { manager: scene.deciders.includes(viewer.person.id) }),
    gives: view.is.fen > 0 || view.is.points > 0,
    stateName: subtitleOf(scene),
  }
}

export async function incidentRows(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  incidents: readonly IncidentRecord[],
): Promise<IncidentRow[]> {
  const rows: IncidentRow[] = []
  for (const incident of incidents) rows.push(incidentRow(await incidentScene(tx, ctx, incident), viewer))
  return rows
}

const answers = { upheld: '成立，已撤销', rejected: '维持', amended: '改轻' } as const

/** An incident with its evidence, its rule and its story. */
export async function incidentDetails(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  scene: IncidentScene,
): Promise<IncidentDetails> {
  const { incident, policy, item, now, today, nameOf, deciders, lastAppealDay, answerDay } = scene
  const { view, teamId } = incident
  const me = viewer.person.id
  const manager = deciders.includes(me)
  const order = view.order && (await orderByCode(tx, ctx.company, view.order.code))
  const { appeal } = view
  const photos = await photosOf(tx, ctx.company, [...view.photos, ...(appeal?.photos ?? [])])
  const shown = (ids: readonly string[]) =>
    photos.filter(({ id }) => ids.includes(id)).map(({ id, state }: Photo) => ({ id, state }))
  const zone = policy.zone
  const rule = { appealWithin: policy.incidents?.appealWithin ?? 0 }
  const others = await likeIncidents(tx, ctx.company, {
    ...{ personId: view.person, item: view.item, day: view.day, orderId: view.order?.id },
  })
  const like: IncidentRecord[] = []
  for (const one of others) if (one.id !== incident.id && (await mayKnowOf(tx, ctx, viewer, one))) like.push(one)
  return {
    ...incidentRow(scene, viewer),
    ...{ teamId, note: maskPhones(view.note), policy: view.policy, version: view.look },
    enteredBy: view.by ? nameOf(view.by) : incident.facts[0]?.via === 'api' ? '接口' : '系统自动提出',
    ground: view.ground && sayGround(view.ground, now, zone),
    arithmetic: order ? await arithmeticOf(tx, ctx, order, scene) : [],
    orderOpen: order !== null && (maySeeTeam(viewer, order.teamId) || worksOn(order.view, me)),
    photos: shown(view.photos),
    appeal: appeal && {
      ...{ reason: maskPhones(appeal.reason), at: sayTime(new Date(appeal.at), now, zone) },
      photos: shown(appeal.photos),
      answer: appeal.answer && {
        ...{ how: answers[appeal.answer.how], by: appeal.answer.by && nameOf(appeal.answer.by) },
        reason: maskPhones(appeal.answer.reason),
      },
    },
    dropped: view.dropped ? maskPhones(view.dropped.reason) : null,
    rule: {
      ...{ group: item?.group ?? null, name: view.item, cite: view.rule },
      lines: item ? sayItemRule(item, rule) : ['制度里已经没有这一项了，按记录时的规矩算。'],
    },
    appealUntil: lastAppealDay && sayDay(lastAppealDay, today),
    answerUntil: answerDay && sayDay(answerDay, today),
    amount: view.is.fen === 0 ? null : amountOf(BigInt(Math.abs(view.is.fen))),
    points: view.is.points === 0 ? null : sayPoints(view.is.points),
    acts: incidentActs(scene, me) as IncidentAct[],
    mayAddPhotos: mayAddPhotos(incident, { me, manager }),
    story: storySteps(scene, { manager }),
    like: await incidentRows(tx, ctx, viewer, like),
  }
}

/** Evidence is for whoever entered it and those who decide; he himself adds to his appeal until it is answered. */
export function mayAddPhotos(
  { view }: Pick<IncidentRecord, 'view'>,
  { me, manager }: { me: string; manager: boolean },
): boolean {
  if (view.state === 'dropped') return false
  if (view.person === me) return view.state === 'appealed'
  return manager || view.by === me
}

/** Why the clock is late, line by line, as 为什么超时 says it. */
async function arithmeticOf(tx: Tx, ctx: Context, order: OrderRecord, scene: IncidentScene): Promise<string[]> {
  const { ground } = scene.incident.view
  if (ground?.of !== 'clock') return []
  const policy = rulesOf(ctx, order)
  const now = timeFor(order.facts, scene.now)
  const run = clockRunsOf(order.facts, policy, now).find(
    one => one.kind === ground.clock && one.startedAt.toISOString() === ground.startedAt,
  )
  if (!run) return []
  const nameOf = await scenePeople(tx, ctx, order, [])
  return explainClock(run, order.facts, policy, now, nameOf).split('\n')
}
