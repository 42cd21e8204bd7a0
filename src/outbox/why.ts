import { senderLost } from './store.ts'

/**
 * Why a message stands where it stands. `due`: it is its turn; `sending`: on its way; `later`: it was put for a time to
 * come, e.g. after quiet hours; `behind`: another one to the same recipient goes first; `pace`: the platform drops more
 * than so many to one recipient; `thrift`: reminders merge to spare the month's allowance; `quota`: that is used up;
 * `lost`: whoever sent it died; `failed`: the platform failed, it is tried again; `unbound`: the person has no account;
 * `refused`: the platform does not take it; `exhausted`: tried too often; `spared`: left out to spare the allowance;
 * `moot`: no more of use; `again`: somebody had it sent again; `done`.
 */
export type Why =
  | ('due' | 'sending' | 'later' | 'behind' | 'pace' | 'thrift' | 'quota' | 'lost' | 'failed' | 'again')
  | ('unbound' | 'refused' | 'exhausted' | 'spared' | 'moot' | 'done')

interface Standing {
  status: string
  attempts: number
  nextAt: Date
  reason: string | null
  behind: boolean
}

/** Reasons as whoever held a message back wrote them (engine/pace, engine/deliver, the platforms' codes). */
export function whyOf({ status, attempts, nextAt, reason, behind }: Standing, now: Date, mostAttempts: number): Why {
  const says = (...starts: string[]) => starts.some(start => reason?.startsWith(start))
  switch (status) {
    case 'sending':
      return 'sending'
    case 'dead':
      return says('unbound') ? 'unbound' : attempts >= mostAttempts ? 'exhausted' : 'refused'
    case 'dropped':
      return says('spared') ? 'spared' : 'moot'
    case 'waiting':
      break
    default:
      return 'done'
  }
  if (behind) return 'behind'
  if (says('throttled')) return 'pace'
  if (says('reminders merge')) return 'thrift'
  if (says('quota:')) return 'quota'
  if (says(senderLost)) return 'lost'
  if (says('sent again', 'the person is bound now')) return attempts > 0 ? 'failed' : 'again'
  if (attempts > 0 || reason !== null) return 'failed'
  return nextAt > now ? 'later' : 'due'
}
