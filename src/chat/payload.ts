/** What a button carries and brings back: what it is about, the version shown, and the step. */
export type Payload =
  | { about: 'order'; id: string; step: number; action: string; arg?: string }
  | { about: 'draft'; id: string; version: number; action: string; arg?: string }
  | { about: 'leave'; id: string; version: number; action: string; arg?: string }
  /** A correction of somebody's attendance (补卡). */
  | { about: 'punch'; id: string; version: number; action: string; arg?: string }
  | { about: 'incident'; id: string; version: number; action: string; arg?: string }
  /** A month of a team (月结). */
  | { about: 'month'; id: string; version: number; action: string; arg?: string }

const letters = { order: 'o', draft: 'd', leave: 'l', punch: 'p', month: 'm', incident: 'i' } as const
const subjects = new Map(
  Object.entries(letters).map(([about, letter]) => [letter as string, about as Payload['about']]),
)

export function writePayload(payload: Payload): string {
  const version = payload.about === 'order' ? payload.step : payload.version
  return [
    letters[payload.about],
    payload.id,
    version,
    payload.action,
    ...(payload.arg === undefined ? [] : [payload.arg]),
  ].join(':')
}

/** Null when the payload is not one of ours: a card of another time, or a forged event. */
export function readPayload(text: string): Payload | null {
  const match = /^([a-z]):([0-9a-f-]{36}):(\d{1,9}):([a-zA-Z]{1,30})(?::(.{1,200}))?$/s.exec(text)
  const about = subjects.get(match?.[1] ?? '')
  if (!match || !about) return null
  const [, , id = '', version, action = '', arg] = match
  const more = arg === undefined ? {} : { arg }
  return about === 'order'
    ? { about, id, step: Number(version), action, ...more }
    : { about, id, version: Number(version), action, ...more }
}
