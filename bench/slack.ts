import { createHmac } from 'node:crypto'
import { systemClock } from '../src/now.ts'
import type { Shot } from './load.ts'

export const secret = 'a-signing-secret-for-the-benchmark'

/** A message as Slack signs it. */
export function slackSays(nth: number): Shot {
  const seconds = Math.floor(systemClock.now().getTime() / 1_000)
  const body = JSON.stringify({
    ...{
      token: 'x',
      team_id: 'T0',
      api_app_id: 'A0',
      type: 'event_callback',
      event_id: `Ev${nth}`,
      event_time: seconds,
    },
    event: {
      ...{ type: 'message', user: `U${nth}`, text: `到达 ${1_000 + nth}`, ts: `${seconds}.${nth}` },
      ...{ channel: `D${nth}`, channel_type: 'im' },
    },
  })
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`
  return {
    ...{ method: 'POST', path: '/slack/events', body },
    headers: {
      ...{ 'content-type': 'application/json', 'x-slack-signature': signature },
      'x-slack-request-timestamp': String(seconds),
    },
  }
}
