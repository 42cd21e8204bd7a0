import type { AuditList, Health, OutboxList, TokenItem, TokenList } from '../../../../console/opswire.ts'
import type { CustomerErased, CustomerFound, PrivacyPage } from '../../../../console/privacywire.ts'
import { ask, change, download } from '../../../shared/ask.ts'

const base = '/console/api/ops'
const privacy = '/console/api/privacy'
type Query = Record<string, string>

export const loadOutbox = (query: Query): Promise<OutboxList> => ask(`${base}/outbox?${new URLSearchParams(query)}`)
export const resend = (ids?: string[]): Promise<{ resent: number }> =>
  ask(`${base}/outbox/resend`, change('POST', ids ? { ids } : {}))
export const loadHealth = (): Promise<Health> => ask(`${base}/health`)
export const loadAudit = (query: Query): Promise<AuditList> => ask(`${base}/audit?${new URLSearchParams(query)}`)
export const loadActions = (): Promise<{ items: string[] }> => ask(`${base}/audit/actions`)
export const downloadAudit = (query: Query): Promise<void> =>
  download(`${base}/audit.csv?${new URLSearchParams(query)}`)
export const loadPrivacy = (): Promise<PrivacyPage> => ask(privacy)
export const findCustomer = (phone: string): Promise<CustomerFound> =>
  ask(`${privacy}/customer`, change('POST', { phone }))
export const downloadCustomer = (phone: string): Promise<void> =>
  download(`${privacy}/customer/file`, change('POST', { phone }))
export const eraseCustomer = (phone: string): Promise<CustomerErased> =>
  ask(`${privacy}/customer/erase`, change('POST', { phone }))
export const loadTokens = (): Promise<TokenList> => ask(`${base}/tokens?limit=200`)
export const makeToken = (input: object): Promise<TokenItem & { secret: string }> =>
  ask(`${base}/tokens`, change('POST', input))
export const revokeToken = (id: string): Promise<unknown> => ask(`${base}/tokens/${id}`, change('DELETE'))
