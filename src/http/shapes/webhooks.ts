import { z } from 'zod'
import { patterns } from '../../webhooks/events.ts'
import { moment, named, page, teamKey, teamRef } from './common.ts'

/** Webhook endpoints and deliveries as programs get them. */

export const endpoint = named(
  'WebhookEndpoint',
  z.strictObject({
    id: z.uuid(),
    url: z.string(),
    events: z.array(z.string()),
    description: z.string().nullable(),
    team: teamRef.nullable().describe('Events of this team only'),
    enabled: z.boolean(),
    offBecause: z.string().nullable().describe('Why the service switched it off'),
    failingSince: moment.nullable().describe('Nothing came through since then'),
    lastDeliveredAt: moment.nullable(),
    createdAt: moment,
    updatedAt: moment,
  }),
)
export const endpointPage = page(endpoint)
export const freshEndpoint = named(
  'FreshWebhookEndpoint',
  endpoint.extend({ secret: z.string().describe('What messages are signed with: whsec_…, shown this once') }),
)

export const deliveryState = z.enum(['waiting', 'delivered', 'failed', 'dropped'])

export const delivery = named(
  'WebhookDelivery',
  z.strictObject({
    id: z.uuid().describe('The webhook-id it is sent under'),
    type: z.string(),
    at: moment.describe('When it happened'),
    state: deliveryState.describe('failed: given up; dropped: what it is about is gone'),
    attempts: z.int(),
    nextAt: moment.nullable().describe('When it is tried next'),
    attemptedAt: moment.nullable(),
    status: z.int().nullable().describe('Status of the last answer; null: none came'),
    error: z.string().nullable().describe('Why the last attempt failed'),
    answer: z.string().nullable().describe('How the last answer began, when it failed'),
  }),
)
export const deliveryPage = page(delivery)

const wanted = z
  .array(z.enum(patterns, { error: 'must be an event like order.completed, all of an area like order.*, or *' }))
  .min(1)
  .max(patterns.length)
const url = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .describe('https, and a public address; else the operator has to allow it')
const description = z.string().trim().max(200)

export const endpointInput = named(
  'WebhookEndpointInput',
  z.strictObject({
    url,
    events: wanted,
    description: description.optional(),
    team: teamKey.optional().describe('Name or id of a team: its events only'),
  }),
)
export const endpointChange = named(
  'WebhookEndpointChange',
  z.strictObject({
    url: url.optional(),
    events: wanted.optional(),
    description: description.nullable().optional(),
    enabled: z.boolean().optional().describe('What waits goes out when it is switched on again'),
  }),
)
