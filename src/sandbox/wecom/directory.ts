import type { SandboxPerson } from '../wire.ts'
import { sees } from './agent.ts'
import { type Call, jsonBody } from './call.ts'
import type { Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'

/** Members as a self-built app sees them: no phone number, mail or picture. */
const seen = (person: SandboxPerson) => ({
  userid: person.userId,
  name: person.name,
  department: [1],
  position: person.title,
  status: 1,
  isleader: 0,
  main_department: 1,
})

export function userOf(desk: Desk, call: Call): Answer {
  const person = desk.phones.person(call.query.get('userid') ?? '')
  if (!person) throw new Refused(60111, 'userid not found')
  if (!sees(desk.console, person.userId)) throw new Refused(60011, 'no privilege to access/modify contact/party/agent')
  return ok(seen(person))
}

export function simpleList(desk: Desk, call: Call): Answer {
  if (call.query.get('department_id') !== '1') throw new Refused(60003, 'department not found')
  const userlist = desk.phones.everybody().map(({ userId, name }) => ({ userid: userId, name, department: [1] }))
  return ok({ userlist })
}

export function userIdByMobile(desk: Desk, call: Call): Answer {
  const { mobile } = jsonBody(call)
  if (typeof mobile !== 'string' || mobile.length < 5 || mobile.length > 32)
    throw new Refused(40058, 'invalid parameter: mobile must be a string of 5-32 bytes')
  const person = desk.phones.byMobile(mobile)
  if (!person) throw new Refused(46004, 'user no exist')
  return ok({ userid: person.userId })
}

export const callbackIps = (): Answer => ok({ ip_list: ['127.0.0.1'] })
