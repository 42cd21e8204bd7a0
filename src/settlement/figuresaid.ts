import type { Num } from '../policy/formula.ts'
import { type Field, type Item, objectionTo, ownColumn } from './figureentry.ts'
import { readValue } from './figurevalue.ts'
import { exampleText, objectionText } from './figurewords.ts'

/** Which of a month's numbers a sentence is about. Nothing of what is said is taken unless all of it is clear. */

/** The numbers of one team as the speaker may enter them; who is no manager there marks himself only. */
export interface SaidTeam {
  team: string
  manages: boolean
  items: readonly Item[]
}

export interface SaidOf {
  team: string | null
  who: string | null
  card: string | null
  name: string | null
  column: string | null
  value: string | null
}

/** A field with its new value; null where it is taken back. */
export interface Meant {
  team: string
  field: Field
  value: Num | null
}

export type Meaning =
  | { kind: 'meant'; meant: Meant[] }
  /** The columns one mark could be in. */
  | { kind: 'column'; columns: string[] }
  | { kind: 'objection'; say: string }

const objection = (say: string): Meaning => ({ kind: 'objection', say })

export function meaningOf(
  said: readonly SaidOf[],
  teams: readonly SaidTeam[],
  speaker: { id: string; name: string },
  { of, takeBack }: { of: 'figure' | 'mark'; takeBack: boolean },
): Meaning {
  const meant: Meant[] = []
  for (const one of said) {
    const found = of === 'mark' ? markMeant(one, teams, speaker) : figureMeant(one, teams)
    if (found.kind !== 'meant') return found
    for (const { team, field } of found.meant) {
      if (takeBack) meant.push({ team, field, value: null })
      else {
        const value = one.value === null ? null : readValue(one.value, field.unit)
        if (one.value === null) return objection(`${field.label}填多少？比如：${exampleText(field)}`)
        if (value === null) return objection(`${objectionText(field, 'unread', one.value)}。没有记录。`)
        const fault = objectionTo(field, value)
        if (fault) return objection(`${objectionText(field, fault, one.value)}。没有记录。`)
        meant.push({ team, field, value })
      }
    }
  }
  return { kind: 'meant', meant }
}

type Candidate = { team: string; field: Field }

const candidates = (teams: readonly SaidTeam[], team: string | null, marks: boolean): Candidate[] =>
  teams
    .filter(one => team === null || one.team === team)
    .flatMap(({ team: name, items }) =>
      items.filter(({ field }) => (field.mark !== null) === marks).map(({ field }) => ({ team: name, field })),
    )

function figureMeant({ team, who, name }: SaidOf, teams: readonly SaidTeam[]): Meaning {
  const all = candidates(teams, team, false)
  const names = [...new Set(all.map(({ field }) => field.label))]
  if (name === null) return objection(`填哪个数？可以填的有：${names.join('、') || '（没有）'}。没有记录。`)
  const named = all.filter(({ field }) => field.label === name || field.words.includes(name))
  const exact = named.some(({ field }) => field.label === name)
    ? named.filter(({ field }) => field.label === name)
    : named
  const labels = [...new Set(exact.map(({ field }) => field.label))]
  if (labels.length > 1) return objection(`「${name}」可能是${labels.join('、')}，请说全名。没有记录。`)
  if (exact.length === 0) return objection(`这个月没有人要填「${name}」。没有记录。`)
  const own = exact.filter(({ field }) => (field.person?.name ?? null) === who)
  if (own.length > 0) return only(own, teams)
  const [first] = exact
  if (who === null)
    return objection(`${labels[0]}是每个人的，请带上名字，比如：${first && exampleText(first.field)}。没有记录。`)
  if (first && first.field.person === null)
    return objection(`${labels[0]}是班组的，不用带名字，比如：${exampleText(first.field)}。没有记录。`)
  return objection(`${who}不用填${labels[0]}：要填的有 ${people(exact).join('、')}。没有记录。`)
}

const people = (list: readonly Candidate[]): string[] => [
  ...new Set(list.flatMap(({ field }) => field.person?.name ?? [])),
]

function only(found: readonly Candidate[], teams: readonly SaidTeam[]): Meaning {
  const [one, ...more] = found
  if (!one) throw new Error('none of nothing')
  if (more.length === 0) return { kind: 'meant', meant: [{ ...one, value: null }] }
  const names = teams.map(({ team }) => team)
  return objection(
    `${names.join('、')}都有这个数，请带上班组，比如：填数 ${one.team} ${exampleText(one.field).slice(3)}。没有记录。`,
  )
}

function markMeant(said: SaidOf, teams: readonly SaidTeam[], speaker: { id: string; name: string }): Meaning {
  const { team, card, name, column } = said
  const who = said.who ?? speaker.name
  const self = who === speaker.name
  const all = candidates(teams, team, true).filter(({ field }) => card === null || field.mark?.card === card)
  const own = all.filter(({ field }) => (self ? field.person?.id === speaker.id : field.person?.name === who))
  if (own.length === 0)
    return objection(
      people(all).length === 0
        ? '这个月没有要打分的考核表。'
        : `${who}这个月没有考核表，要打分的有：${people(all).join('、')}。没有记录。`,
    )
  const items = [...new Set(own.flatMap(({ field }) => field.mark?.item ?? []))]
  if (name === null)
    return objection(`打哪一项？${who}有：${items.join('、')}，比如：打分 ${who} ${items[0]} 9。没有记录。`)
  const named = own.filter(({ field }) => field.mark?.item === name)
  if (named.length === 0) return objection(`${who}的考核表里没有「${name}」，有：${items.join('、')}。没有记录。`)
  const columns = [...new Set(named.flatMap(({ field }) => field.mark?.column ?? []))]
  const wanted = column ?? columnOf(columns, self)
  const manages = named.every(one => teams.some(({ team: other, manages }) => other === one.team && manages))
  if (!manages && !(self && wanted === ownColumn))
    return objection(self ? '你自己只能打「自评」。没有记录。' : '给别人打分要由经理来。没有记录。')
  if (wanted === null) return { kind: 'column', columns: columns.filter(one => one !== ownColumn) }
  const meant = named.filter(({ field }) => field.mark?.column === wanted)
  if (meant.length === 0) return objection(`${name}没有「${wanted}」这一栏，有：${columns.join('、')}。没有记录。`)
  return only(meant, teams)
}

/** Whoever marks himself fills in 自评, whoever marks others the only other column; null: he has to say. */
function columnOf(columns: readonly string[], self: boolean): string | null {
  if (self && columns.includes(ownColumn)) return ownColumn
  const others = columns.filter(one => one !== ownColumn)
  return others.length === 1 ? (others[0] ?? null) : others.length === 0 ? (columns[0] ?? null) : null
}
