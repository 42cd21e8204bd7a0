/** What the console's pages and the service say to each other about people and teams. Moments are ISO 8601, days `2026-11-25`. */

export type PlatformName = 'wecom' | 'dingtalk'

/** `partly`: on leave for a part of today. */
export type StandingToday = 'active' | 'leave' | 'partly' | 'rest' | 'left'

export interface MemberOf {
  teamId: string
  team: string
  roles: string[]
}

export interface RosterItem {
  id: string
  name: string
  mobile: string | null
  today: StandingToday
  teams: MemberOf[]
  skills: string[]
  areas: string[]
  restDays: number[]
  daysOff: string[]
  inHand: number
  accounts: PlatformName[]
}

export interface Roster {
  items: RosterItem[]
  next: string | null
  counts: { active: number; leave: number; left: number }
}

/** What a form about people chooses from. `posts`: by team, where its rule book lists any. */
export interface PeopleTerms {
  roles: string[]
  skills: string[]
  areas: string[]
  posts: Array<{ teamId: string; posts: string[] }>
  today: string
}

export interface DoublePerson {
  id: string
  name: string
  active: boolean
  teams: string[]
  by: 'name' | 'mobile' | PlatformName
}

export interface PersonPage {
  id: string
  name: string
  mobile: string | null
  platform: PlatformName | null
  today: StandingToday
  skills: string[]
  areas: string[]
  restDays: number[]
  daysOff: string[]
  teams: Array<
    MemberOf & {
      post: string | null
      joinedOn: string | null
      mayManage: boolean
      /** Nobody else manages this team. */
      onlyManager: boolean
      /** Numbers of the open orders he has here, and of those he goes along on. */
      inHand: string[]
      along: string[]
    }
  >
  /** Times in teams that are over, the last one first. */
  past: Array<{ teamId: string; team: string; post: string | null; from: string; to: string }>
  accounts: Array<{ platform: PlatformName; userId: string; since: string; how: string }>
  /** Platforms on which he is not looked up by his mobile, since somebody unbound him there. */
  unboundOn: string[]
  /** Null where the viewer may not see them. */
  sessions: Array<{ platform: string; since: string; seen: string; browser: string }> | null
  /** What the viewer may do: change his profile; his number, accounts and sessions, and let him go. */
  may: { change: boolean; identity: boolean; erase: boolean }
  isSelf: boolean
  /** The business day. */
  day: string
}

export interface PolicyChoice {
  name: string
  title: string
  version: number
  /** Its file is gone: the team runs on the default one. */
  missing: boolean
}

export interface TeamItem {
  id: string
  name: string
  policy: PolicyChoice
  /** Active people, by what they are. */
  people: Array<{ role: string; count: number }>
  chats: Array<{ platform: PlatformName; chatId: string; via: string; since: string }>
  /** Platforms on which it has a group robot. */
  robots: PlatformName[]
  mayManage: boolean
}

export interface Teams {
  items: TeamItem[]
  /** What a manager may choose from; empty for everybody else. */
  policies: PolicyChoice[]
}
