import { type Formula, type FunctionName, type Node, Num } from './formulatree.ts'

/** A division by zero: `by` is what was divided by, as it was written. */
export class DividedByZero extends Error {
  readonly by: string
  constructor(by: string) {
    super(`divides by ${by}, which is 0`)
    this.by = by
  }
}

const largest = new Num('1e15')
/** No figure can be that large (it has 14 digits before the point); what is was multiplied once too often. */
export const isTooLarge = (value: Num): boolean => !value.abs().lte(largest)

/** Values by name. Every name of the formula has one: that is checked when the policy is read. */
export type Values = (name: string) => Num

/** A third three times is one again: the last digits of a division are dropped before anything is compared. */
const near = (value: Num): Num => value.toSignificantDigits(30)

/** @throws DividedByZero */
export function numberOf(formula: Formula, values: Values): Num {
  return near(reckon(formula.node, values) as Num)
}

/** @throws DividedByZero */
export function holds(formula: Formula, values: Values): boolean {
  return reckon(formula.node, values) as boolean
}

/** What a formula without names comes to. */
export const constantOf = (given: Formula): Num =>
  numberOf(given, name => {
    throw new Error(`a constant names ${name}`)
  })

function reckon(node: Node, values: Values): Num | boolean {
  switch (node.is) {
    case 'number':
      return node.value
    case 'name':
      return values(node.name)
    case 'minus':
      return (reckon(node.of, values) as Num).neg()
    case 'not':
      return !reckon(node.of, values)
    case 'if':
      return reckon(reckon(node.test, values) ? node.yes : node.no, values)
    case 'call':
      return apply(node.name, node.with, values)
    case 'two':
      return combine(node, values)
  }
}

function combine({ sign, left, right }: Extract<Node, { is: 'two' }>, values: Values): Num | boolean {
  // What a comparison has ruled out is not reckoned: 人数 > 0 && 产值 / 人数 > 5.
  if (sign === '&&') return (reckon(left, values) as boolean) && (reckon(right, values) as boolean)
  if (sign === '||') return (reckon(left, values) as boolean) || (reckon(right, values) as boolean)
  const [a, b] = [reckon(left, values) as Num, reckon(right, values) as Num]
  switch (sign) {
    case '+':
      return a.plus(b)
    case '-':
      return a.minus(b)
    case '*':
      return a.times(b)
    case '/':
      if (b.isZero()) throw new DividedByZero(written(right))
      return a.div(b)
    case '>=':
      return near(a).gte(near(b))
    case '<=':
      return near(a).lte(near(b))
    case '>':
      return near(a).gt(near(b))
    case '<':
      return near(a).lt(near(b))
    case '==':
      return near(a).eq(near(b))
    case '!=':
      return !near(a).eq(near(b))
  }
}

function apply(name: FunctionName, given: readonly Node[], values: Values): Num {
  const [a = new Num(0), b = new Num(0)] = name === '除' ? [] : given.map(one => reckon(one, values) as Num)
  switch (name) {
    case '最大':
      return Num.max(...given.map(one => reckon(one, values) as Num))
    case '最小':
      return Num.min(...given.map(one => reckon(one, values) as Num))
    case '取整':
      return a.floor()
    case '进位':
      return a.ceil()
    case '绝对值':
      return a.abs()
    case '四舍五入':
      return a.toDecimalPlaces(Math.min(Math.max(Math.trunc(b.toNumber()), 0), 10), Num.ROUND_HALF_UP)
    case '除': {
      const [top, bottom, otherwise] = given as [Node, Node, Node]
      const by = reckon(bottom, values) as Num
      return by.isZero() ? (reckon(otherwise, values) as Num) : (reckon(top, values) as Num).div(by)
    }
  }
}

/** A part of a formula in words, for whoever has to mend a figure. */
function written(node: Node): string {
  if (node.is === 'name') return node.name
  if (node.is === 'number') return node.value.toString()
  if (node.is === 'two') return `(${written(node.left)} ${node.sign} ${written(node.right)})`
  if (node.is === 'minus') return `-${written(node.of)}`
  return node.is === 'call' ? `${node.name}(${node.with.map(written).join(', ')})` : '…'
}
