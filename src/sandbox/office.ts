import { Invalid } from '../errors.ts'
import type { Clock } from '../now.ts'
import { type Act, type ApprovalKept, type PunchKept, shownApproval } from './approvals.ts'
import type { Outcome } from './options.ts'
import type { Phones } from './phones.ts'
import type { PhonePlatform, SandboxActions, SandboxApproval, SandboxPerson, SandboxPunch } from './wire.ts'

const mostApprovals = 100
const mostPunches = 50
const mostKept = 5_000

/** A platform's own approvals and check-ins: what it keeps, and where it hears what people do there. */
export interface Counter {
  requests: ReadonlyMap<string, ApprovalKept>
  punches: PunchKept[]
  act(id: string, act: Omit<Act, 'at'>): Promise<Outcome>
}

interface OfficeParts {
  phones: Phones
  clock: Clock
  counters: Record<PhonePlatform, Counter>
  changed: () => void
}

const newestFirst = (a: { at: string }, b: { at: string }) => b.at.localeCompare(a.at)

/** The apps beside the chats, 审批 and 打卡 on either platform. Throws `Invalid` for what a person could not do there. */
export class Office {
  constructor(private readonly parts: OfficeParts) {}

  async approval({ id, as, do: did, words }: SandboxActions['approval']): Promise<{ status: Outcome }> {
    const { userId } = this.who(as)
    const counter = Object.values(this.parts.counters).find(({ requests }) => requests.has(id))
    if (!counter) throw new Invalid(`there is no request ${id}`)
    return { status: await counter.act(id, { who: userId, did, words: words ?? '' }) }
  }

  /** With the app he uses. No platform tells the service: it has to ask. */
  async punch({ as, at, kind, missing, place }: SandboxActions['punch']): Promise<{ status: Outcome }> {
    const { userId, uses } = this.who(as)
    const { punches } = this.parts.counters[uses]
    const when = at === undefined ? this.parts.clock.now() : new Date(at)
    punches.push({
      ...{ who: userId, at: when.toISOString(), kind, missing: missing ?? false },
      ...(place === undefined ? {} : { place }),
    })
    punches.splice(0, punches.length - mostKept)
    this.parts.changed()
    return { status: 'empty' }
  }

  shown(): { approvals: SandboxApproval[]; punches: SandboxPunch[] } {
    const { wecom, dingtalk } = this.parts.counters
    const each = <T>(of: (platform: PhonePlatform, counter: Counter) => T[]) => [
      ...of('wecom', wecom),
      ...of('dingtalk', dingtalk),
    ]
    const approvals = each((platform, { requests }) =>
      // What takes another back shows by that one's state.
      [...requests.values()].filter(({ revokes }) => !revokes).map(request => shownApproval(platform, request)),
    )
    const punches = each((platform, counter) =>
      counter.punches.map(
        ({ who, at, kind, missing, place }): SandboxPunch => ({
          ...{ platform, userId: who, at, kind },
          ...(missing ? { missing: true } : {}),
          ...(place === undefined ? {} : { place }),
        }),
      ),
    )
    return {
      approvals: approvals.sort(newestFirst).slice(0, mostApprovals),
      punches: punches.sort(newestFirst).slice(0, mostPunches),
    }
  }

  private who(as: string): SandboxPerson {
    const person = this.parts.phones.person(as)
    if (!person) throw new Invalid(`nobody is called ${as}`)
    return person
  }
}
