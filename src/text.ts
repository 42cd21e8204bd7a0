const half = /\p{Surrogate}/gu

/**
 * A text as PostgreSQL keeps one: without NUL, and with U+FFFD where half of a surrogate pair stands alone, as where a
 * sender cut an emoji in two.
 */
export const writable = (text: string): string => text.replaceAll('\0', '').replace(half, '\ufffd')

/** Whether a JSON text has something in it that PostgreSQL would refuse; JSON writes both as escapes. */
export const isUnwritable = (json: string): boolean => /\\u(?:0000|d[89a-f])/i.test(json)

/** For `JSON.parse`: every text in it, names as well, `writable`. */
export function asWritable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return writable(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [writable(name), one]))
}
