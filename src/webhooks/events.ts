import type { IncidentFactName } from '../incidents/fact.ts'
import type { LeaveFactName } from '../leave/fact.ts'
import type { FactName } from '../orders/fact.ts'
import type { MonthFactName } from '../settlement/fact.ts'

/** What programs may hear of, by the name it has for them. Names stay: others have written them into their programs. */
export const events = {
  'order.opened': 'An order was opened',
  'order.linked': 'It follows from an earlier job: the same fault again, or a leak after an installation',
  'order.unlinked': 'The desk said that it does not',
  'order.reworked': 'A later order follows from this one',
  'order.unreworked': 'It does not, after all',
  'order.routed': 'A complaint was passed to a department',
  'order.offered': 'It is up for grabs',
  'order.offer_ended': 'Nobody grabbed it in time',
  'order.assigned': 'It was given to a technician',
  'order.unplaced': 'Nobody may take it; the desk has to see',
  'order.accepted': 'The technician accepted it',
  'order.declined': 'The technician declined it',
  'order.withdrawn': 'It was taken back from the technician',
  'order.helper_joined': 'Somebody goes along with the technician',
  'order.helper_left': 'A helper does not go along any more',
  'order.shared': 'It was said how the work is divided',
  'order.contacted': 'The customer was called; perhaps a visit was agreed',
  'order.unreachable': 'The customer could not be reached',
  'order.unreachable_confirmed': 'The desk confirmed that he can’t be reached',
  'order.appointed': 'A visit was agreed, or moved',
  'order.departed': 'The technician is on his way',
  'order.arrived': 'The technician is there',
  'order.suspended': 'The work waits, for parts or the customer',
  'order.suspension_extended': 'It waits longer',
  'order.resumed': 'The work goes on',
  'order.progress_told': 'The technician said how he gets on',
  'order.completed': 'The work is done',
  'order.empty_run': 'He went there in vain',
  'order.reported': 'The service report or the papers are handed in',
  'order.revisited': 'The customer was called back',
  'order.revisit_tried': 'The customer was called back in vain',
  'order.rated': 'The customer rated the visit, or thought better of it',
  'order.complained': 'A complaint was opened from what the customer said',
  'order.return_asked': 'The desk asked whether it may be returned or exchanged',
  'order.urged': 'The customer urges',
  'order.help_asked': 'The technician asks for help',
  'order.photo_added': 'A photo was added',
  'order.signed': 'The customer signed on the technician’s phone; a later signature takes the place of one before',
  'order.located': 'The technician said where he is',
  'order.reminded': 'Somebody was told that a clock runs out, or has run out',
  'order.undone': 'An entry was taken back',
  'order.erased': 'What was known of the customer, or the photos alone, is deleted: delete it as well',
  'order.closed': 'The order is closed',
  'order.cancelled': 'The order was cancelled',

  'leave.requested': 'Somebody asked for leave, or to change it',
  'leave.passed_on': 'One approver agreed, the next one decides',
  'leave.approved': 'It was granted',
  'leave.rejected': 'It was not',
  'leave.proposed': 'The approver would grant other days',
  'leave.proposal_accepted': 'He takes those days',
  'leave.proposal_refused': 'He does not',
  'leave.withdrawn': 'The request was withdrawn',
  'leave.lapsed': 'Nobody decided in time, or it was over before',
  'leave.cancelled': 'Leave that was granted is off',
  'leave.shortened': 'Leave that was granted ends earlier',
  'leave.recounted': 'Its days were counted anew, by other rules',
  'leave.orders_returned': 'Open orders that fall into it went back to the desk; there may be none',
  'leave.proof_added': 'A paper was handed in for it',
  'leave.submitted': 'WeCom’s or DingTalk’s own approval decides it, under a number there',

  'incident.entered': 'A manager entered a penalty or a reward: it counts',
  'incident.proposed': 'One was proposed: a manager decides',
  'incident.confirmed': 'It counts',
  'incident.dropped': 'It does not',
  'incident.renewed': 'What it follows from holds again',
  'incident.updated': 'More is known of what it follows from',
  'incident.photo_added': 'A photo was added',
  'incident.appealed': 'He appealed',
  'incident.appeal_upheld': 'The appeal is right: it falls',
  'incident.appeal_rejected': 'The appeal is not: it stands',
  'incident.amended': 'It stands and costs less',

  'month.reckoned': 'A month of a team was reckoned: the draft, or anew',
  'month.adjusted': 'A line of a payslip was set by hand',
  'month.published': 'It is published: everybody has his payslip and may appeal',
  'month.appealed': 'Somebody appealed a line',
  'month.appeal_answered': 'An appeal was answered',
  'month.locked': 'Nothing of it changes any more',
} as const

export type EventName = keyof typeof events
export const eventNames = Object.keys(events) as EventName[]

/** An event nobody subscribes to: it is sent when somebody asks for one. */
export const testEvent = 'webhook.test'

/** As what programs hear of each fact; null of what only the service itself keeps book of. */
type Named<Fact extends string> = Readonly<Record<Fact, EventName | null>>

const order = {
  ...{ created: 'order.opened', linked: 'order.linked', unlinked: 'order.unlinked', routed: 'order.routed' },
  ...{ reworked: 'order.reworked', unreworked: 'order.unreworked' },
  ...{ offered: 'order.offered', offerEnded: 'order.offer_ended', dispatched: 'order.assigned' },
  ...{ unplaced: 'order.unplaced', accepted: 'order.accepted', declined: 'order.declined' },
  ...{ withdrawn: 'order.withdrawn', joined: 'order.helper_joined', left: 'order.helper_left', shared: 'order.shared' },
  ...{ contacted: 'order.contacted', unreachable: 'order.unreachable' },
  ...{ unreachableConfirmed: 'order.unreachable_confirmed', appointed: 'order.appointed' },
  ...{ departed: 'order.departed', arrived: 'order.arrived', suspended: 'order.suspended', resumed: 'order.resumed' },
  ...{ expected: 'order.suspension_extended', progress: 'order.progress_told' },
  ...{ completed: 'order.completed', emptyRun: 'order.empty_run', reported: 'order.reported' },
  ...{ revisited: 'order.revisited', revisitTried: 'order.revisit_tried', rated: 'order.rated' },
  ...{ complained: 'order.complained', returnAsked: 'order.return_asked', urged: 'order.urged' },
  ...{ helpAsked: 'order.help_asked', photo: 'order.photo_added', signed: 'order.signed', located: 'order.located' },
  ...{
    reminded: 'order.reminded',
    undone: 'order.undone',
    erased: 'order.erased',
    closed: 'order.closed',
    cancelled: 'order.cancelled',
  },
  // Drawn for the form together with `completed`; the question how suspended work stands.
  ...{ sampled: null, asked: null },
} as const satisfies Named<FactName>

const leave = {
  ...{ asked: 'leave.requested', passed: 'leave.passed_on', granted: 'leave.approved', rejected: 'leave.rejected' },
  ...{ proposed: 'leave.proposed', taken: 'leave.proposal_accepted', refused: 'leave.proposal_refused' },
  ...{ withdrawn: 'leave.withdrawn', lapsed: 'leave.lapsed', cancelled: 'leave.cancelled' },
  ...{ shortened: 'leave.shortened', recounted: 'leave.recounted', handedBack: 'leave.orders_returned' },
  // Where the platform does not take a request, it is rejected.
  ...{ proof: 'leave.proof_added', sent: 'leave.submitted', unsent: 'leave.rejected' },
  ...{ reminded: null, homeward: null },
} as const satisfies Named<LeaveFactName>

const incident = {
  ...{ entered: 'incident.entered', proposed: 'incident.proposed', confirmed: 'incident.confirmed' },
  ...{ dropped: 'incident.dropped', renewed: 'incident.renewed', updated: 'incident.updated' },
  ...{ photo: 'incident.photo_added', appealed: 'incident.appealed', upheld: 'incident.appeal_upheld' },
  ...{ rejected: 'incident.appeal_rejected', amended: 'incident.amended', shown: null, reminded: null },
} as const satisfies Named<IncidentFactName>

const month = {
  ...{ wanted: null, reckoned: 'month.reckoned', adjusted: 'month.adjusted', published: 'month.published' },
  ...{ appealed: 'month.appealed', answered: 'month.appeal_answered', locked: 'month.locked' },
} as const satisfies Named<MonthFactName>

/** Whose journal it is. */
export type Area = 'order' | 'leave' | 'incident' | 'month'

/** The event of each fact. A fact that is new fails to compile here until it is said what programs hear of it. */
export const eventsOf = { order, leave, incident, month } as const satisfies Record<Area, Named<never>>

export const areaOf = (event: string): Area => event.split('.')[0] as Area

export const areas = Object.keys(eventsOf) as Area[]

/** What an endpoint may subscribe to: events, all of an area, or all. */
export const patterns = ['*', ...areas.map(area => `${area}.*` as const), ...eventNames] as const

/** The areas of a list of patterns. */
export const areasIn = (wanted: readonly string[]): Area[] =>
  areas.filter(area => wanted.some(one => one === '*' || areaOf(one) === area))
