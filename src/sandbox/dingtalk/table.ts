import type { TextAnswer } from '../answers.ts'
import type { AttendanceApi } from './attendance.ts'
import type { Call } from './call.ts'
import type { Cards } from './cards.ts'
import type { Contacts } from './contacts.ts'
import type { Desk } from './desk.ts'
import type { Downloads } from './downloads.ts'
import type { Forms } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { Login } from './login.ts'
import { upload } from './mediaapi.ts'
import type { Robot } from './robot.ts'
import { registerRoute } from './routes.ts'
import type { Tokens } from './tokens.ts'
import type { Webhooks } from './webhooks.ts'
import type { Workflow } from './workflow.ts'

export type Host = 'api' | 'oapi'
type Answer = Record<string, unknown> | TextAnswer

export interface Api {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  /** No access token of the app: tokens themselves, and what is opened by a credential of its own. */
  open?: true
  /** Not billed (dingtalk.md §1.4). */
  free?: true
  /** Permission point (dingtalk.md §10.1). */
  scope?: string
  /** For the log. */
  channel?: 'webhook'
  maxBytes?: number
  run: (call: Call) => Answer | Promise<Answer>
}

export interface TableParts {
  desk: Desk
  tokens: Tokens
  gateway: Gateway
  robot: Robot
  cards: Cards
  downloads: Downloads
  webhooks: Webhooks
  contacts: Contacts
  login: Login
  forms: Forms
  workflow: Workflow
  attendance: AttendanceApi
}

const open = { open: true, free: true } as const
const free = { free: true } as const
const uploads = 21 * 1_024 * 1_024

/** The new host, `https://api.dingtalk.com`. `*` in a path stands for one name. */
export const newApis = (parts: TableParts): Api[] => {
  const { desk, tokens, gateway, robot, cards, downloads, login, forms, workflow, attendance } = parts
  const flows = '/v1.0/workflow'
  return [
    { method: 'POST', path: '/v1.0/oauth2/accessToken', ...open, run: call => tokens.issue(call) },
    { method: 'POST', path: '/v1.0/oauth2/*/token', ...open, run: call => tokens.unified(call) },
    { method: 'POST', path: '/v1.0/oauth2/userAccessToken', ...open, run: call => login.token(call) },
    { method: 'GET', path: '/v1.0/contact/users/me', ...open, run: call => login.me(call) },
    { method: 'POST', path: '/v1.0/gateway/connections/open', ...open, run: call => gateway.opened(call) },
    {
      method: 'POST',
      path: '/v1.0/robot/oToMessages/batchSend',
      scope: 'qyapi_robot_sendmsg',
      run: call => robot.toPeople(call),
    },
    {
      method: 'POST',
      path: '/v1.0/robot/groupMessages/send',
      scope: 'qyapi_robot_sendmsg',
      run: call => robot.toGroup(call),
    },
    {
      method: 'POST',
      path: '/v1.0/robot/otoMessages/batchRecall',
      scope: 'qyapi_robot_sendmsg',
      run: call => robot.recallFromPeople(call),
    },
    {
      method: 'POST',
      path: '/v1.0/robot/groupMessages/recall',
      scope: 'qyapi_robot_sendmsg',
      run: call => robot.recallFromGroup(call),
    },
    { method: 'POST', path: '/v1.0/robot/messageFiles/download', run: call => downloads.open(call) },
    {
      method: 'POST',
      path: '/v1.0/card/callbacks/register',
      scope: 'Card.Instance.Write',
      run: call => registerRoute(desk, call),
    },
    {
      method: 'POST',
      path: '/v1.0/card/instances/createAndDeliver',
      scope: 'Card.Instance.Write',
      run: call => cards.createAndDeliver(call),
    },
    {
      method: 'POST',
      path: '/v1.0/card/instances/deliver',
      scope: 'Card.Instance.Write',
      run: call => cards.deliver(call),
    },
    {
      method: 'PUT',
      path: '/v1.0/card/instances/spaces',
      scope: 'Card.Instance.Write',
      run: call => cards.addSpaces(call),
    },
    { method: 'POST', path: '/v1.0/card/instances', scope: 'Card.Instance.Write', run: call => cards.create(call) },
    { method: 'PUT', path: '/v1.0/card/instances', scope: 'Card.Instance.Write', run: call => cards.update(call) },
    { method: 'POST', path: `${flows}/forms`, scope: 'Workflow.Form.Write', run: call => forms.put(call) },
    {
      method: 'GET',
      path: `${flows}/processCentres/schemaNames/processCodes`,
      scope: 'Workflow.Form.Read',
      run: call => forms.byName(call),
    },
    {
      ...{ method: 'GET', path: `${flows}/forms/schemas/processCodes`, scope: 'Workflow.Form.Read' },
      run: call => forms.schema(call),
    },
    {
      method: 'POST',
      path: `${flows}/processInstances`,
      scope: 'Workflow.Instance.Write',
      run: call => workflow.start(call),
    },
    {
      method: 'GET',
      path: `${flows}/processInstances`,
      scope: 'Workflow.Instance.Read',
      run: call => workflow.read(call),
    },
    {
      method: 'POST',
      path: `${flows}/processInstances/terminate`,
      scope: 'Workflow.Instance.Write',
      run: call => workflow.terminate(call),
    },
    {
      method: 'POST',
      path: `${flows}/processes/instanceIds/query`,
      scope: 'Workflow.Instance.Read',
      run: call => workflow.list(call),
    },
    {
      method: 'POST',
      path: '/v1.0/attendance/approvals/finish',
      scope: 'qyapi_attendance_group_manage',
      run: call => attendance.finish(call),
    },
  ]
}

/** The old host, `https://oapi.dingtalk.com`. */
export const oldApis = ({ desk, tokens, webhooks, contacts, login, attendance }: TableParts): Api[] => [
  { method: 'GET', path: '/gettoken', ...open, run: call => tokens.old(call) },
  { method: 'POST', path: '/media/upload', maxBytes: uploads, run: call => upload(desk, call) },
  { method: 'POST', path: '/robot/send', ...open, channel: 'webhook', run: call => webhooks.byCustomRobot(call) },
  { method: 'POST', path: '/robot/sendBySession', ...open, channel: 'webhook', run: call => webhooks.bySession(call) },
  { method: 'POST', path: '/topapi/v2/user/get', scope: 'qyapi_get_member', ...free, run: call => contacts.user(call) },
  {
    method: 'POST',
    path: '/topapi/v2/user/getbymobile',
    scope: 'qyapi_get_member_by_mobile',
    ...free,
    run: call => contacts.byMobile(call),
  },
  {
    method: 'POST',
    path: '/topapi/user/getbyunionid',
    scope: 'qyapi_get_member',
    ...free,
    run: call => contacts.byUnionId(call),
  },
  {
    method: 'POST',
    path: '/topapi/v2/department/listsub',
    scope: 'qyapi_get_department_list',
    ...free,
    run: call => contacts.departments(call),
  },
  {
    method: 'POST',
    path: '/topapi/user/listsimple',
    scope: 'qyapi_get_department_member',
    ...free,
    run: call => contacts.members(call),
  },
  { method: 'POST', path: '/topapi/v2/user/getuserinfo', ...free, run: call => login.insider(call) },
  { method: 'POST', path: '/attendance/list', scope: 'qyapi_get_attendance_data', run: call => attendance.list(call) },
  { method: 'POST', path: '/topapi/attendance/approve/cancel', run: call => attendance.cancel(call) },
]
