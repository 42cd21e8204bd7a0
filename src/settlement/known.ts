import { constantOf, Num } from '../policy/formula.ts'
import { isMonthFact } from '../policy/monthfacts.ts'
import type { Policy } from '../policy/schema.ts'
import type { Facts } from './facts.ts'
import { lacking } from './how.ts'
import type { PersonMonth, TeamMonth } from './month.ts'
import type { Input } from './slip.ts'

/** What formulas of one person, or of the team, may name by now, and what of it was asked for. */
export class Known {
  private readonly items = new Map<string, { value: Num; from: Input['from'] }>()
  private inputs: Input[] = []
  private faults: string[] = []

  constructor(
    private readonly fixed: Fixed,
    private readonly figures: ReadonlyMap<string, Num>,
    private readonly facts: Facts,
    /** What is known of the team besides. */
    private readonly team: Known | null,
  ) {}

  put(name: string, value: Num, from: Input['from'] = 'item'): void {
    this.items.set(name, { value, from })
  }

  /** Starts the list of what an item uses anew. */
  begin(): void {
    this.inputs = []
    this.faults = []
  }

  used(): { inputs: Input[]; faults: string[] } {
    return { inputs: this.inputs, faults: this.faults }
  }

  readonly value = (name: string): Num => {
    const found = this.find(name)
    if (found === null) {
      if (!this.faults.includes(name)) this.faults.push(name)
      return zero
    }
    if (!this.inputs.some(input => input.name === name))
      this.inputs.push({ name, value: found.value.toString(), from: found.from })
    return found.value
  }

  /** The value of a name that is not put down as used; null where a figure is missing. */
  find(name: string): { value: Num; from: Input['from'] } | null {
    const item = this.items.get(name)
    if (item) return item
    const figure = this.figures.get(name)
    if (figure) return { value: figure, from: 'figure' }
    const fact = this.facts.get(name)
    if (fact) return { value: fact.value, from: isMonthFact(name) ? 'fact' : 'count' }
    return this.team ? this.team.find(name) : this.fixed.find(name)
  }
}

const zero = new Num(0)

/** Constants, and figures nobody entered: what is usual, or nothing. */
export class Fixed {
  private readonly constants: ReadonlyMap<string, Num>
  private readonly usual: ReadonlyMap<string, Num | null>

  constructor(policy: Policy) {
    this.constants = new Map(
      Object.entries(policy.pay?.constants ?? {}).map(([name, given]) => [name, constantOf(given)]),
    )
    this.usual = new Map(policy.figures.map(({ name, usual }) => [name, usual ? constantOf(usual) : null]))
  }

  find(name: string): { value: Num; from: Input['from'] } | null {
    const constant = this.constants.get(name)
    if (constant) return { value: constant, from: 'constant' }
    const usual = this.usual.get(name)
    if (usual === null) return null
    // A figure, fact or item of another post is nothing to this one.
    return { value: usual ?? zero, from: usual ? 'figure' : 'item' }
  }
}

export const knownOfTeam = (fixed: Fixed, team: TeamMonth, facts: Facts): Known =>
  new Known(fixed, team.figures, facts, null)

export const knownOfPerson = (fixed: Fixed, person: PersonMonth, team: Known): Known =>
  new Known(fixed, person.figures, person.facts, team)

export const faultWords = (names: readonly string[]): string => names.map(lacking).join('；')
