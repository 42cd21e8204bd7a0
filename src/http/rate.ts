/** A token bucket: it holds a minute's worth of requests and fills evenly. */
export interface Bucket {
  left: number
  /** When `left` was so many, in milliseconds. */
  at: number
}

export interface Taken {
  bucket: Bucket
  allowed: boolean
  /** Whole requests that are left. */
  remaining: number
  /** Seconds until it is full again. */
  resetSeconds: number
  /** Seconds until the next request is allowed; 0 where this one was. */
  retrySeconds: number
}

const minuteMs = 60_000

/** Takes one request out of a bucket; null: nobody took any yet. A clock that was set back fills nothing. */
export function take(bucket: Bucket | null, now: number, perMinute: number): Taken {
  const perMs = perMinute / minuteMs
  const passed = bucket ? Math.max(0, now - bucket.at) : 0
  const there = bucket ? Math.min(perMinute, bucket.left + passed * perMs) : perMinute
  const allowed = there >= 1
  const left = allowed ? there - 1 : there
  const seconds = (requests: number) => Math.max(0, Math.ceil(requests / perMs / 1000))
  return {
    bucket: { left, at: now },
    ...{ allowed, remaining: Math.floor(left), resetSeconds: seconds(perMinute - left) },
    retrySeconds: allowed ? 0 : Math.max(1, seconds(1 - left)),
  }
}
