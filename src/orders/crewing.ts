import type { CrewCommand, World } from './command.ts'
import { crewOf } from './crew.ts'
import { needDesk } from './desk.ts'
import type { Fact, FactBody, Share } from './fact.ts'
import type { OrderView } from './order.ts'
import { over, refuse } from './refusals.ts'

/** 加派, 减派, 分成: who else works on an order is the desk's to say (R1.6), until 结单. */
export function crew(order: OrderView, command: CrewCommand, world: World, facts: readonly Fact[]): FactBody[] {
  needDesk(world)
  if (order.state === 'closed' || order.state === 'cancelled') throw over(order, world)
  if (command.do === 'leave') return leave(order, command.person, world)
  if (order.assignee === null)
    throw refuse('step', `${world.code} 现在没有人负责，请先回复「派 ${world.code} 给 姓名」。`)
  const told = { order, inCharge: order.assignee, world, said: crewOf(facts).said }
  return command.do === 'join' ? join(told, command.person, command.share) : share(told, command.shares)
}

interface Told {
  order: OrderView
  inCharge: string
  world: World
  /** Shares that were said so far. */
  said: readonly Share[]
}

function join({ order, inCharge, world, said }: Told, person: string, percent: number | undefined): FactBody[] {
  const { code, nameOf } = world
  if (!world.technicians.includes(person))
    throw refuse('role', `${nameOf(person)} 不是本班组的技术员，不能加到 ${code}。`)
  if (person === inCharge) throw refuse('step', `${code} 就是${nameOf(person)}负责，不用加派。`)
  if (order.helpers.includes(person))
    throw refuse('step', `${nameOf(person)} 已经在 ${code} 上了。要改分成请回复「${example(order, world)}」。`)
  if (percent !== undefined) {
    const left = 100 - sum(said)
    if (!isPercent(percent) || percent > left)
      throw refuse('share', `${percent}% 给不了${nameOf(person)}：${sayShares(order.shares, nameOf)}，最多 ${left}%。`)
  }
  return [{ fact: 'joined', person, ...(percent !== undefined && { share: percent }) }]
}

function leave(order: OrderView, person: string, world: World): FactBody[] {
  const { code, nameOf } = world
  if (person === order.assignee)
    throw refuse('step', `${code} 由${nameOf(person)}负责，不是协助。换人请回复「改派 ${code} 给 姓名」。`)
  if (!order.helpers.includes(person)) throw refuse('step', `${nameOf(person)} 不在 ${code} 上，不用减派。`)
  return [{ fact: 'left', person }]
}

function share({ order, inCharge, world }: Told, shares: readonly Share[] | undefined): FactBody[] {
  const { code, nameOf } = world
  if (order.helpers.length === 0)
    throw refuse('step', `${code} 只有${nameOf(inCharge)}一个人，不用分。先加人请回复「加派 ${code} 姓名」。`)
  const help = `请回复「${example(order, world)}」，平分回复「分成 ${code} 平分」。`
  if (!shares) throw refuse('missing', `${code} 现在的分成：${sayShares(order.shares, nameOf)}。要改${help}`)
  const people = [inCharge, ...order.helpers]
  const stranger = shares.find(({ person }) => !people.includes(person))
  if (stranger)
    throw refuse(
      'share',
      `${nameOf(stranger.person)} 不在 ${code} 上。先回复「加派 ${code} ${nameOf(stranger.person)}」。`,
    )
  const twice = shares.find(({ person }, index) => shares.findIndex(other => other.person === person) < index)
  if (twice) throw refuse('share', `${nameOf(twice.person)}写了两次，没有改。${help}`)
  if (shares.some(({ percent }) => !isPercent(percent)))
    throw refuse('share', `分成要写 0 到 100 的整数，没有改。${help}`)
  const total = sum(shares)
  if (total > 100) throw refuse('share', `加起来是 ${total}%，超过 100%，没有改。${help}`)
  if (total < 100 && shares.length === people.length)
    throw refuse('share', `加起来只有 ${total}%，要正好 100%，没有改。${help}`)
  return [{ fact: 'shared', shares: [...shares] }]
}

const sum = (shares: readonly Share[]): number => shares.reduce((total, { percent }) => total + percent, 0)

const isPercent = (percent: number): boolean => Number.isInteger(percent) && percent >= 0 && percent <= 100

/** `张三 60%、李四 40%` */
export const sayShares = (shares: readonly Share[], nameOf: (id: string) => string): string =>
  shares.map(({ person, percent }) => `${nameOf(person)} ${percent}%`).join('、')

/** A sentence that divides this order's work, to be changed and sent. */
export function example(
  { shares }: Pick<OrderView, 'shares'>,
  { code, nameOf }: Pick<World, 'code' | 'nameOf'>,
): string {
  return `分成 ${code} ${shares.map(({ person, percent }) => `${nameOf(person)} ${percent}`).join(' ')}`
}
