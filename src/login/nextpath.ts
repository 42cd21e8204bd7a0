/** Where one arrives who did not want to go anywhere in particular. */
export const home = '/login'

const mostLength = 512
const nowhere = 'http://paigong.invalid'

/**
 * A path of this service out of what an address asks for, in the form a browser would make of it; `home` for anything
 * that could lead elsewhere (`//evil`, `/\evil`, `https://…`).
 */
export function localPath(asked: unknown): string {
  if (typeof asked !== 'string' || !asked.startsWith('/') || asked.length > mostLength) return home
  if (!URL.canParse(asked, nowhere)) return home
  const url = new URL(asked, nowhere)
  const path = `${url.pathname}${url.search}${url.hash}`
  // What was taken apart and put together again (`/..//evil`) must still be a path.
  return url.origin === nowhere && !path.startsWith('//') ? path : home
}
