import { consolePrefix, consoleTable } from '../../src/console/routes.ts'
import { mobilePrefix, mobileTable } from '../../src/mobile/routes.ts'
import { nobody, type Side } from './furnished.ts'

/** Roles of the own team. */
type Role = 'technician' | 'finance' | 'dispatcher' | 'manager' | 'company'

/**
 * How a route is asked, and what it answers: `own` about the own team, `other` about another one. Without `other` the
 * route is about no team. What changes something is asked for what can't be done, so that it is refused each time in the
 * same way, after it was seen that the asker may.
 */
export interface Sample {
  params?: (side: Side) => Record<string, string>
  query?: (side: Side) => Record<string, string>
  body?: (side: Side) => object
  /** Of a file. */
  type?: string
  own: number
  other?: number
  /** Of those who may use the route, who may see this thing of the own team; the others get `other`. */
  seenBy?: readonly Role[]
  /** What somebody of the own team gets who sees it and yet may not. */
  refuses?: Partial<Record<Role, number>>
}

const none = (): never => {
  throw new Error('a table that is only read')
}

export const tables = [
  {
    prefix: consolePrefix,
    routes: consoleTable({ changes: none, policyNames: none, engine: none, platforms: none } as never),
  },
  { prefix: mobilePrefix, routes: mobileTable },
]

const desk = ['dispatcher', 'manager', 'company'] as const
const desks = ['technician', ...desk] as const
const managers = ['manager', 'company'] as const

const order = ({ order: code }: Side) => ({ code })
const leave = ({ leave: code }: Side) => ({ code })
const incident = ({ incident: code }: Side) => ({ code })
const person = ({ person: id }: Side) => ({ id })
const inTeam = ({ team }: Side) => ({ team })
const ofMonth = ({ team, month }: Side) => ({ team, month })
const preview = ({ table: id }: Side) => ({ id })
const nothing = () => ({})

const ordersPart: Record<string, Sample> = {
  board: { query: inTeam, own: 200, other: 403, seenBy: desk },
  load: { own: 200 },
  calls: { own: 200 },
  changes: { own: 200 },
  readPasted: { body: ({ team }) => ({ team, text: '王女士 13800001234 漏水' }), own: 200, other: 404 },
  // Somebody who is in no team.
  openOrder: {
    body: ({ team }) => ({
      ...{ team, assign: nobody, fault: '不制冷' },
      customer: { name: '王女士', phone: '13800001234', address: '花园路38号' },
    }),
    ...{ own: 422, other: 404 },
  },
  order: { params: order, own: 200, other: 404, seenBy: desks },
  orderMedia: { params: side => ({ code: side.order, id: side.photo }), own: 200, other: 404, seenBy: desks },
  candidates: { params: order, own: 200, other: 404 },
  doToOrder: { params: order, body: () => ({ do: 'close' }), own: 409, other: 404 },
  previewImport: {
    query: ({ team }) => ({ kind: 'orders', team }),
    body: () => new TextEncoder().encode('x') as never,
    ...{ type: 'text/csv', own: 200, other: 404 },
  },
  imports: { own: 200 },
  importTemplate: { query: () => ({ kind: 'orders' }), own: 200 },
  import: { params: preview, own: 200, other: 404 },
  // Of no import there is: whose it would be is not known.
  confirmImport: { params: () => ({ id: nobody }), body: nothing, own: 404 },
  discardImport: { params: () => ({ id: nobody }), own: 404 },
  exportOrders: { query: ({ team }) => ({ team, format: 'csv' }), own: 200, other: 404 },
  exportPeople: { query: ({ team }) => ({ team, format: 'csv' }), own: 200, other: 404 },
}

const customer = () => ({ phone: '13800009999' })

const privacyPart: Record<string, Sample> = {
  privacy: { own: 200 },
  customerData: { body: customer, own: 200 },
  // Nobody has this number.
  customerFile: { body: customer, own: 404 },
  eraseCustomer: { body: customer, own: 200 },
  personData: { params: person, own: 200, other: 404, seenBy: ['technician', 'manager', 'company'] },
  // He works here.
  erasePerson: { params: person, own: 409 },
}

const peoplePart: Record<string, Sample> = {
  people: { query: inTeam, own: 200, other: 404 },
  peopleTerms: { own: 200 },
  doubles: { query: () => ({ mobile: '13800000002' }), own: 200 },
  newPerson: { body: ({ team }) => ({ name: '张三', team, roles: ['technician'] }), own: 409, other: 404 },
  person: { params: person, own: 200, other: 404 },
  changePersonPage: { params: person, body: nothing, own: 200, other: 404 },
  // Who manages nobody but himself there.
  joinTeam: {
    params: side => ({ id: side.person, team: side.team }),
    body: () => ({ roles: ['technician'] }),
    ...{ own: 200, other: 404 },
  },
  quitTeam: {
    params: side => ({ id: side.person, team: side.team }),
    body: () => ({ lastDay: '2025-01-01' }),
    ...{ own: 422, other: 404 },
  },
  leaveCompany: { params: person, body: () => ({ lastDay: '2025-01-01' }), own: 422, other: 404 },
  bindAccount: {
    params: side => ({ id: side.person, platform: 'wecom' }),
    body: () => ({ userId: 'zhaopaigong' }),
    ...{ own: 409, other: 404 },
  },
  unbindAccount: { params: side => ({ id: side.person, platform: 'dingtalk' }), own: 409, other: 404 },
  bindCode: { params: person, own: 200, other: 404 },
  signOutPerson: { params: person, own: 200, other: 404 },
  teams: { own: 200 },
  newTeam: { body: () => ({ name: '一班' }), own: 409 },
  changeTeam: { params: inTeam, body: nothing, own: 200, other: 404 },
  unbindGroup: { params: inTeam, body: () => ({ platform: 'wecom', robot: true }), own: 409, other: 404 },
}

const opsPart: Record<string, Sample> = {
  opsOutbox: { own: 200 },
  opsResend: { body: () => ({ ids: [nobody] }), own: 200 },
  opsHealth: { own: 200 },
  audit: { own: 200 },
  auditActions: { own: 200 },
  auditFile: { own: 200 },
  opsTokens: { own: 200 },
  opsMakeToken: { body: () => ({ name: '', scopes: [] }), own: 422 },
  opsRevokeToken: { params: () => ({ id: nobody }), own: 404 },
}

const leavePart: Record<string, Sample> = {
  leaveCalendar: { query: inTeam, own: 200, other: 404 },
  leaveWaiting: { own: 200 },
  leaveForm: { query: inTeam, own: 200, other: 404, seenBy: desk },
  planLeave: {
    body: side => ({ ...wish, person: side.person }),
    ...{ own: 200, other: 404, seenBy: desks },
  },
  listLeave: { query: inTeam, own: 200, other: 404, seenBy: desk },
  askLeave: { body: side => ({ ...wish, person: side.person, type: '没有' }), own: 409, other: 404, seenBy: desks },
  leaveRequest: { params: leave, own: 200, other: 404, seenBy: desks },
  actOnLeave: {
    params: leave,
    body: () => ({ act: 'return', version: 9_999 }),
    ...{ own: 409, other: 404, seenBy: desks },
  },
  leaveProof: { params: side => ({ code: side.leave, id: nobody }), own: 404 },
  attendance: {
    query: inTeam,
    ...{ own: 200, other: 404 },
  },
  attendanceDay: {
    query: side => ({ team: side.team, person: side.person, day: '2026-11-20' }),
    ...{ own: 200, other: 404, seenBy: desks },
  },
  incidentsWaiting: { own: 200 },
  incidentChoices: { own: 200 },
  incidentCatalogue: { query: inTeam, own: 200, other: 404 },
  previewIncident: { body: entry, own: 200, other: 404 },
  listIncidents: { query: inTeam, own: 200, other: 404, seenBy: desk },
  enterIncident: { body: side => ({ ...entry(side), item: '没有' }), own: 422, other: 404 },
  incident: { params: incident, own: 200, other: 404, seenBy: ['technician', ...managers] },
  actOnIncident: {
    params: incident,
    body: () => ({ act: 'uphold', version: 9_999, words: '试试' }),
    ...{ own: 409, other: 404, seenBy: ['technician', ...managers] },
  },
  addIncidentPhoto: {
    params: incident,
    body: () => new TextEncoder().encode('no picture') as never,
    ...{ type: 'image/png', own: 422, other: 404, seenBy: ['technician', ...managers] },
  },
  incidentPhoto: { params: side => ({ code: side.incident, id: nobody }), own: 404 },
}

const wish = {
  ...{ type: '事假', reason: '家里有事' },
  ...{ from: { day: '2026-12-08', minute: 480 }, to: { day: '2026-12-08', minute: 1080 } },
}
function entry({ team, person: who }: Side) {
  return { team, person: who, item: '没穿鞋套', day: '2026-11-21' }
}

const monthPart: Record<string, Sample> = {
  figures: { query: ofMonth, own: 200, other: 404 },
  enterFigures: {
    body: side => ({ ...ofMonth(side), values: [{ name: '没有', person: null, value: '1' }] }),
    ...{ own: 422, other: 404 },
  },
  figureSheet: { query: ofMonth, own: 200, other: 404 },
  importFigureSheet: {
    query: ofMonth,
    body: () => new TextEncoder().encode('no workbook') as never,
    ...{ own: 400, other: 404 },
  },
  months: { own: 200 },
  month: { params: ofMonth, own: 200, other: 404 },
  monthPerson: { params: side => ({ ...ofMonth(side), person: side.person }), own: 200, other: 404 },
  draftMonth: { params: side => ({ team: side.team, month: '2026-11' }), own: 409, other: 404 },
  publishMonth: { params: side => ({ team: side.team, month: '2026-09' }), own: 409, other: 404 },
  lockMonth: { params: side => ({ team: side.team, month: '2026-09' }), own: 409, other: 404 },
  monthSending: { params: ofMonth, query: () => ({ step: 'publish' }), own: 200, other: 404 },
  adjustMonth: {
    params: ofMonth,
    body: side => ({ person: side.person, item: '没有', amount: '1', reason: '试试' }),
    ...{ own: 409, other: 404 },
  },
  answerMonthAppeal: {
    params: side => ({ ...ofMonth(side), nr: '99' }),
    body: () => ({ upheld: true, reason: '试试' }),
    ...{ own: 409, other: 404 },
  },
  monthSheet: { params: ofMonth, own: 200, other: 404 },
  monthPicture: { params: ofMonth, own: 200, other: 404 },
  // Nobody's before it is published.
  ownSlip: { params: ofMonth, own: 404 },
  appealOwnSlip: { params: ofMonth, body: () => ({ item: '提成', reason: '试试' }), own: 404 },
}

const policiesPart: Record<string, Sample> = {
  policies: { own: 200 },
  checkPolicy: { body: () => ({ text: 'name: x' }), own: 200 },
  simulatePolicy: {
    body: ({ team, month }) => ({ text: 'name: x', team, month }),
    ...{ own: 422, other: 404 },
  },
  publishPolicy: { body: () => ({ text: 'name: x', effective: '2026-12-01' }), own: 422 },
  policyNow: { params: () => ({ name: 'aircon-shop' }), own: 200 },
  policyText: { params: () => ({ name: 'aircon-shop', version: '1' }), own: 200 },
  comparePolicy: {
    params: () => ({ name: 'aircon-shop', version: '1' }),
    body: () => ({ text: 'name: x' }),
    own: 200,
  },
  withdrawPolicy: { params: () => ({ name: 'aircon-shop', version: '1' }), own: 409 },
}

const mobilePart: Record<string, Sample> = {
  myOrders: { own: 200 },
  myOrder: { params: order, own: 200, other: 404, seenBy: desks },
  takeStep: {
    params: order,
    body: () => ({ key: crypto.randomUUID(), seen: 9_999, wish: { do: 'arrive' } }),
    ...{ own: 409, other: 404, seenBy: desks },
  },
  sendPhoto: {
    params: side => ({ code: side.order, id: nobody }),
    body: () => new TextEncoder().encode('no picture') as never,
    ...{ type: 'image/png', own: 422, other: 404, seenBy: desks },
    // Who works on it sends its photos.
    refuses: { dispatcher: 403, manager: 403, company: 403 },
  },
  sendSignature: {
    params: side => ({ code: side.order, id: nobody }),
    query: () => ({ name: '王女士' }),
    body: () => new TextEncoder().encode('no picture') as never,
    ...{ type: 'image/png', own: 422, other: 404, seenBy: desks },
  },
  myPoints: { own: 200 },
  photo: { params: side => ({ code: side.order, id: side.photo }), own: 200, other: 404, seenBy: desks },
}

/** By operationId. */
export const samples: Record<string, Sample> = {
  ...{
    ...ordersPart,
    ...peoplePart,
    ...privacyPart,
    ...opsPart,
    ...leavePart,
    ...monthPart,
    ...policiesPart,
    ...mobilePart,
  },
}
