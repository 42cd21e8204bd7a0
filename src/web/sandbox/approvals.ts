import type { ApprovalDeed, SandboxApproval, SandboxPerson } from '../../sandbox/wire.ts'

/** The requests in a platform's own app for approvals, as one person's phone shows them. Pure. */
export interface Request {
  id: string
  title: string
  lines: string[]
  /** Where it stands: `等你处理`, `等王经理处理`, `已通过`. */
  words: string
  /** It waits for this person. */
  mine: boolean
  deeds: Array<{ do: ApprovalDeed; words: string }>
}

/** Decided ones stay so that they can be taken back; older ones would only be in the way. */
const mostDecided = 2

/** What this person has to decide, then what he asked for: open ones, and the last that were approved. */
export function requestsOf(
  approvals: readonly SandboxApproval[],
  person: SandboxPerson,
  people: readonly SandboxPerson[],
): Request[] {
  const here = approvals.filter(({ platform }) => platform === person.uses)
  const deciding = here.filter(({ deciders }) => deciders.includes(person.userId))
  const asked = here.filter(({ applicant, deciders }) => applicant === person.userId && !deciders.includes(applicant))
  const open = asked.filter(({ status }) => status === 'pending')
  const approved = asked.filter(({ status }) => status === 'approved').slice(0, mostDecided)
  return [...deciding, ...open, ...approved].map(request => shown(request, person, people))
}

function shown(request: SandboxApproval, person: SandboxPerson, people: readonly SandboxPerson[]): Request {
  const { id, title, lines, status, deciders, applicant } = request
  const mine = deciders.includes(person.userId)
  const names = deciders.map(userId => people.find(one => one.userId === userId)?.name ?? userId).join('、')
  const own = applicant === person.userId
  return {
    ...{ id, title, lines, mine },
    words: status === 'approved' ? '已通过' : mine ? '等你处理' : `等${names}处理`,
    deeds: [
      ...(mine ? [{ do: 'approve' as const, words: '同意' }] : []),
      ...(mine ? [{ do: 'reject' as const, words: '拒绝' }] : []),
      ...(own ? [{ do: status === 'approved' ? ('revoke' as const) : ('withdraw' as const), words: '撤销' }] : []),
    ],
  }
}

/** What the closed section says. */
export function summaryOf(requests: readonly Request[]): string {
  const waiting = requests.filter(({ mine }) => mine).length
  return waiting > 0 ? `${waiting} 张等你处理` : `我的 ${requests.length} 张`
}
