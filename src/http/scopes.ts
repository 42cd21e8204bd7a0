/** What a token may do. A route wants one of these; a token has some, `people:*` standing for all of an area. */
export const scopes = {
  'orders:read': 'Orders with customers, journals, clocks and photos',
  'orders:write': 'Open, assign and cancel orders',
  'people:read': 'Teams and people',
  'people:write': 'Enter and change teams and people',
  'leaves:read': 'Requests for leave and who is away when',
  'attendance:read': 'The attendance table of a month',
  'attendance:write': 'Import check-ins',
  'incidents:read': 'Penalties and rewards with their evidence',
  'incidents:write': 'Enter incidents and decide on them, as a manager does',
  'months:read': 'Month figures, settlements, payslips, points, and trying out other rules',
  'months:write': 'Enter figures, draft, adjust, publish and lock months, answer appeals',
  'privacy:read': 'All that is kept of a customer or a person',
  'privacy:write': 'Delete it',
  'webhooks:read': 'Webhook endpoints and what was sent to them',
  'webhooks:write': 'Enter and change webhook endpoints, for events whose areas the token may read as well',
  admin: 'Tokens, and messages that could not be delivered',
} as const

export type Scope = keyof typeof scopes

export const scopeNames = Object.keys(scopes) as Scope[]

const areas = [...new Set(scopeNames.flatMap(name => (name.includes(':') ? [name.split(':')[0] ?? ''] : [])))]

/** What a token may be given: scopes, and all of an area as `orders:*`. */
export const grantable = [...scopeNames, ...areas.map(area => `${area}:*` as const)] as const
export type Grant = Scope | `${string}:*`

/** All there is. */
export const everything: readonly Grant[] = scopeNames

/** Whether who was given so much may do this, or give it to somebody else. */
export function covers(given: readonly Grant[], wanted: Grant): boolean {
  if (given.includes(wanted)) return true
  const [area] = wanted.split(':')
  if (!wanted.endsWith(':*')) return given.includes(`${area}:*`)
  return scopeNames.filter(name => name.startsWith(`${area}:`)).every(name => given.includes(name))
}
