import type { Section } from '../privacy/sections.ts'

/** What the console's page of personal data and the service say to each other. */

export interface KeepingOf {
  team: string
  policy: string
  /** `3 年`; null: for good. */
  customers: string | null
  photos: string | null
  people: string | null
}

export interface PrivacyPage {
  teams: KeepingOf[]
  /** The night in which something was last looked through for what is to be deleted, `2026-11-25`. */
  lastRun: string | null
  /** Orders whose customer, or whose photos alone, are deleted by now. */
  erased: { customers: number; photos: number; people: number }
}

/** What is kept of a customer. */
export interface CustomerFound {
  orders: number
  /** Orders still under way: they keep what is needed to do them. */
  open: string[]
  sections: Section[]
}

export interface CustomerErased {
  erased: string[]
  open: string[]
}
