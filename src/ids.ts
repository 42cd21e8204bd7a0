import { v7 } from 'uuid'

/** Makes row ids (UUIDv7): ordered by the clock they are given, and strictly rising within this process. */
export function idMaker(): (at: Date) => string {
  let last = 0
  let seq = 0
  return at => {
    const now = at.getTime()
    if (now > last) {
      last = now
      seq = 0
    } else {
      seq += 1
    }
    return v7({ msecs: last, seq })
  }
}

/** The process's own maker: one sequence for all rows it writes. */
export const newId = idMaker()
