/** What a button carries and brings back: what it is about, the version shown, and the step. */
export type Payload =
  | { about: 'order'; id: string; step: number; action: string; arg?: string }
  | { about: 'draft'; id: string; version: number; action: string; arg?: string }
  | { about: 'leave'; id: string; version: number; action: string; arg?: string }

const letters = { order: 'o', draft: 'd', leave: 'l' } as const

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
  const match = /^([odl]):([0-9a-f-]{36}):(\d{1,9}):([a-zA-Z]{1,30})(?::(.{1,200}))?$/s.exec(text)
  if (!match) return null
  const [, about, id = '', version, action = '', arg] = match
  const more = arg === undefined ? {} : { arg }
  return about === 'o'
    ? { about: 'order', id, step: Number(version), action, ...more }
    : { about: about === 'l' ? 'leave' : 'draft', id, version: Number(version), action, ...more }
}
