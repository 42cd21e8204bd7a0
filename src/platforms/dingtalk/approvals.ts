import { Permanent, Temporary } from '../../errors.ts'
import { Once, type OnceDeps } from '../once.ts'
import type { Approval, Approvals, LeaveForm, Problem } from '../platform.ts'
import { dayMs, pieces } from '../spans.ts'
import { Troubles } from '../troubles.ts'
import type { Api } from './api.ts'
import { approversOf, finishOf, type Instance, readInstance, valuesOf } from './leaveform.ts'
import type { LeaveProcess } from './leaveprocess.ts'

/** Ids are listed for 120 days, 20 at once (dingtalk.md §7.3). */
const widestMs = 120 * dayMs
const oldestMs = 365 * dayMs
const mostAtOnce = 20
/** So long after it was submitted a request cannot be taken back (dingtalk.md §7.4). */
const freshMs = 15_000
/** Codes that stay wrong until an operator mends them. */
const operators = ['no-form', 'not-allowed', 'bad-form']

/** Our own form in DingTalk's OA 审批 (dingtalk.md §7): started here, decided there. */
export class LeaveApprovals implements Approvals {
  private readonly once: Once
  private readonly troubles: Troubles

  constructor(
    private readonly process: LeaveProcess,
    private readonly api: Api,
    private readonly deps: OnceDeps,
    app: string,
  ) {
    this.once = new Once(`dingtalk:${app}:leave`, deps)
    this.troubles = new Troubles(operators, deps.clock)
  }

  submit(form: LeaveForm): Promise<{ id: string }> {
    return this.troubles.watch(async () => {
      const make = () => this.start(form)
      return { id: await this.once.run(form.id, make, () => this.find(form)) }
    })
  }

  private async start(form: LeaveForm): Promise<string> {
    try {
      return await this.process.using(form.type, code => this.startWith(form, code))
    } catch (error) {
      throw refusal(error)
    }
  }

  private async startWith(form: LeaveForm, processCode: string): Promise<string> {
    const { instanceId } = await this.api.call({
      ...{ api: 'workflow/start', path: '/v1.0/workflow/processInstances' },
      body: {
        ...{ originatorUserId: form.applicant, processCode, approvers: approversOf(form.approvers) },
        ...(form.informed.length > 0 && { ccList: [...form.informed], ccPosition: 'FINISH' }),
        formComponentValues: valuesOf(form),
      },
    })
    if (typeof instanceId === 'string' && instanceId !== '') return instanceId
    throw new Temporary('no-id', 'workflow/start: an answer without instanceId')
  }

  /** The same request, whose id was lost on the way. */
  private async find(form: LeaveForm): Promise<string | null> {
    const now = this.deps.clock.now().getTime()
    const span = { from: new Date(now - 2 * dayMs), to: new Date(now + 60_000) }
    for (const id of await this.list(span.from, span.to, { userIds: [form.applicant], statuses: ['RUNNING'] })) {
      const found = (await this.look(id))?.approval.form
      const same = [found?.from.getTime() === form.from.getTime(), found?.to.getTime() === form.to.getTime()]
      if (found?.type === form.type && same.every(Boolean)) return id
    }
    return null
  }

  /** What takes another back is answered with that other one; one that was taken back is `revoked`. */
  read(id: string): Promise<Approval | null> {
    return this.troubles.watch(async () => {
      const found = await this.look(id)
      const main = found?.revokes ? await this.look(found.revokes) : found
      if (!main) return null
      if (main.approval.status !== 'approved') return main.approval
      const taking = found?.revokes ? [found] : await this.those(main.attached)
      const back = taking.find(
        ({ revokes, approval }) => revokes === main.approval.id && approval.status === 'approved',
      )
      return back ? { ...main.approval, ...taken(back.approval) } : main.approval
    })
  }

  private async those(ids: readonly string[]): Promise<Instance[]> {
    const found: Instance[] = []
    for (const id of ids) {
      const one = await this.look(id)
      if (one) found.push(one)
    }
    return found
  }

  private async look(id: string): Promise<Instance | null> {
    try {
      const answer = await this.api.call({
        ...{ api: 'workflow/read', method: 'GET', path: '/v1.0/workflow/processInstances' },
        params: { processInstanceId: id },
      })
      return readInstance(id, answer)
    } catch (error) {
      if (error instanceof Permanent && error.code === 'no-such-approval') return null
      throw error
    }
  }

  submitted(from: Date, to: Date): Promise<string[]> {
    return this.troubles.watch(() => this.list(from, to, {}))
  }

  private async list(from: Date, to: Date, only: object): Promise<string[]> {
    const processCode = await this.process.known()
    if (!processCode) return []
    const found = new Set<string>()
    const oldest = new Date(Math.max(from.getTime(), this.deps.clock.now().getTime() - oldestMs))
    for (const span of pieces(oldest, to, widestMs)) {
      let nextToken: number | undefined = 0
      while (nextToken !== undefined) {
        const { result } = await this.api.call({
          ...{ api: 'workflow/list', path: '/v1.0/workflow/processes/instanceIds/query' },
          body: {
            ...{ processCode, startTime: span.from.getTime(), endTime: span.to.getTime() },
            ...{ nextToken, maxResults: mostAtOnce, ...only },
          },
        })
        const { list, next } = pageOf(result)
        for (const id of list) found.add(id)
        nextToken = list.length > 0 && next !== nextToken ? next : undefined
      }
    }
    return [...found]
  }

  /** `processInstances/terminate` (dingtalk.md §7.4). */
  async withdraw(id: string, applicant: string, words: string): Promise<boolean> {
    try {
      const answer = await this.api.call({
        ...{ api: 'workflow/terminate', path: '/v1.0/workflow/processInstances/terminate' },
        body: { processInstanceId: id, isSystem: false, operatingUserId: applicant, remark: words.slice(0, 1_000) },
      })
      return answer.result !== false
    } catch (error) {
      if (!(error instanceof Permanent)) throw error
      if (error.code === 'no-such-approval') return true
      if (error.code === 'approval-state') return this.stands(id)
      if (error.code !== 'not-allowed') throw error
      this.troubles.note(error)
      return false
    }
  }

  /** Why it could not be taken back: the code does not tell too early from too late. */
  private async stands(id: string): Promise<boolean> {
    const found = (await this.look(id))?.approval
    if (found?.status === 'pending')
      throw new Temporary('too-early', 'workflow/terminate: not within 15 s', { retryAfterMs: freshMs })
    return found === undefined || found.status === 'withdrawn'
  }

  /** `attendance/approvals/finish` (dingtalk.md §8.2): the same id again is an update. */
  async record(leave: Omit<LeaveForm, 'approvers' | 'informed'>): Promise<void> {
    await this.api.call({
      ...{ api: 'attendance/finish', path: '/v1.0/attendance/approvals/finish' },
      params: { userId: leave.applicant },
      body: finishOf(leave),
    })
  }

  async unrecord(id: string, applicant: string): Promise<void> {
    const body = { userid: applicant, approve_id: id }
    await this.api.old({ api: 'attendance/cancel', path: '/topapi/attendance/approve/cancel', body })
  }

  problems(): Problem[] {
    return this.troubles.problems()
  }
}

const taken = ({ decidedBy, words }: Approval): Pick<Approval, 'status' | 'decidedBy' | 'words'> => ({
  status: 'revoked',
  ...(decidedBy && { decidedBy }),
  ...(words && { words }),
})

function pageOf(result: unknown): { list: string[]; next: number | undefined } {
  const { list, nextToken } = (typeof result === 'object' && result !== null ? result : {}) as Record<string, unknown>
  const next = nextToken === undefined || nextToken === null || nextToken === '' ? Number.NaN : Number(nextToken)
  return {
    list: Array.isArray(list) ? list.filter(id => typeof id === 'string') : [],
    next: Number.isInteger(next) ? next : undefined,
  }
}

/** What is wrong with this very request, in words for who asked; anything else stays as it is. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Permanent)) return error
  const fix = { fix: `${error.message}: ${error.fix ?? ''}` }
  if (error.code === 'no-such-user')
    return new Permanent('approval-refused', '钉钉不认得申请人或审批人的账号，请派工员检查账号绑定。', fix)
  if (error.code === 'bad-body')
    return new Permanent(
      'approval-refused',
      '钉钉没有接受这张请假单，请在钉钉的「OA审批」里自己提交，或找管理员。',
      fix,
    )
  return error
}
