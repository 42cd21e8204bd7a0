/**
 * What a person wants, as the grammar understood it (design.md §5). Closed: a new wish is a new member here.
 * Names as in the glossary of domain.md.
 */

/** A span of time someone named. `to` is missing for a point in time ("10点"). `exact` is false for a part of day. */
export interface Span {
  from: Date
  to?: Date
  exact: boolean
  /** The words it was read from. */
  words: string
}

export type SuspendReason = 'parts' | 'majorRepair' | 'customer' | 'other'

/** How content a customer is (满意度, R15.2): 5 非常满意, 4 满意, 3 一般, 2 不满意, 1 很不满意. */
export type Grade = 1 | 2 | 3 | 4 | 5

export interface Part {
  name: string
  quantity: number
}

/** What was found in pasted text about a job. Every field holds the customer's own words, trimmed. */
export interface JobDraft {
  kind?: 'install' | 'repair' | 'complaint' | 'revisit'
  urgent?: boolean
  name?: string
  /** Digits only, with area code for landlines: `13800001234`, `0371-60001234-802` with an extension. */
  phone?: string
  address?: string
  fault?: string
  brand?: string
  model?: string
  serial?: string
  warranty?: 'in' | 'out'
  wanted?: Span
  /** The technician named with 给/派给. */
  technician?: string
  /** Wanted-time words that could not be read as a time, kept as they are. */
  wantedWords?: string
}

/** What was said of a unit that may be returned or exchanged (domain.md R13). Days are `2026-11-03`, unsaid is missing. */
export interface ReturnSaid {
  wants?: 'return' | 'exchange'
  invoicedOn?: string
  /** `3299.00` */
  price?: string
  mainFault?: boolean
  /** When the fault showed up. */
  faultOn?: string
  /** Found deformed on opening, and not by the customer's doing. */
  deformed?: boolean
  handedInOn?: string
  waitsForParts?: boolean
  /** Since when parts are waited for. */
  waitingSince?: string
  /** Since when it is late by the repairer's fault; true: as long as it is there, false: it is not his fault. */
  repairerSince?: string | boolean
  warranty?: 'in' | 'out'
  /** In repair and waiting for it: how many days, or from when to when. */
  inRepair?: { days: number } | { from: string; to: string }
  sameModel?: boolean
  otherModel?: boolean
  accessories?: boolean
  sheet?: boolean
}

export type OrderWish =
  | { do: 'accept' }
  | { do: 'decline'; reason?: string }
  | { do: 'contacted'; appointment?: Span; note?: string }
  | { do: 'unreachable'; note?: string }
  | { do: 'reschedule'; appointment?: Span; reason?: string }
  | { do: 'depart' }
  | { do: 'arrive' }
  | { do: 'suspend'; reason: SuspendReason; note: string; expected?: Span }
  | { do: 'resume' }
  | { do: 'complete'; result?: string; charge?: string; parts?: Part[] }
  | { do: 'emptyRun'; note?: string }
  | { do: 'askHelp'; note?: string }
  /** How it gets on: in time, or later and then when (R1.15). */
  | { do: 'progress'; answer: 'onTime' | 'later'; expected?: Span; note?: string }
  | { do: 'show' }
  | { do: 'whyLate' }
  /** `note`: what the next one has to know (交接). */
  | { do: 'assign'; to: string; note?: string }
  | { do: 'offer' }
  | { do: 'urge' }
  /** It follows from an earlier job, by that one's code; without it the one the card shows. */
  | { do: 'link'; to?: string }
  | { do: 'unlink' }
  /** A complaint goes to a department, by its name or by the subject. */
  | { do: 'route'; to: string }
  /** Still suspended, now until then. */
  | { do: 'wait'; expected?: Span }
  | { do: 'cancel'; reason?: string }
  /** 退换: `unread` are words of it that were not understood. */
  | { do: 'returns'; said: ReturnSaid; unread?: string }
  | { do: 'confirmUnreachable' }
  | { do: 'report'; note?: string }
  /** `ask`: the words speak of more than one grade, so the person has to say which one counts. */
  | { do: 'revisit'; reached: boolean; grade?: Grade | 'ask'; note?: string }
  | { do: 'complain'; text?: string }
  /** 评价码: the customer's page as a picture and a link. */
  | { do: 'ratingCode' }
  | { do: 'close' }
  /** `share` in whole percents. */
  | { do: 'join'; who: string; share?: number }
  | { do: 'leave'; who: string }
  /** Without shares the person wants to see them; an empty list divides the work equally. */
  | { do: 'share'; shares?: Array<{ who: string; percent: number }> }

/** What is said about attendance (考勤). Days are `2026-11-25`, months `2026-11`, minutes count since midnight. */
export type AttendanceWish =
  /** `any`: 打卡 alone, which is coming or going. */
  | { do: 'punch'; kind: 'in' | 'out' | 'any' }
  /** Without `who` his own month, or for the desk 考勤 alone: the team's. */
  | { do: 'show'; who?: string; own: boolean; month?: string }
  | { do: 'correct'; day: string; part: 'in' | 'out' | 'day'; minute?: number; reason: string }
  /** A manager's word on a correction. */
  | { do: 'rule'; allowed: boolean; who: string; day?: string }
  | { do: 'offPost'; who: string; day: string; minute: number; back: boolean }
  /** Somebody asked for leave by phone. */
  | { do: 'called'; who: string; day: string }

export type ListName = 'mine' | 'today' | 'late' | 'revisits' | 'daily' | 'weekly'

/** A stretch of days as somebody said it: minutes since midnight, 1440 the end of a day. */
export interface SaidDays {
  from: { day: string; minute: number }
  /** Missing: from then on, for `days` or `hours`. */
  to?: { day: string; minute: number }
}

/** How long, as it was said: 三天, 半天, 2小时. */
export type SaidLength = { days: number } | { hours: number }

/** What somebody wants about leave. `code` is `假12`; without it the caller finds the one that fits. */
export type LeaveWish =
  | {
      do: 'ask'
      /** For somebody who can't himself (R4.8). */
      who?: string
      type?: string
      when?: SaidDays
      length?: SaidLength
      reason?: string
      /** He says he has come to work today (R4.2). */
      came?: true
    }
  | { do: 'extend'; code?: string; when?: SaidDays; length?: SaidLength; reason?: string }
  /** Coming back early; without a time: now. */
  | { do: 'return'; code?: string; when?: SaidDays; reason?: string }
  | { do: 'cancel'; code?: string }
  | { do: 'withdraw'; code?: string }
  | { do: 'take'; code?: string }
  | { do: 'proof'; code?: string }
  | { do: 'show'; code?: string }
  | { do: 'refuse'; code?: string; reason?: string }
  | { do: 'approve'; code?: string; ordinary?: true }
  | { do: 'reject'; code?: string; reason?: string }
  | { do: 'propose'; code?: string; when?: SaidDays; note?: string }
  | { do: 'mine' | 'pending' | 'how' }
  | { do: 'who'; when?: SaidDays }

/** A sum of money with the words right before it: `修理费 80元`. In fen. */
export interface SaidSum {
  label: string
  fen: number
}

/** What somebody wants about incidents (奖惩). `code` is `奖惩12`; without it the caller finds the one that fits. */
export type IncidentWish =
  | {
      do: 'enter'
      as: 'penalty' | 'reward'
      who: string
      /** The words that say what it was, amounts, day and order taken out. */
      rest: string
      order?: string
      day?: string
      /** Above zero, as it was said. */
      points?: number
      sums: SaidSum[]
    }
  | { do: 'catalogue' | 'mine' | 'how' }
  | { do: 'list'; who?: string }
  | { do: 'show'; code: string }
  | { do: 'confirm'; codes: string[] }
  | { do: 'drop'; code?: string; reason?: string }
  | { do: 'appeal'; code?: string; reason?: string }
  /** The appeal is right; it is not; it stands and costs less. */
  | { do: 'uphold'; code?: string; reason?: string }
  | { do: 'reject'; code?: string; reason?: string }
  | { do: 'amend'; code?: string; fen?: number; points?: number; reason?: string }

/**
 * Numbers of a month (填数) and marks on scorecards (打分). `words` are what is left without the verb and the month: names
 * and values, which only the teams' rule books tell apart.
 */
export type FigureWish =
  | { do: 'list'; month?: string }
  | { do: 'enter' | 'takeBack'; of: 'figure' | 'mark'; words: string; month?: string }

/** 岗位: without `post` it is asked for, without `who` the whole team's. */
export interface PostWish {
  who?: string
  post?: string
}

/**
 * What somebody wants of a month (月结): its pay, points and ranking. `month` is `2026-10`; without it the caller takes the
 * one that is meant. `team`: words that may name a team.
 */
export type MonthWish =
  | { do: 'draft' | 'publish' | 'lock'; month?: string; team?: string }
  /** Amount in fen; null takes back what was set. */
  | { do: 'adjust'; who: string; item: string; fen: number | null; reason: string; month?: string }
  | { do: 'appeal'; item: string; reason: string; month?: string }
  | { do: 'keep'; nr: number; reason: string; month?: string }
  /** `words`: a person or a line. */
  | { do: 'pay'; words?: string; month?: string }
  | { do: 'points'; words?: string; month?: string }
  | { do: 'ranking'; month?: string }

export type Wish =
  | { about: 'month'; wish: MonthWish }
  | { about: 'incident'; wish: IncidentWish }
  | { about: 'figure'; wish: FigureWish }
  | { about: 'post'; wish: PostWish }
  | { about: 'leave'; wish: LeaveWish }
  /** Something about one order. `code` is what was said; without it the caller finds the one order that fits. */
  | { about: 'order'; code?: string; wish: OrderWish }
  | { about: 'newOrder'; draft: JobDraft }
  | { about: 'list'; which: ListName }
  | { about: 'attendance'; wish: AttendanceWish }
  | { about: 'undo' }
  | { about: 'help' }
  /** A yes or no to what the bot asked last. */
  | { about: 'confirm'; yes: boolean }
  | { about: 'bind'; code?: string; mobile?: string }
  | { about: 'bindCode'; person: string }
  | { about: 'bindTeam'; team: string }

export type Understood =
  | { kind: 'wish'; wish: Wish }
  /** Words of ours, but a change would be a guess: a negation, a question about the future, two readings. */
  | { kind: 'unsure'; why: 'negation' | 'twoReadings' | 'time' | 'code' | 'missing'; say: string; code?: string }
  /** Not addressed to the service, or no word of ours in it. */
  | { kind: 'chatter' }
