import { z } from 'zod'
import { type Area, areaOf, type EventName, eventNames, events, testEvent } from '../../webhooks/events.ts'
import { moment, named } from './common.ts'
import { incident, incidentFact } from './incidents.ts'
import { leave, leaveFact } from './leaves.ts'
import { monthFact, settled } from './months.ts'
import { order, orderFact } from './orders.ts'

/** What is sent to webhook endpoints: `{type, timestamp, data}`, the data as the API has it. */

const of = 'As it was when that happened'

const datas: Readonly<Record<Area, z.ZodType>> = {
  order: named('OrderEvent', z.strictObject({ order: order.describe(of), fact: orderFact })),
  leave: named('LeaveEvent', z.strictObject({ leave: leave.describe(of), fact: leaveFact })),
  incident: named('IncidentEvent', z.strictObject({ incident: incident.describe(of), fact: incidentFact })),
  month: named(
    'MonthEvent',
    z.strictObject({ settlement: settled.describe(`${of}; the \`result\` as it is now`), fact: monthFact }),
  ),
}

const eventShape = (type: string, data: z.ZodType) =>
  z.strictObject({ type: z.literal(type), timestamp: moment.describe('When it happened'), data })

const test = named('TestEvent', z.strictObject({ endpoint: z.uuid() }))

/** Every event with what it says, by its name. */
export const eventShapes: ReadonlyArray<{ name: EventName | typeof testEvent; summary: string; shape: z.ZodType }> = [
  ...eventNames.map(name => ({ name, summary: events[name], shape: eventShape(name, datas[areaOf(name)]) })),
  { name: testEvent, summary: 'Somebody wants to see whether it comes through', shape: eventShape(testEvent, test) },
]
