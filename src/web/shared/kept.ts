/**
 * The last answers of the service, for when there is no network. They are in the browser's local storage, which can be
 * emptied at once when somebody signs out, and belong to one session: a part of its csrf token, of no use to anybody,
 * stands beside them.
 */

const prefix = 'paigong.kept.'
const ownerKey = `${prefix}owner`
/** Orders that were opened long ago make room for others. */
const mostKept = 40

export interface KeptAnswer<T> {
  /** When it came, ms since 1970 by the phone's clock. */
  at: number
  body: T
}

const all = (): string[] => Object.keys(localStorage).filter(key => key.startsWith(prefix))

/** Nothing is left of what the service answered. */
export function forgetAnswers(): void {
  for (const key of all()) localStorage.removeItem(key)
}

/** From here on answers are kept for this session; those of another one are gone. */
export function keepFor(csrf: string): void {
  const session = csrf.slice(0, 12)
  if (localStorage.getItem(ownerKey) === session) return
  forgetAnswers()
  write(ownerKey, session)
}

export function keepAnswer<T>(path: string, body: T): void {
  if (localStorage.getItem(ownerKey) === null) return
  write(prefix + path, JSON.stringify({ at: Date.now(), body } satisfies KeptAnswer<T>))
  const paths = all().filter(key => key !== ownerKey && key !== prefix + path)
  const aged = paths.map(key => ({ key, at: read(key)?.at ?? 0 })).sort((a, b) => b.at - a.at)
  for (const { key } of aged.slice(mostKept - 1)) localStorage.removeItem(key)
}

export const keptAnswer = <T>(path: string): KeptAnswer<T> | null => read<T>(prefix + path)

function read<T>(key: string): KeptAnswer<T> | null {
  const text = localStorage.getItem(key)
  try {
    return text === null ? null : (JSON.parse(text) as KeptAnswer<T>)
  } catch {
    return null
  }
}

/** A full phone keeps nothing: the page works all the same. */
function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    localStorage.removeItem(key)
  }
}
