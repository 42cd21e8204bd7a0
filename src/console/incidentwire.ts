/** What the console's pages and the service say to each other about incidents (奖惩). Money as `30.00`. */

export type IncidentState = 'proposed' | 'confirmed' | 'appealed' | 'dropped'

export interface IncidentRow {
  code: string
  person: { id: string; name: string }
  team: string
  /** 未穿鞋套（R9.1，当月第 2 次） */
  item: string
  /** 11月24日周二 */
  day: string
  order: string | null
  /** 罚款 ¥30.00，扣 2 分 */
  effects: string
  gives: boolean
  state: IncidentState
  /** Where it stands, and whose turn it is. */
  stateName: string
  own: boolean
}

export interface IncidentList {
  items: IncidentRow[]
  next: string | null
}

export interface WaitingAppeal extends IncidentRow {
  reason: string
  /** 还剩 2 天, 今天到期, 已超期 1 天 */
  left: string
  late: boolean
}

/** What waits for him: appeals first, those that are due next on top; then proposals. */
export interface IncidentWaiting {
  appeals: WaitingAppeal[]
  proposals: Array<IncidentRow & { why: string; version: number }>
}

export interface IncidentPhoto {
  id: string
  state: 'wanted' | 'stored' | 'lost' | 'erased'
}

export type IncidentAct = 'confirm' | 'drop' | 'revoke' | 'uphold' | 'reject' | 'amend' | 'appeal'

export interface IncidentDetails extends IncidentRow {
  teamId: string
  note: string
  enteredBy: string
  /** Why it is late, or where it shows, in a sentence; with the arithmetic of the clock, line by line. */
  ground: string | null
  arithmetic: string[]
  /** Whether he may open the order. */
  orderOpen: boolean
  photos: IncidentPhoto[]
  appeal: {
    reason: string
    at: string
    photos: IncidentPhoto[]
    answer: { how: string; by: string | null; reason: string } | null
  } | null
  dropped: string | null
  rule: { group: string | null; name: string; cite: string | null; lines: string[] }
  policy: { name: string; version: number }
  appealUntil: string | null
  answerUntil: string | null
  /** As it stands, what an amendment begins from; null where there is none of it. */
  amount: string | null
  points: string | null
  acts: IncidentAct[]
  mayAddPhotos: boolean
  version: number
  story: Array<{ seq: number; at: string; who: string; said: string }>
  /** Others of the same kind in the month, of that day or of the same order. */
  like: IncidentRow[]
}

export interface IncidentDone {
  said: string
  incident: IncidentDetails
}

/** What lists can be narrowed to. */
export interface IncidentChoices {
  teams: Array<{ id: string; name: string }>
  people: Array<{ id: string; name: string; teamId: string }>
  items: string[]
  /** The month that runs. */
  month: string
}

export interface CatalogueItem {
  name: string
  group: string
  cost: string
  gives: boolean
  /** What has to be said besides; ranges as they are, `to` null: or more. */
  needs: {
    amount: { from: string; to: string | null } | null
    points: { from: number; to: number } | null
    /** The sum that is taken so many times. */
    base: string | null
    loss: boolean
  }
}

export interface IncidentCatalogue {
  today: string
  items: CatalogueItem[]
}

export interface IncidentWish {
  team: string
  person: string
  item: string
  day: string
  order?: string
  amount?: string
  points?: number
  base?: string
  loss?: string
  words: string
  /** It is another one, though one like it is there. */
  again: boolean
}

export interface IncidentPreview {
  /** 罚款 ¥30.00 … null while something is missing, which `wanted` says. */
  effects: string | null
  wanted: string | null
  /** Which one of its kind it is in the month. */
  nth: number
  /** It counts at once; otherwise it waits for a manager. */
  counts: boolean
  like: IncidentRow[]
  /** One of them is of the same item, day and order. */
  same: boolean
}
