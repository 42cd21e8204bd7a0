import type { World } from './command.ts'
import { type Fact, type FactBody, type FactName, standing } from './fact.ts'
import { refuse } from './refusals.ts'

/** Facts that a person may take back with 撤回. */
const takeable = new Set<FactName>([
  'accepted',
  'contacted',
  'unreachable',
  'unreachableConfirmed',
  'appointed',
  'departed',
  'arrived',
  'suspended',
  'resumed',
  'expected',
  'completed',
  'emptyRun',
  'reported',
  'sampled',
  'revisited',
  'routed',
  'progress',
  'revisitTried',
  'closed',
  'joined',
  'left',
  'shared',
  'urged',
  'cancelled',
])

/** Facts that come and go beside the steps: a photo or signature sent after 完工 does not keep it from being taken back. */
const beside = new Set<FactName>([
  'reminded',
  'asked',
  'photo',
  'signed',
  'located',
  'helpAsked',
  'reworked',
  'unreworked',
  'returnAsked',
  'erased',
])

/** Takes back this person's last reply: all facts of that moment, if nothing happened since and it is not too old. */
export function undo(facts: readonly Fact[], world: World): FactBody[] {
  // What he said last is what he means: the step before it must not be taken back in its place.
  if (standing(facts).findLast(fact => fact.by === world.actor.id)?.fact === 'returnAsked')
    throw refuse(
      'step',
      `${world.code} 的退换情况不用撤回：哪样说错了，再说一遍就改过来，比如「退换 ${world.code} 附件齐」。`,
    )
  const live = standing(facts).filter(fact => !beside.has(fact.fact))
  const last = live.at(-1)
  const mine = last && last.by === world.actor.id && takeable.has(last.fact)
  if (!mine) throw refuse('step', `${world.code} 最后一步不是你报的，不能撤回。请找派工员处理。`)
  if (world.now.getTime() - Date.parse(last.at) > world.undoWithinMs)
    throw refuse(
      'late',
      `${world.code} 的上一步已超过 ${Math.round(world.undoWithinMs / 60_000)} 分钟，不能撤回。请找派工员处理。`,
    )
  const together = live.slice(live.findLastIndex(fact => !sameReply(fact, last)) + 1)
  // The draw goes first: what is told is that the completion was taken back.
  const sampled = together.filter(fact => fact.fact === 'sampled')
  const others = together.filter(fact => fact.fact !== 'sampled')
  return [...sampled, ...others].map(fact => ({ fact: 'undone', undoes: fact.seq }))
}

/** Facts that one reply recorded together, e.g. 到达 with the 已联系 it implies. */
function sameReply(one: Fact, other: Fact): boolean {
  return one.at === other.at && one.by === other.by && one.via === other.via && one.words === other.words
}
