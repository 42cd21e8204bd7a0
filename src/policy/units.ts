const minuteMs = 60_000
const unitMs = { d: 1440 * minuteMs, h: 60 * minuteMs, m: minuteMs } as const

const longestMs = 366 * unitMs.d

/**
 * Milliseconds of `30m`, `2h`, `1h30m`, `3d` or `30分钟`, `2小时`, `3天`; a day is 24 hours. Null when it is none of
 * these, or longer than a year.
 */
export function readDuration(text: string): number | null {
  const match = /^(?:(\d{1,3})(?:d|天))?(?:(\d{1,4})(?:h|小时))?(?:(\d{1,5})(?:m|分钟?))?$/.exec(
    text.replace(/\s/g, ''),
  )
  if (!match || match[0] === '') return null
  const [days, hours, minutes] = [match[1], match[2], match[3]].map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
  ]
  const ms = days * unitMs.d + hours * unitMs.h + minutes * unitMs.m
  return ms > longestMs ? null : ms
}

/** The shortest way to write it: `2h`, `1h30m`, `0m`. Names reminder steps, so it must stay as it is. */
export function writeDuration(ms: number): string {
  const minutes = Math.round(ms / minuteMs)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${rest}m`
  return rest === 0 ? `${hours}h` : `${hours}h${rest}m`
}

/** Minutes since midnight of `08:30`; `24:00` is the end of the day. Null when it is no time of day. */
export function readTimeOfDay(text: string): number | null {
  const match = /^(\d{1,2}):([0-5]\d)$/.exec(text)
  if (!match) return null
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return minutes <= 1440 ? minutes : null
}
