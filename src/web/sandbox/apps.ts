import type { PhonePlatform, SandboxPerson } from '../../sandbox/wire.ts'
import { roleOf } from './seen.ts'

/** Who uses which app. Pure. */
export type Mix = PhonePlatform | 'mixed'

export const MIXES: Record<Mix, string> = { wecom: '全部企业微信', dingtalk: '全部钉钉', mixed: '混用' }

export function mixOf(people: SandboxPerson[]): Mix {
  const apps = new Set(people.map(person => person.uses))
  return apps.size > 1 ? 'mixed' : (people[0]?.uses ?? 'wecom')
}

/** Mixed: dispatchers and the last technician stay in WeCom, so that who sends and who goes use different apps. */
export function appsFor(people: SandboxPerson[], mix: Mix): Array<{ as: string; platform: PhonePlatform }> {
  const last = people.findLast(person => roleOf(person) === 'technician')
  const wecom = (person: SandboxPerson) =>
    roleOf(person) === 'dispatcher' || (person === last && people.some(p => p !== last && roleOf(p) === 'technician'))
  return people
    .map(person => ({ person, platform: mix === 'mixed' ? (wecom(person) ? 'wecom' : 'dingtalk') : mix }) as const)
    .filter(({ person, platform }) => person.uses !== platform)
    .map(({ person, platform }) => ({ as: person.userId, platform }))
}
