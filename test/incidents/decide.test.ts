import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import type { Consequence } from '../../src/incidents/consequence.ts'
import { decideIncident, type IncidentCommand, type IncidentSituation } from '../../src/incidents/decide.ts'
import type { IncidentBody, IncidentFact } from '../../src/incidents/fact.ts'
import { replayIncident } from '../../src/incidents/incident.ts'

const thirty: Consequence = { fen: -3_000, points: -2, losesAppraisal: false, proposesDismissal: false, daysOff: 0 }
const opened = {
  ...{ person: 'zhang', item: '未穿鞋套', day: '2026-11-24', told: {}, is: thirty, nth: 1 },
  policy: { name: 'default', version: 1 },
}

function journal(bodies: ReadonlyArray<IncidentBody & { by?: string }>): IncidentFact[] {
  return bodies.map(({ by = 'wang', ...body }, index) => ({
    ...{ seq: index + 1, at: `2026-11-24T09:0${index % 10}:00.000Z`, by, via: 'text' as const },
    ...body,
  }))
}
const entered: IncidentBody = { fact: 'entered', ...opened }
const proposed: IncidentBody = { fact: 'proposed', ...opened }
const appealed = { fact: 'appealed' as const, reason: '我穿了', by: 'zhang' }

function decided(
  before: ReadonlyArray<IncidentBody & { by?: string }>,
  command: IncidentCommand,
  more: Partial<IncidentSituation> = {},
) {
  const situation: IncidentSituation = {
    ...{ code: '奖惩1', actor: 'wang', deciders: new Set(['wang', 'liu']), today: '2026-11-25' },
    ...{ lastAppealDay: '2026-11-27', lastAppealWords: '11月27日', nameOf: (id: string) => id, ...more },
  }
  try {
    const [body] = decideIncident(replayIncident(journal(before)), command, situation)
    return body?.fact
  } catch (error) {
    if (error instanceof Refusal) return `refused ${error.code}`
    throw error
  }
}

const confirm: IncidentCommand = { do: 'confirm', is: thirty, nth: 1 }
const appeal: IncidentCommand = { do: 'appeal', reason: '我穿了' }
const answered: IncidentBody = { fact: 'rejected', reason: '有照片' }
const dropped: IncidentBody = { fact: 'dropped', why: 'manager', reason: '记错' }

const cases: ReadonlyArray<
  readonly [
    what: string,
    before: ReadonlyArray<IncidentBody & { by?: string }>,
    command: IncidentCommand,
    comes: string,
    more?: Partial<IncidentSituation>,
  ]
> = [
  ['a manager confirms a proposal', [proposed], confirm, 'confirmed'],
  ['a program does', [proposed], confirm, 'confirmed', { actor: null }],
  ['nobody his own', [proposed], confirm, 'refused role', { actor: 'zhang', deciders: new Set(['zhang']) }],
  ['no dispatcher', [proposed], confirm, 'refused role', { actor: 'zhao' }],
  ['of two the second is told', [proposed, { fact: 'confirmed', is: thirty, nth: 1 }], confirm, 'refused decided'],
  ['a proposal falls without a reason', [proposed], { do: 'drop' }, 'dropped'],
  ['what counts only with one', [entered], { do: 'drop' }, 'refused missing'],
  ['what counts falls with one', [entered], { do: 'drop', reason: '记错' }, 'dropped'],
  ['under appeal it falls as the answer', [entered, appealed], { do: 'drop' }, 'upheld'],
  ['he appeals', [entered], appeal, 'appealed', { actor: 'zhang' }],
  ['on the last day', [entered], appeal, 'appealed', { actor: 'zhang', today: '2026-11-27' }],
  ['not after it', [entered], appeal, 'refused late', { actor: 'zhang', today: '2026-11-28' }],
  ['nobody for him', [entered], appeal, 'refused role'],
  ['not what does not count', [proposed], appeal, 'refused state', { actor: 'zhang' }],
  ['not twice', [entered, appealed], appeal, 'refused twice', { actor: 'zhang' }],
  ['not after the answer either', [entered, appealed, answered], appeal, 'refused twice', { actor: 'zhang' }],
  ['not what fell', [entered, dropped], appeal, 'refused state', { actor: 'zhang' }],
  ['the appeal is right', [entered, appealed], { do: 'uphold' }, 'upheld'],
  ['it is not', [entered, appealed], { do: 'reject', reason: '有照片' }, 'rejected'],
  ['it costs less', [entered, appealed], { do: 'amend', fen: -1_000, reason: '第一次' }, 'amended'],
  ['never more', [entered, appealed], { do: 'amend', fen: -5_000, reason: '态度' }, 'refused worse'],
  ['never more points', [entered, appealed], { do: 'amend', fen: 0, points: -3, reason: '态度' }, 'refused worse'],
  ['nor the same', [entered, appealed], { do: 'amend', fen: -3_000, reason: '照旧' }, 'refused same'],
  ['nothing is answered without an appeal', [entered], { do: 'uphold' }, 'refused state'],
  ['what was answered is answered', [entered, appealed, answered], { do: 'uphold' }, 'refused decided'],
]

describe('deciding an incident', () => {
  it.each(cases.map(([what, before, command, comes, more]) => ({ what, before, command, comes, more })))(
    '$what: $comes',
    ({ before, command, comes, more }) => expect(decided(before, command, more)).toBe(comes),
  )
})

const commands: fc.Arbitrary<IncidentCommand> = fc.oneof(
  fc.constant<IncidentCommand>({ do: 'confirm', is: { ...thirty, fen: -8_000 }, nth: 2 }),
  fc.constantFrom<IncidentCommand>({ do: 'drop' }, { do: 'drop', reason: '记错' }, { do: 'uphold' }),
  fc.constantFrom<IncidentCommand>(appeal, { do: 'reject', reason: '有照片' }),
  fc.record({ do: fc.constant('amend' as const), fen: fc.integer({ min: -9_000, max: 0 }), reason: fc.constant('轻') }),
)

describe('any commands one after the other', () => {
  it('leave a legal state, and what it costs is what the last decision says; nobody is worse off for having appealed', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(commands, fc.constantFrom('wang', 'zhang', null)), { maxLength: 12 }),
        (counts, steps) => {
          let facts = journal([counts ? entered : proposed])
          let costs = thirty
          for (const [command, actor] of steps) {
            const before = replayIncident(facts)
            let bodies: IncidentBody[] = []
            try {
              bodies = decideIncident(before, command, {
                ...{ code: '奖惩1', actor, deciders: new Set(['wang']), nameOf: (id: string) => id },
                ...{ today: '2026-11-25', lastAppealDay: '2026-11-27', lastAppealWords: '11月27日' },
              })
            } catch (error) {
              if (!(error instanceof Refusal)) throw error
            }
            for (const body of bodies) {
              facts = [
                ...facts,
                { seq: facts.length + 1, at: '2026-11-25T01:00:00.000Z', by: actor, via: 'text', ...body },
              ]
              if (body.fact === 'confirmed' || body.fact === 'amended') {
                if (body.fact === 'amended') expect(body.is.fen).toBeGreaterThanOrEqual(costs.fen)
                costs = body.is
              }
            }
            const after = replayIncident(facts)
            expect(after.is).toEqual(costs)
            // What fell stays fallen; an appeal waits exactly while it is not answered; only what was told can be appealed.
            if (before.state === 'dropped') expect(after.state).toBe('dropped')
            expect(after.state === 'appealed').toBe(after.appeal !== null && after.appeal.answer === null)
            if (after.appeal) expect(after.confirmedAt).not.toBeNull()
            expect(facts.filter(({ fact }) => fact === 'appealed').length).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
