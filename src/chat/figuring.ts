import type { Context } from '../context.ts'
import { Refusal } from '../errors.ts'
import { keepsFigures, type Person, rolesIn } from '../people/person.ts'
import { teamById } from '../people/store.ts'
import { enterFigures, type FigureSheet, figureSheet, monthsMeant } from '../settlement/figureflow.ts'
import { type Meant, meaningOf, type SaidOf } from '../settlement/figuresaid.ts'
import { enteredText, restText, sayMonth, sheetText } from '../settlement/figurewords.ts'
import type { Card } from './card.ts'
import { readEntries } from './grammar/entries.ts'
import type { FigureName } from './grammar/figures.ts'
import type { FigureWish } from './intent.ts'
import { writePayload } from './payload.ts'
import { closeDraft, type Draft, openDraft } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { closedCard } from './words.ts'

type Entering = Extract<FigureWish, { words: string }>

const askMinutes = 30

const kept = (person: Person): string[] => {
  const teams = new Set(person.memberships.map(({ teamId }) => teamId))
  return [...teams].filter(id => keepsFigures(person, id))
}

/** The numbers somebody may enter, so that they need no verb in a sentence. */
export function figureNames(
  ctx: Context,
  person: Person,
  teams: ReadonlyArray<{ id: string; policy: string }>,
): FigureName[] {
  const own = kept(person)
  return teams
    .filter(({ id }) => own.includes(id))
    .flatMap(({ policy }) => ctx.policy(policy).figures.map(({ name, words, unit }) => ({ name, words, unit })))
}

/** 填数, 打分, 撤销填数. */
export async function figureWish(talk: Talk, wish: FigureWish): Promise<Reply> {
  if (talk.inbound.chat.kind === 'group')
    throw new Refusal('group', '月度数字和打分不在群里说，没有记录。请在和派工的单聊里再说一次。')
  if (wish.do === 'list') return say(await lists(talk, wish.month))
  const sheets = await sheetsFor(talk, wish)
  return entered(talk, wish, sheets, saidIn(wish, sheets))
}

async function lists(talk: Talk, month: string | undefined): Promise<string> {
  const sheets = await sheetsFor(talk, { of: 'figure', ...(month && { month }) })
  return sheets.map(({ team, month: of, locked, items }) => sheetText(team.name, of, locked, items)).join('\n\n')
}

/** The sheets of the teams whose numbers are his to enter; marks also of those he is only a member of. */
async function sheetsFor(talk: Talk, { of, month }: { of: 'figure' | 'mark'; month?: string }): Promise<FigureSheet[]> {
  const { tx, ctx, person } = talk
  const own = kept(person)
  if (of === 'figure' && own.length === 0)
    throw new Refusal('role', '月度数字由班组的经理或财务来填，没有记录。给自己打分请说「打分 项目 分数」。')
  const ids = of === 'figure' ? own : [...new Set(person.memberships.map(({ teamId }) => teamId))]
  const sheets: FigureSheet[] = []
  for (const id of ids) {
    const team = await teamById(tx, ctx.company, id)
    if (!team) continue
    const { meant, now } = await monthsMeant(tx, ctx, team)
    if (month !== undefined && month > now) throw new Refusal('month', `${sayMonth(month)}还没到，没有记录。`)
    sheets.push(await figureSheet(tx, ctx, team, month ?? meant))
  }
  return sheets
}

function saidIn(wish: Entering, sheets: readonly FigureSheet[]): SaidOf[] {
  const fields = sheets.flatMap(({ items }) => items.map(({ field }) => field))
  const marks = fields.flatMap(({ mark }) => mark ?? [])
  const { entries, unread } = readEntries(wish.words, {
    teams: sheets.map(({ team }) => team.name),
    people: fields.flatMap(({ person }) => person?.name ?? []),
    names: wish.of === 'mark' ? marks.map(({ item }) => item) : fields.flatMap(namesOf),
    columns: wish.of === 'mark' ? marks.map(({ column }) => column) : [],
    cards: wish.of === 'mark' ? marks.map(({ card }) => card) : [],
    units: fields.map(({ unit }) => unit),
  })
  if (unread === '') return entries
  const known =
    wish.of === 'mark' ? marks.map(({ item }) => item) : fields.filter(({ mark }) => !mark).map(({ label }) => label)
  const list = [...new Set(known)].slice(0, 20).join('、')
  throw new Refusal(
    'figure',
    `没看懂「${unread.slice(0, 20)}」，没有记录。${list ? `${wish.of === 'mark' ? '能打分的' : '能填的'}有：${list}` : '你们班组的制度里没有要填的数'}。`,
  )
}

const namesOf = ({ label, words, mark }: FigureSheet['items'][number]['field']): string[] =>
  mark ? [] : [label, ...words]

async function entered(
  talk: Talk,
  wish: Entering,
  sheets: readonly FigureSheet[],
  said: readonly SaidOf[],
): Promise<Reply> {
  const teams = sheets.map(({ team, items }) => ({
    ...{ team: team.name, items },
    manages: rolesIn(talk.person, team.id).includes('manager'),
  }))
  const meaning = meaningOf(said, teams, talk.person, { of: wish.of, takeBack: wish.do === 'takeBack' })
  if (meaning.kind === 'objection') throw new Refusal('figure', meaning.say)
  if (meaning.kind === 'column') return askColumn(talk, wish, said, meaning.columns)
  return say(await written(talk, sheets, meaning.meant))
}

async function written(talk: Talk, sheets: readonly FigureSheet[], meant: readonly Meant[]): Promise<string> {
  const { tx, ctx, person, speech } = talk
  const from = { by: person.id, via: speech.via, words: speech.words ?? null }
  const texts: string[] = []
  for (const sheet of sheets) {
    const own = meant.filter(({ team }) => team === sheet.team.name)
    if (own.length === 0) continue
    const { done, sheet: after } = await enterFigures(tx, ctx, sheet, own, from)
    const lines = done.map(one => `${one.changed ? '✅ ' : ''}${enteredText(one, sheet.month)}。`)
    texts.push(
      [...lines, ...(keepsFigures(person, sheet.team.id) ? [restText(after.items, sheet.month)] : [])].join('\n'),
    )
  }
  return texts.join('\n\n')
}

/** What waits for the column to be chosen. */
interface Pending {
  wish: Entering
  said: SaidOf[]
  words: string | null
}

async function askColumn(
  talk: Talk,
  wish: Entering,
  said: readonly SaidOf[],
  columns: readonly string[],
): Promise<Reply> {
  const { tx, ctx, person, chatKey, speech } = talk
  const now = ctx.clock.now()
  const data: Pending = { wish, said: [...said], words: speech.words ?? null }
  const expiresAt = new Date(now.getTime() + askMinutes * 60_000)
  const draft = await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'marks', data, expiresAt }, now)
  return show(columnCard(draft, wish, columns))
}

function columnCard(draft: Draft, { words }: Entering, columns: readonly string[]): Card {
  return {
    ...{ source: '派工 · 打分', tone: 'normal', title: '打在哪一栏？', subtitle: '点一个，或带上栏名再说一次' },
    rows: [{ label: '打分', value: words.slice(0, 60) }],
    buttons: columns.slice(0, 6).map(column => ({
      ...{ text: column, style: 'default', words: `打分 ${words} ${column}` },
      payload: writePayload({ about: 'draft', id: draft.id, version: draft.version, action: 'column', arg: column }),
    })),
    version: draft.version,
  }
}

/** A column was tapped: what was said is entered there. */
export async function columnTapped(talk: Talk, draft: Draft, column: string): Promise<Reply> {
  const { tx, ctx, speech } = talk
  const { wish, said, words } = draft.data as unknown as Pending
  const sheets = await sheetsFor(talk, wish)
  const asked = { ...talk, speech: { ...speech, ...(words !== null && { words }) } }
  const full = said.map(one => ({ ...one, column: one.column ?? column }))
  const reply = await entered(asked, wish, sheets, full)
  await closeDraft(tx, ctx.company, draft.id, column, ctx.clock.now())
  const text = reply.message.kind === 'text' ? reply.message.text : ''
  return { ...show(closedCard('打分', column, draft.version, text)), fallback: { kind: 'text', text } }
}
