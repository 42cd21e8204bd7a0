import { onTestFinished, vi } from 'vitest'
import { Receiver } from './receiver.ts'
import { apiToken, type World } from './world.ts'

/** A webhook endpoint as the API shows it. */
export interface Hook {
  id: string
  secret: string
  url: string
  events: string[]
  enabled: boolean
  offBecause: string | null
  failingSince: string | null
  lastDeliveredAt: string | null
}

export interface Delivery {
  id: string
  type: string
  state: string
  attempts: number
  nextAt: string | null
  status: number | null
  error: string | null
  answer: string | null
}

/** Where the receivers of tests are. */
export const allow = ['127.0.0.1']

/** A program that subscribed to events, on a server of its own. */
export async function subscribed(
  world: World,
  events: string[],
  more: object = {},
): Promise<{ at: Receiver; hook: Hook }> {
  const at = await Receiver.open({ now: () => world.clock.now() })
  onTestFinished(() => at.close())
  const { status, body } = await world.api<Hook>('POST', '/webhooks', { url: at.url, events, ...more })
  if (status !== 201) throw new Error(JSON.stringify(body))
  at.secrets = [body.secret]
  return { at, hook: body }
}

export const hookNow = async (world: World, { id }: Pick<Hook, 'id'>): Promise<Hook> =>
  (await world.api<Hook>('GET', `/webhooks/${id}`)).body

/** The newest first. */
export async function deliveries(world: World, { id }: Pick<Hook, 'id'>, state?: string): Promise<Delivery[]> {
  const path = `/webhooks/${id}/deliveries?limit=200${state ? `&state=${state}` : ''}`
  return (await world.api<{ items: Delivery[] }>('GET', path)).body.items
}

/** For answers without a body. */
export const bare = (world: World, method: string, path: string): Promise<Response> =>
  fetch(`${world.url}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${apiToken}` } })

/** Everything that is logged from now on. */
export function logged(world: World): string[] {
  const lines: string[] = []
  for (const level of ['info', 'warn', 'error'] as const) {
    const write = world.log[level].bind(world.log)
    vi.spyOn(world.log, level).mockImplementation((fields: object, message: string) => {
      lines.push(`${message} ${JSON.stringify(fields)}`)
      write(fields, message)
    })
  }
  return lines
}
