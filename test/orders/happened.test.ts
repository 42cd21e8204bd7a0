import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction, type Tx } from '../../src/db/tx.ts'
import { following } from '../../src/orders/clockrows.ts'
import type { FactBody } from '../../src/orders/fact.ts'
import { finishedSince, openTogether, touchedSince, waitingForRevisit } from '../../src/orders/happened.ts'
import { append, createOrder } from '../../src/orders/store.ts'
import { savePerson, saveTeam } from '../../src/people/store.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { fields, policyOf, t } from './journal.ts'

const policy = policyOf(`
  - { kind: contact, start: created, stop: contacted, within: 1h }
  - { kind: report, start: completed, stop: reported, within: 48h }`)

let db: TestDatabase
const teams: Record<string, string> = {}
const people: Record<string, string> = {}

beforeAll(async () => {
  db = await freshDatabase()
  await inTransaction(db, async tx => {
    for (const company of ['main', 'other'])
      await tx.company.create({ data: { id: company, name: company, createdAt: t('01 00:00') } })
    for (const [company, name] of [
      ['main', '一班'],
      ['main', '二班'],
      ['other', '外班'],
    ] as const) {
      const team = await saveTeam(tx, company, { name, policy: 'default' }, t('01 00:00'))
      teams[name] = team.id
      const person = { name: `${name}的人`, teamId: team.id, roles: ['technician' as const] }
      people[name] = await savePerson(tx, company, person, t('01 00:00'))
    }
    for (const one of histories) await write(tx, one)
  })
})
afterAll(() => db.close())

interface History {
  code: string
  team?: string
  /** Who does what; nobody when it is a program. */
  by?: string | null
  facts: Array<[at: string, body: FactBody, by?: null]>
}

const completed: FactBody = { fact: 'completed', result: '' }

/** The span asked for is the 25th; what is written here is seen on the 27th. */
const histories: History[] = [
  { code: 'open for long', facts: [['10 09:00', { fact: 'offered' }]] },
  {
    code: 'finished before',
    facts: [
      ['24 23:59:59', completed],
      ['24 23:59:59', { fact: 'reported' }],
    ],
  },
  {
    code: 'finished in it',
    facts: [
      ['25 00:00', completed],
      ['25 00:01', { fact: 'reported' }],
      ['26 09:00', { fact: 'closed' }],
    ],
  },
  { code: 'finished after', facts: [['26 09:00', completed]] },
  { code: 'cancelled before', facts: [['24 09:00', { fact: 'cancelled', reason: '' }]] },
  { code: 'cancelled by a program', by: null, facts: [['25 09:00', { fact: 'cancelled', reason: '' }]] },
  { code: 'papers due', facts: [['23 12:00', completed]] },
  { code: 'papers not due yet', facts: [['24 12:00', completed]] },
  {
    code: 'papers handed in',
    facts: [
      ['20 12:00', completed],
      ['25 12:00', { fact: 'reported' }],
    ],
  },
  { code: 'another team’s', team: '二班', facts: [['25 09:00', completed]] },
  { code: 'another company’s', team: '外班', facts: [['25 09:00', completed]] },
]

async function write(tx: Tx, { code, team = '一班', by, facts }: History): Promise<void> {
  const company = team === '外班' ? 'other' : 'main'
  const person = by === null ? null : (people[team] ?? null)
  const frame = (at: string) => ({ at: t(at).toISOString(), by: person, via: 'text' as const })
  const made = { company, teamId: teams[team] ?? '', code, policy: 'default', fields: fields() }
  let order = await createOrder(tx, made, frame('05 08:00'), following(policy, t('05 08:00')))
  for (const [at, body] of facts) order = await append(tx, order, [body], frame(at), following(policy, t(at)))
}

const day = { from: t('25 00:00'), to: t('26 00:00') }
const codes = (orders: ReadonlyArray<{ code: string }>) => orders.map(({ code }) => code).sort()
const ours = () => [teams.一班 ?? '']

describe('what happened since a moment', () => {
  it('is what is open, was finished or cancelled since, was touched by people of the team, or fell due after the work', async () => {
    const found = await touchedSince(db.prisma, 'main', ours(), day, true)
    expect(codes(found)).toEqual(
      [
        'cancelled by a program',
        'finished after',
        'finished in it',
        'open for long',
        'papers due',
        'papers handed in',
      ].sort(),
    )
  })

  it('does not look for papers where none are owed', async () => {
    const found = await touchedSince(db.prisma, 'main', ours(), day, false)
    expect(codes(found)).not.toContain('papers due')
    expect(codes(found)).toContain('papers handed in')
  })

  it('has each order with its whole journal', async () => {
    const found = await touchedSince(db.prisma, 'main', ours(), day, true)
    const one = found.find(({ code }) => code === 'finished in it')
    expect(one?.facts.map(({ seq, fact }) => `${seq} ${fact}`)).toEqual([
      '1 created',
      '2 completed',
      '3 reported',
      '4 closed',
    ])
    expect(one).toMatchObject({ team: '一班', policy: 'default', view: { state: 'closed' } })
    expect(await touchedSince(db.prisma, 'main', [], day, true)).toEqual([])
  })

  it('stays within teams and company', async () => {
    const all = [teams.一班 ?? '', teams.二班 ?? '', teams.外班 ?? '']
    expect(codes(await touchedSince(db.prisma, 'main', all, day, true))).toContain('another team’s')
    expect(codes(await touchedSince(db.prisma, 'main', all, day, true))).not.toContain('another company’s')
    expect(codes(await touchedSince(db.prisma, 'other', all, day, true))).toEqual(['another company’s'])
  })
})

describe('what is in hand', () => {
  it('is what is open, and counts of what is finished', async () => {
    expect(codes(await openTogether(db.prisma, 'main', ours()))).toEqual(['open for long'])
    expect(await openTogether(db.prisma, 'main', ours(), people.一班)).toEqual([])
    expect(await finishedSince(db.prisma, 'main', ours(), day.from)).toBe(2)
    expect(await finishedSince(db.prisma, 'main', ours(), day.from, people.一班)).toBe(0)
    expect(await waitingForRevisit(db.prisma, 'main', ours(), t('27 09:00'))).toBe(5)
    expect(await waitingForRevisit(db.prisma, 'main', ours(), t('2026-12-24 00:00:00'))).toBe(3)
  })
})
