import { createHash } from 'node:crypto'

/** A server keeps each named statement for as long as its connection lives. */
const most = 200
/** Statements looked at: lists of different lengths make ever new ones. */
const mostSeen = 2_000

/**
 * Names for statements that are said again and again, so that the server reads and plans each once a connection; what was
 * said only once or twice, or comes when there are enough, goes without.
 */
export function createNaming(): (sql: string) => string | undefined {
  const seen = new Map<string, number>()
  const names = new Map<string, string>()
  return sql => {
    const known = names.get(sql)
    if (known !== undefined || names.size >= most) return known
    const times = (seen.get(sql) ?? 0) + 1
    if (times < 3) {
      if (seen.size >= mostSeen) seen.clear()
      seen.set(sql, times)
      return undefined
    }
    seen.delete(sql)
    const name = `p${createHash('sha256').update(sql).digest('base64url').slice(0, 24)}`
    names.set(sql, name)
    return name
  }
}
