const minuteMs = 60_000
const hourMs = 60 * minuteMs

export type Pressing = 'calm' | 'near' | 'late'

/** What is left until a moment, for a countdown: `1:18:05`, `4:59`, `3 天 2 小时`; past it `-12:03`. */
export function leftOf(dueAt: string, now: number): { says: string; pressing: Pressing } {
  const left = Date.parse(dueAt) - now
  const pressing = left < 0 ? 'late' : left <= 30 * minuteMs ? 'near' : 'calm'
  return { says: sayLeft(left), pressing }
}

function sayLeft(ms: number): string {
  const total = Math.floor(Math.abs(ms) / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(total / 3_600)
  if (Math.abs(ms) >= 48 * hourMs) return `${Math.floor(hours / 24)} 天 ${hours % 24} 小时`
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, '')
}
