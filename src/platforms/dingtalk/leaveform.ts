import { z } from 'zod'
import type { Approval, ApprovalStatus, LeaveForm } from '../platform.ts'
import { dateIn, hourIn, minuteIn, momentIn } from '../spans.ts'

/** Our own form (dingtalk.md §7.1): its suites for leave cannot be started by a program. */
export const formName = '维修人员请假'
export const labels = { type: '假别', range: '["开始时间","结束时间"]', reason: '事由' }
export const usualTypes = ['事假', '病假', '年假', '调休', '婚假', '产假', '陪产假', '丧假', '工伤假']

/** Body of `POST /v1.0/workflow/forms` (dingtalk.md §7.1). */
export const formOf = (types: readonly string[]): object => ({
  name: formName,
  description: '派工机器人代技术员提交的请假单，审批结果会回到派工。',
  formComponents: [
    {
      componentType: 'DDSelectField',
      props: { componentId: 'DDSelectField_type', label: labels.type, required: true, options: [...types] },
    },
    {
      componentType: 'DDDateRangeField',
      props: {
        ...{ componentId: 'DDDateRangeField_span', label: labels.range, required: true },
        ...{ unit: '小时', format: 'yyyy-MM-dd HH:mm', duration: true },
      },
    },
    {
      componentType: 'TextareaField',
      props: { componentId: 'TextareaField_reason', label: labels.reason, required: true, placeholder: '请假的事由' },
    },
  ],
})

const minuteMs = 60_000
/** The last minute of the day before instead of midnight, which people read as another day. */
const endIn = (to: Date): string => minuteIn(/ 00:00$/.test(minuteIn(to)) ? new Date(to.getTime() - minuteMs) : to)

/** `formComponentValues` of `POST /v1.0/workflow/processInstances` (dingtalk.md §7.2): every value is a string. */
export const valuesOf = ({ type, from, to, reason }: LeaveForm): object[] => [
  { name: labels.type, value: type },
  { name: labels.range, value: JSON.stringify([minuteIn(from), endIn(to)]) },
  { name: labels.reason, value: reason || '无' },
]

/** The steps: several people of one decide as any of them (`OR`), a single one is `NONE` (dingtalk.md §7.2). */
export const approversOf = (approvers: LeaveForm['approvers']): object[] =>
  approvers.map(userIds => ({ actionType: userIds.length > 1 ? 'OR' : 'NONE', userIds: [...userIds] }))

const instance = z.looseObject({
  result: z.looseObject({
    status: z.string(),
    result: z.string().nullish(),
    originatorUserId: z.string(),
    createTime: z.string(),
    bizAction: z.string().nullish(),
    mainProcessInstanceId: z.string().nullish(),
    attachedProcessInstanceIds: z.array(z.string()).nullish(),
    operationRecords: z
      .array(
        z.looseObject({
          userId: z.string().nullish(),
          type: z.string().nullish(),
          result: z.string().nullish(),
          remark: z.string().nullish(),
        }),
      )
      .nullish(),
    formComponentValues: z.array(z.looseObject({ name: z.string().nullish(), value: z.string().nullish() })).nullish(),
  }),
})

export interface Instance {
  approval: Approval
  /** It is there to take this one back. */
  revokes?: string
  /** What may take it back. */
  attached: string[]
}

/** Reads `GET /v1.0/workflow/processInstances` (dingtalk.md §7.3); null when it is none. */
export function readInstance(id: string, answer: unknown): Instance | null {
  const parsed = instance.safeParse(answer)
  if (!parsed.success) return null
  const { result: found } = parsed.data
  const { bizAction, mainProcessInstanceId, operationRecords, createTime } = found
  const acts = (operationRecords ?? []).filter(
    ({ type, result }) =>
      type === 'TERMINATE_PROCESS_INSTANCE' || (/^EXECUTE_TASK/.test(type ?? '') && result !== 'NONE'),
  )
  const last = acts.at(-1)
  const form = formIn(found.formComponentValues ?? [])
  const at = new Date(createTime)
  return {
    approval: {
      ...{ id, status: statusOf(found.status, found.result ?? ''), applicant: found.originatorUserId },
      ...(last?.userId && { decidedBy: last.userId }),
      ...(last?.remark && { words: last.remark }),
      submittedAt: Number.isNaN(at.getTime()) ? (momentIn(createTime) ?? new Date(0)) : at,
      ...(form && { form }),
    },
    ...(bizAction === 'REVOKE' && mainProcessInstanceId && { revokes: mainProcessInstanceId }),
    attached: found.attachedProcessInstanceIds ?? [],
  }
}

/** Approved is completed **and** agreed to (dingtalk.md §7.3). */
function statusOf(status: string, result: string): ApprovalStatus {
  if (status === 'TERMINATED' || status === 'CANCELED') return 'withdrawn'
  if (status !== 'COMPLETED') return 'pending'
  return result === 'agree' ? 'approved' : 'rejected'
}

function formIn(values: ReadonlyArray<{ name?: string | null | undefined; value?: string | null | undefined }>) {
  const filledIn = (label: string) => values.find(({ name }) => name === label)?.value ?? ''
  const [start, end] = twoOf(filledIn(labels.range))
  const from = start === undefined ? null : momentIn(start)
  const to = end === undefined ? null : momentIn(end)
  if (!from || !to || end === undefined) return null
  // A date alone is the whole day; so is the last minute of one.
  const until = /:59$/.test(end) ? to.getTime() + minuteMs : /:/.test(end) ? to.getTime() : to.getTime() + 86_400_000
  return { type: filledIn(labels.type), from, to: new Date(until), reason: filledIn(labels.reason) }
}

function twoOf(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter(one => typeof one === 'string') : []
  } catch {
    return []
  }
}

const half = (at: Date): string => `${dateIn(at)} ${hourIn(at) < 12 ? 'AM' : 'PM'}`

/**
 * Body of `POST /v1.0/attendance/approvals/finish` (dingtalk.md §8.2): `2026-11-25`, `2026-11-25 AM` or `2026-11-25 09:00`,
 * both ends belonging to it but for hours.
 */
export function finishOf({
  unit,
  from,
  to,
  type,
  id,
}: Pick<LeaveForm, 'unit' | 'from' | 'to' | 'type' | 'id'>): object {
  const last = new Date(to.getTime() - 1)
  const written = unit === 'day' ? dateIn : unit === 'halfDay' ? half : minuteIn
  return {
    topCalculateApproveDurationParam: {
      ...{ bizType: 3, fromTime: written(from), toTime: written(unit === 'hour' ? to : last) },
      ...{ durationUnit: unit, calculateModel: 1 },
    },
    ...{ tagName: '请假', subType: type, approveId: id },
  }
}
