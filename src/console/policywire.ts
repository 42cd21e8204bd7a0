import type { PersonChanges } from './monthwire.ts'

/** What the pages of rule books and the service say to each other. */

export interface PolicyVersion {
  version: number
  title: string
  /** First day in force; null: from the beginning. */
  effective: string | null
  /** In a file of the service, or published on this page. */
  from: 'file' | 'page'
  state: 'past' | 'now' | 'ahead' | 'withdrawn'
  by: string | null
  at: string | null
  mayWithdraw: boolean
}

export interface PolicyBook {
  name: string
  title: string
  teams: string[]
  /** The latest first. */
  versions: PolicyVersion[]
}

export interface PolicyList {
  items: PolicyBook[]
  /** Names of others that could be taken. */
  others: string[]
  /** He may publish. */
  mayPublish: boolean
}

export interface PolicyText {
  book: PolicyBook
  version: number
  text: string
  mayPublish: boolean
  /** First day a new version may come into force. */
  firstDay: string
  /** The month before this one: what a simulation is made for unless another is named. */
  lastMonth: string
  /** Teams a simulation can be made for. */
  teams: Array<{ id: string; name: string }>
}

export interface PolicyFault {
  line: number | null
  /** `clocks[1].within`, or the name of a case. */
  where: string
  message: string
}

export interface PolicyChecked {
  faults: PolicyFault[]
  /** What is allowed, and may not have been meant. */
  notes: string[]
  cases: number
  clocks: number
  name: string | null
  title: string | null
}

export interface PolicyCompared {
  settings: Array<{ where: string; before: string | null; after: string | null }>
  /** The text it is compared with. */
  text: string
}

export interface PolicySimulated {
  team: string
  month: string | null
  /** Null where orders alone were asked for, or these rules have nothing to settle. */
  money: {
    before: string
    after: string
    total: { before: string; after: string; difference: string }
    people: PersonChanges[]
    missing: string[]
  } | null
  orders: {
    looked: number
    /** There were more than are looked at. */
    more: boolean
    late: Array<{ kind: string; before: number; after: number }>
    items: Array<{
      code: string
      clocks: Array<{ kind: string; before: string; after: string; worse: boolean | null }>
    }>
  }
}
