import { Decimal } from 'decimal.js'
import jsep from 'jsep'

/**
 * Formulas of a rule book (design.md §9): numbers, names, + - × ÷, comparisons, 且/或 as && and ||, `条件 ? 甲 : 乙` and a
 * handful of functions. They are read by jsep into a tree of which only these kinds of node are taken, so a formula reaches
 * nothing but the values it names, has no loop, and takes as long as it is. All numbers are decimals.
 */

/** Digits kept in a division; money is rounded to fen once, at the end of a line. */
export const Num = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -30, toExpPos: 30 })
export type Num = Decimal

/** A value is a number, or the yes or no of a comparison. */
export type Kind = 'number' | 'yesno'

export type Node =
  | { is: 'number'; value: Num }
  | { is: 'name'; name: string }
  | { is: 'not' | 'minus'; of: Node }
  | { is: 'two'; sign: Sign; left: Node; right: Node }
  | { is: 'if'; test: Node; yes: Node; no: Node }
  | { is: 'call'; name: FunctionName; with: Node[] }

const signs = {
  '*': 'number',
  '/': 'number',
  '+': 'number',
  '-': 'number',
  '>=': 'compare',
  '<=': 'compare',
  '>': 'compare',
  '<': 'compare',
  '==': 'compare',
  '!=': 'compare',
  '&&': 'join',
  '||': 'join',
} as const
export type Sign = keyof typeof signs

/** Names of functions, with the number of values they take. */
const functions = {
  最大: [2, 9],
  最小: [2, 9],
  取整: [1, 1],
  进位: [1, 1],
  四舍五入: [1, 2],
  绝对值: [1, 1],
  除: [3, 3],
} as const
export type FunctionName = keyof typeof functions
export const isFunction = (name: string): name is FunctionName => Object.hasOwn(functions, name)

export interface Formula {
  /** As it was written. */
  text: string
  names: readonly string[]
  gives: Kind
  node: Node
}

/** What is wrong with a formula, in English for whoever writes the policy. */
export class FormulaFault extends Error {}

const longest = 400
const deepest = 40

/** @throws FormulaFault */
export function readFormula(text: string): Formula {
  if (text.length > longest) throw new FormulaFault(`is longer than ${longest} characters: divide it into items`)
  const names = new Set<string>()
  const node = tree(parsed(text), names, 0)
  return { text: text.trim(), names: [...names], gives: kindOf(node), node }
}

function parsed(text: string): jsep.Expression {
  try {
    return jsep(plain(text))
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/ at character \d+$/, '') : String(error)
    throw new FormulaFault(`can't be read: ${said}`)
  }
}

const wide: Readonly<Record<string, string>> = {
  ...{ '×': '*', '÷': '/', '≥': '>=', '≤': '<=', '≠': '!=', '（': '(', '）': ')', '，': ',', '＋': '+', '－': '-' },
  ...{ '？': '?', '：': ':', '％': '%', '＞': '>', '＜': '<' },
}

/** The signs of a keyboard that writes Chinese, and `20 %` and `1 ‰` as what they are. */
function plain(text: string): string {
  return text
    .replace(/[×÷≥≤≠（），＋－？：％＞＜]/g, sign => wide[sign] ?? sign)
    .replace(/(\d+(?:\.\d+)?)\s*%/g, '($1/100)')
    .replace(/(\d+(?:\.\d+)?)\s*‰/g, '($1/1000)')
}

function tree(given: jsep.Expression, names: Set<string>, depth: number): Node {
  if (depth > deepest) throw new FormulaFault('is nested too deep: divide it into items')
  const down = (one: unknown) => tree(one as jsep.Expression, names, depth + 1)
  switch (given.type) {
    case 'Literal':
      return literal(given as jsep.Literal)
    case 'Identifier': {
      const { name } = given as jsep.Identifier
      if (isFunction(name)) throw new FormulaFault(`${name} is a function: write ${name}(…)`)
      names.add(name)
      return { is: 'name', name }
    }
    case 'UnaryExpression': {
      const { operator, argument } = given as jsep.UnaryExpression
      const of = down(argument)
      if (operator === '-') return { is: 'minus', of: number(of, '-') }
      if (operator === '+') return number(of, '+')
      if (operator === '!') return { is: 'not', of: yesno(of, '!') }
      throw new FormulaFault(`knows no sign ${operator}`)
    }
    case 'BinaryExpression':
      return two(given as jsep.BinaryExpression, down)
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = given as jsep.ConditionalExpression
      const [yes, no] = [down(consequent), down(alternate)]
      if (kindOf(yes) !== kindOf(no))
        throw new FormulaFault('gives a number on one side of : and a yes or no on the other')
      return { is: 'if', test: yesno(down(test), '?'), yes, no }
    }
    case 'CallExpression':
      return call(given as jsep.CallExpression, down)
    case 'Compound':
      throw new FormulaFault('has two values with no sign between them')
    default:
      throw new FormulaFault('may have numbers, names, + - * /, comparisons, ? : and functions, nothing else')
  }
}

function literal({ raw, value }: jsep.Literal): Node {
  if (typeof value !== 'number' || !/^\d+(\.\d+)?$/.test(raw))
    throw new FormulaFault(`${raw} is no number: write digits, with a point where needed`)
  return { is: 'number', value: new Num(raw) }
}

function two({ operator, left, right }: jsep.BinaryExpression, down: (one: unknown) => Node): Node {
  if (!Object.hasOwn(signs, operator)) throw new FormulaFault(`knows no sign ${operator}`)
  const sign = operator as Sign
  const check = signs[sign] === 'join' ? yesno : number
  const node = { is: 'two' as const, sign, left: check(down(left), sign), right: check(down(right), sign) }
  if (sign === '/' && node.right.is === 'number' && node.right.value.isZero()) throw new FormulaFault('divides by 0')
  return node
}

function call({ callee, arguments: given }: jsep.CallExpression, down: (one: unknown) => Node): Node {
  const name = callee.type === 'Identifier' ? (callee as jsep.Identifier).name : ''
  const known = Object.keys(functions).join(', ')
  if (!isFunction(name)) throw new FormulaFault(`calls ${name || 'something'}: the functions are ${known}`)
  const [least, most] = functions[name]
  if (given.length < least || given.length > most)
    throw new FormulaFault(
      `${name} takes ${least === most ? least : `${least} to ${most}`} values, not ${given.length}`,
    )
  return { is: 'call', name, with: given.map(one => number(down(one), name)) }
}

function kindOf(node: Node): Kind {
  if (node.is === 'not') return 'yesno'
  if (node.is === 'two') return signs[node.sign] === 'number' ? 'number' : 'yesno'
  return node.is === 'if' ? kindOf(node.yes) : 'number'
}

function number(node: Node, where: string): Node {
  if (kindOf(node) !== 'number') throw new FormulaFault(`${where} wants numbers, and gets a yes or no`)
  return node
}

function yesno(node: Node, where: string): Node {
  if (kindOf(node) !== 'yesno') throw new FormulaFault(`${where} wants a comparison, and gets a number`)
  return node
}
