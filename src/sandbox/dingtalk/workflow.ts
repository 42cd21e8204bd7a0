import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Invalid } from '../../errors.ts'
import { type Act, type ApprovalKept, decide, decidersOf } from '../approvals.ts'
import { randomId } from '../ids.ts'
import type { Outcome } from '../options.ts'
import { day } from '../window.ts'
import { type Call, shaped } from './call.ts'
import { type Desk, nowOf } from './desk.ts'
import type { CorpEvents } from './events.ts'
import { checkValues, type Forms } from './forms.ts'
import { refused } from './refused.ts'

const freshMs = 15_000
const text = z.string().min(1)
const starting = z.looseObject({
  originatorUserId: text,
  processCode: text,
  approvers: z
    .array(z.looseObject({ actionType: z.enum(['AND', 'OR', 'NONE']), userIds: z.array(text).min(1) }))
    .min(1)
    .max(20),
  ccList: z.array(text).max(50).optional(),
  ccPosition: z.enum(['START', 'FINISH', 'START_FINISH']).optional(),
  formComponentValues: z.array(z.looseObject({ name: text, value: z.string().max(65_535) })).max(150),
})
const listing = z.looseObject({
  processCode: text,
  startTime: z.int(),
  endTime: z.int().optional(),
  nextToken: z.int().min(0),
  maxResults: z.int().min(1),
  userIds: z.array(text).optional(),
  statuses: z.array(text).optional(),
})
const terminating = z.looseObject({
  processInstanceId: text,
  isSystem: z.boolean(),
  operatingUserId: text.optional(),
  remark: z.string().max(1_024).optional(),
})

/** DingTalk's OA 审批 (dingtalk.md §7): what a program may ask it, and what people do there. */
export class Workflow {
  constructor(
    private readonly desk: Desk,
    private readonly events: CorpEvents,
    private readonly forms: Forms,
  ) {}

  /** `POST /v1.0/workflow/processInstances`, with steps of the caller's own. */
  start(call: Call): Record<string, unknown> {
    const given = shaped(starting, call)
    const form = this.forms.of(given.processCode)
    const known = (id: string): string => {
      const person = this.desk.phones.byDingtalkId(id)
      if (!person) throw refused('processInstanceInvalidParameter', `找不到员工：${id}`)
      return person.userId
    }
    const applicant = known(given.originatorUserId)
    for (const { actionType, userIds } of given.approvers)
      if ((actionType === 'NONE') !== (userIds.length === 1))
        throw refused('processInstanceInvalidParameter', '单人审批用NONE，多人用AND或OR')
    const name = this.desk.phones.person(applicant)?.name ?? ''
    const instance: ApprovalKept = {
      ...{ id: randomId(16), form: form.code, title: `${name}提交的${form.name}`, applicant },
      steps: given.approvers.map(({ actionType, userIds }) => ({
        ...{ rel: actionType === 'AND' ? ('all' as const) : ('any' as const), who: userIds.map(known) },
      })),
      informed: (given.ccList ?? []).map(known),
      lines: checkValues(form, given.formComponentValues),
      contents: given.formComponentValues,
      ...{ status: 'pending', at: this.desk.clock.now().toISOString(), step: 0, acts: [] },
    }
    this.keep(instance)
    void this.tell(instance, 'start')
    return { instanceId: instance.id }
  }

  /** `GET /v1.0/workflow/processInstances` */
  read(call: Call): Record<string, unknown> {
    const instance = this.find(call.query.get('processInstanceId') ?? '')
    const attached = [...this.desk.kept.instances.values()].filter(({ revokes }) => revokes === instance.id)
    return { success: true, result: this.detail(instance, attached) }
  }

  /** `POST /v1.0/workflow/processes/instanceIds/query`: newest first, 120 days and 20 ids at most. */
  list(call: Call): Record<string, unknown> {
    const given = shaped(listing, call)
    this.forms.of(given.processCode)
    const end = given.endTime ?? nowOf(this.desk)
    if (given.maxResults > 20) throw refused('invalidMaxResults', '分页参数非法，每页大小，最多传20。')
    if (given.userIds && given.userIds.length > 10) throw refused('invalidUserIds', '最大列表长度为10。')
    if (end < given.startTime || end - given.startTime > 120 * day)
      throw refused('invalidEndTime', '查询时间范围不能超过120天。')
    if (nowOf(this.desk) - given.startTime > 366 * day)
      throw refused('invalidInstanceListIdsStartTime', 'startTime时间距当前时间不能超过365天')
    const found = [...this.desk.kept.instances.values()].reverse().filter(instance => {
      const at = new Date(instance.at).getTime()
      const by = this.dingtalkId(instance.applicant)
      const wanted = !given.statuses?.length || given.statuses.includes(statusOf(instance))
      const theirs = !given.userIds?.length || given.userIds.includes(by)
      return instance.form === given.processCode && at >= given.startTime && at <= end && wanted && theirs
    })
    const page = found.slice(given.nextToken, given.nextToken + given.maxResults)
    const more = given.nextToken + given.maxResults < found.length
    return {
      success: true,
      result: {
        list: page.map(({ id }) => id),
        ...(more ? { nextToken: String(given.nextToken + given.maxResults) } : {}),
      },
    }
  }

  /** `POST /v1.0/workflow/processInstances/terminate` */
  terminate(call: Call): Record<string, unknown> {
    const given = shaped(terminating, call)
    const instance = this.find(given.processInstanceId)
    const who = this.desk.phones.byDingtalkId(given.operatingUserId ?? '')
    if (!given.isSystem && !given.operatingUserId)
      throw refused('invalidInstanceTerminateOperatingUserId', '操作人的userId不能为空')
    if (!given.isSystem && !who) throw refused('userNotExist', '用户不存在')
    if (instance.status !== 'pending') throw refused('aflowProcessInstStatusException', '审批单已结束')
    if (nowOf(this.desk) - new Date(instance.at).getTime() < freshMs)
      throw refused('aflowProcessInstStatusException', '提交审批单后15秒内不能进行撤回')
    if (!given.isSystem && who?.userId !== instance.applicant) throw refused('internalError', '您没有任务处理的权限')
    void this.act(instance.id, { who: instance.applicant, did: 'withdraw', words: given.remark ?? '' })
    return { success: true, result: true }
  }

  /**
   * Somebody decides in OA 审批, or takes his own back; the service hears of it. Taking back what was approved starts a
   * request of its own (`REVOKE`), which here passes at once.
   */
  async act(id: string, act: Omit<Act, 'at'>): Promise<Outcome> {
    const instance = this.desk.kept.instances.get(id)
    if (!instance) throw new Invalid(`there is no request ${id}`)
    const at = this.desk.clock.now().toISOString()
    decide(instance, { ...act, at })
    if (act.did === 'revoke') return this.takeBack(instance, { ...act, at })
    this.desk.changed()
    if (act.did === 'delete') {
      this.desk.kept.instances.delete(id)
      return this.tell(instance, 'delete')
    }
    if (instance.status === 'pending') return 'empty'
    return this.tell(instance, act.did === 'withdraw' ? 'terminate' : 'finish')
  }

  private async takeBack(main: ApprovalKept, { words, at }: Act): Promise<Outcome> {
    const by = main.steps.at(-1)?.who[0] ?? main.applicant
    const revoking: ApprovalKept = {
      ...structuredClone(main),
      ...{ id: randomId(16), title: `${main.title}（撤销）`, status: 'approved', at, revokes: main.id },
      acts: [{ who: by, did: 'approve', words, at, step: main.steps.length - 1 }],
    }
    this.keep(revoking)
    await this.tell(revoking, 'start')
    return this.tell(revoking, 'finish')
  }

  private keep(instance: ApprovalKept): void {
    this.desk.kept.instances.set(instance.id, instance)
    this.desk.changed()
  }

  private find(id: string): ApprovalKept {
    const instance = this.desk.kept.instances.get(id)
    if (!instance) throw refused('aflowProcessInstNotExist', '审批实例不存在')
    return instance
  }

  private dingtalkId(userId: string): string {
    return this.desk.phones.person(userId)?.dingtalkId ?? userId
  }

  /** `bpms_instance_change` (dingtalk.md §6.3). */
  private tell(instance: ApprovalKept, type: 'start' | 'finish' | 'terminate' | 'delete'): Promise<Outcome> {
    const done = type === 'finish' ? { result: instance.status === 'rejected' ? 'refuse' : 'agree' } : {}
    return this.events.push('bpms_instance_change', {
      ...{ processInstanceId: instance.id, processCode: instance.form, businessId: instance.id, title: instance.title },
      ...{ type, ...done, staffId: this.dingtalkId(instance.applicant), createTime: new Date(instance.at).getTime() },
      ...(type === 'start' ? {} : { finishTime: nowOf(this.desk) }),
      ...{ bizCategoryId: '', url: 'https://aflow.dingtalk.com/dingtalk/mobile/homepage.htm' },
    })
  }

  private detail(instance: ApprovalKept, attached: ApprovalKept[]) {
    const last = instance.acts.at(-1)
    const running = statusOf(instance) === 'RUNNING'
    const names = {
      withdraw: 'TERMINATE_PROCESS_INSTANCE',
      approve: 'EXECUTE_TASK_NORMAL',
      reject: 'EXECUTE_TASK_NORMAL',
    }
    const results = { approve: 'AGREE', reject: 'REFUSE', withdraw: 'NONE' }
    return {
      ...{ title: instance.title, status: statusOf(instance), businessId: instance.id, createTime: stamp(instance.at) },
      ...(running ? {} : { finishTime: stamp(last?.at ?? instance.at) }),
      ...(statusOf(instance) === 'COMPLETED' ? { result: instance.status === 'rejected' ? 'refuse' : 'agree' } : {}),
      ...{ originatorUserId: this.dingtalkId(instance.applicant), originatorDeptId: '2', originatorDeptName: '售后部' },
      approverUserIds: instance.steps.flatMap(({ who }) => who.map(one => this.dingtalkId(one))),
      ccUserIds: instance.informed.map(one => this.dingtalkId(one)),
      operationRecords: [
        {
          ...{ userId: this.dingtalkId(instance.applicant), date: stamp(instance.at) },
          ...{ type: 'START_PROCESS_INSTANCE', result: 'NONE' },
        },
        ...instance.acts.flatMap(({ who, did, words, at }) =>
          did === 'revoke' || did === 'delete'
            ? []
            : [
                {
                  ...{ userId: this.dingtalkId(who), date: stamp(at), type: names[did], result: results[did] },
                  ...(words ? { remark: words } : {}),
                },
              ],
        ),
      ],
      tasks: decidersOf(instance).map((who, at) => ({
        ...{ taskId: 1_000 + at, userId: this.dingtalkId(who), status: 'RUNNING', createTime: stamp(instance.at) },
      })),
      ...{ bizAction: instance.revokes ? 'REVOKE' : 'NONE', attachedProcessInstanceIds: attached.map(({ id }) => id) },
      ...(instance.revokes ? { mainProcessInstanceId: instance.revokes } : {}),
      formComponentValues: instance.contents.map(content => ({ id: randomUUID(), ...(content as object) })),
    }
  }
}

/** What was taken back later is completed still: another instance says so. */
function statusOf({ status }: ApprovalKept): 'RUNNING' | 'TERMINATED' | 'COMPLETED' {
  if (status === 'pending') return 'RUNNING'
  return status === 'withdrawn' ? 'TERMINATED' : 'COMPLETED'
}

/** `2022-08-31T11:52Z` */
const stamp = (iso: string): string => `${iso.slice(0, 16)}Z`
