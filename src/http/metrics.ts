import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Signals } from '../platforms/platform.ts'

export interface Metrics {
  registry: Registry
  signals: Signals
  backlog: Gauge<'status'>
  unfinished: Gauge
  webhooks: Gauge<'state'>
  webhooksOff: Gauge
  sincebeat: Gauge
  quotaUsed: Gauge<'platform' | 'kind'>
  quotaLimit: Gauge<'platform' | 'kind'>
}

/** What is counted. Labels never hold a person, a customer or a word somebody said. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'paigong_' })
  const refused = new Counter({
    name: 'paigong_door_refused_total',
    help: 'Requests a door refused',
    labelNames: ['door', 'reason'],
    registers: [registry],
  })
  const calls = new Histogram({
    name: 'paigong_platform_call_seconds',
    help: 'Calls to a platform',
    labelNames: ['api', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  })
  const backlog = new Gauge({
    name: 'paigong_outbox_rows',
    help: 'Rows of the outbox that wait or are dead',
    labelNames: ['status'],
    registers: [registry],
  })
  const unfinished = new Gauge({
    name: 'paigong_inbox_unfinished',
    help: 'Taps and sentences that were acknowledged and are not dealt with yet',
    registers: [registry],
  })
  const webhooks = new Gauge({
    name: 'paigong_webhook_deliveries',
    help: 'Messages to webhook endpoints that wait or were given up',
    labelNames: ['state'],
    registers: [registry],
  })
  const webhooksOff = new Gauge({
    name: 'paigong_webhook_endpoints_off',
    help: 'Webhook endpoints that were switched off since nothing came through',
    registers: [registry],
  })
  const sincebeat = new Gauge({
    name: 'paigong_engine_beat_age_seconds',
    help: 'Seconds since the engine finished a beat',
    registers: [registry],
  })
  const labelNames = ['platform', 'kind'] as const
  const quotaUsed = new Gauge({
    ...{ name: 'paigong_platform_quota_used', help: 'Used of this month’s allowance of a platform' },
    ...{ labelNames, registers: [registry] },
  })
  const quotaLimit = new Gauge({
    ...{ name: 'paigong_platform_quota_limit', help: 'This month’s allowance of a platform' },
    ...{ labelNames, registers: [registry] },
  })
  const signals: Signals = {
    refused: (door, reason) => refused.inc({ door, reason }),
    called: (api, outcome, ms) => calls.observe({ api, outcome }, ms / 1000),
  }
  return { registry, signals, backlog, unfinished, webhooks, webhooksOff, sincebeat, quotaUsed, quotaLimit }
}
