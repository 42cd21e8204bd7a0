import type {
  PolicyChecked,
  PolicyCompared,
  PolicyList,
  PolicySimulated,
  PolicyText,
} from '../../../../console/policywire.ts'
import { ask, change } from '../../../shared/ask.ts'

const root = '/console/api/policies'
const named = (name: string) => `${root}/${encodeURIComponent(name)}`
const of = (name: string, version: number) => `${named(name)}/${version}`

export const loadPolicies = (): Promise<PolicyList> => ask(root)
/** Without a version the one in force. */
export const loadText = (name: string, version: number | null): Promise<PolicyText> =>
  ask(version === null ? named(name) : of(name, version))
export const check = (text: string): Promise<PolicyChecked> => ask(`${root}/check`, change('POST', { text }))
export const compare = (name: string, version: number, text: string): Promise<PolicyCompared> =>
  ask(`${of(name, version)}/compare`, change('POST', { text }))
export const simulate = (body: {
  text: string
  team: string
  month: string
  orders: string[]
}): Promise<PolicySimulated> => ask(`${root}/simulate`, change('POST', body))
export const publish = (text: string, effective: string): Promise<PolicyText> =>
  ask(`${root}/publish`, change('POST', { text, effective }))
export const withdraw = (name: string, version: number): Promise<PolicyList> =>
  ask(`${of(name, version)}/withdraw`, change('POST', {}))
