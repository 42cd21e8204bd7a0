import { z } from 'zod'
import { Invalid } from './errors.ts'
import { isAllowance } from './webhooks/reach.ts'

const secret = (what: string) => z.string().min(1, `${what} must not be empty`)
const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
const list = z.string().transform(text =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean),
)
const aesKeys = list.refine(
  keys => keys.length > 0 && keys.length <= 2 && keys.every(key => /^[A-Za-z0-9+/]{43}$/.test(key)),
  'must be one or two keys of exactly 43 characters, separated by a comma',
)
const tokens = list.refine(all => all.length > 0 && all.length <= 2, 'must be one or two tokens, separated by a comma')
const secrets = list.refine(
  all => all.length > 0 && all.length <= 2,
  'must be one or two secrets, separated by a comma',
)

/** What a company may use of DingTalk in a month, by edition (dingtalk.md §1.4). */
const allowances = {
  standard: { calls: 5_000, pushes: 3_000 },
  professional: { calls: 200_000, pushes: 50_000 },
  pack: { calls: 5_000_000, pushes: 500_000 },
} as const
const allowance = z.string().transform((text, ctx) => {
  const named = allowances[text as keyof typeof allowances]
  if (named) return named
  const [, calls, pushes] = /^(\d{1,9})\s*,\s*(\d{1,9})$/.exec(text) ?? []
  if (Number(calls) > 0 && Number(pushes) > 0) return { calls: Number(calls), pushes: Number(pushes) }
  ctx.addIssue('must be standard, professional, pack, or two numbers like 5000,3000 (calls, messages a month)')
  return z.NEVER
})
const zone = z.string().refine(name => isZone(name), 'must be a time zone such as Asia/Shanghai')

/** Every setting. `.env.example` has a sentence for each; a test holds the two together. */
export const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: url.optional(),
  DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(0),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  DATA_DIR: z.string().min(1).default('./data'),
  PLATFORMS: list.pipe(z.array(z.enum(['sandbox', 'wecom', 'dingtalk'])).min(1)).optional(),
  API_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  API_RATE_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(1000),
  WEBHOOK_ALLOW: list
    .refine(
      all => all.every(isAllowance),
      'must be host names, addresses or ranges like 10.2.0.0/16, separated by commas',
    )
    .optional(),
  TEAMS_FILE: z.string().optional(),
  POLICY_DIR: z.string().optional(),
  BUSINESS_ZONE: zone.default('Asia/Shanghai'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  WECOM_API_BASE: url.default('https://qyapi.weixin.qq.com'),
  WECOM_CORP_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]{4,64}$/, 'must be the CorpID, e.g. ww0123456789abcdef')
    .optional(),
  WECOM_AGENT_ID: z.coerce.number().int().positive().optional(),
  WECOM_SECRET: secret('WECOM_SECRET').optional(),
  WECOM_TOKEN: tokens.optional(),
  WECOM_AES_KEY: aesKeys.optional(),
  WECOM_BOT_ID: z.string().min(1).optional(),
  WECOM_BOT_SECRET: secret('WECOM_BOT_SECRET').optional(),
  WECOM_BOT_WS_URL: z.url({ protocol: /^wss?$/, error: 'must be a ws or wss URL' }).optional(),
  WECOM_BOT_TOKEN: tokens.optional(),
  WECOM_BOT_AES_KEY: aesKeys.optional(),
  WECOM_BOT_NAME: z.string().min(1).default('派工助手'),
  WECOM_LEAVE_TEMPLATE_ID: z
    .string()
    .regex(/^[\w-]{8,128}$/, 'must be the id at the end of the address of the template’s page')
    .optional(),
  WECOM_CHECKIN: z.enum(['on', 'off']).default('off'),
  WECOM_LOGIN: z.enum(['on', 'off']).default('off'),
  DINGTALK_API_BASE: url.default('https://api.dingtalk.com'),
  DINGTALK_OAPI_BASE: url.default('https://oapi.dingtalk.com'),
  DINGTALK_CORP_ID: z
    .string()
    .regex(/^ding[A-Za-z0-9]{4,64}$/, 'must be the CorpId, e.g. ding0123456789abcdef')
    .optional(),
  DINGTALK_CLIENT_ID: z.string().min(1).optional(),
  DINGTALK_CLIENT_SECRET: secrets.optional(),
  DINGTALK_ROBOT_CODE: z.string().min(1).optional(),
  DINGTALK_MODE: z.enum(['stream', 'http']).default('stream'),
  DINGTALK_EVENTS: z.enum(['on', 'off']).default('off'),
  DINGTALK_EVENT_TOKEN: tokens.optional(),
  DINGTALK_EVENT_AES_KEY: aesKeys.optional(),
  DINGTALK_CARD_TEMPLATE_ID: z
    .string()
    .regex(/^(none|[\w-]+\.schema)$/, 'must be an id that ends in .schema, or none')
    .optional(),
  DINGTALK_QUOTA: allowance.prefault('standard'),
  DINGTALK_BOT_NAME: z.string().min(1).default('派工助手'),
  DINGTALK_LEAVE_PROCESS_CODE: z
    .string()
    .regex(/^(auto|PROC-[\w-]+)$/, 'must be auto, or the processCode (PROC-…) of your own form')
    .optional(),
  DINGTALK_CHECKIN: z.enum(['on', 'off']).default('off'),
  DINGTALK_LOGIN: z.enum(['on', 'off']).default('off'),
})

export type Settings = z.infer<typeof settings>
export type PlatformChoice = 'sandbox' | 'wecom' | 'dingtalk'
export type Config = Omit<Settings, 'PLATFORMS'> & { platforms: PlatformChoice[] }

/**
 * Reads the environment. All faults are reported at once, each by its name; values are never repeated, since they may
 * be secrets. @throws Invalid
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([key, value]) => key in settings.shape && value !== undefined && value !== ''),
  )
  const empty = Object.entries(env).filter(
    ([key, value]) => value === '' && /^(WECOM|DINGTALK)_.*(SECRET|TOKEN|AES_KEY)$/.test(key),
  )
  const parsed = settings.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(issue => ({ path: String(issue.path[0]), message: said(issue) }))
  const platforms = chosen(given)
  problems.push(...combinations(given, platforms))
  const used = empty.filter(([path]) => platforms.some(name => path.startsWith(`${name.toUpperCase()}_`)))
  problems.push(...used.map(([path]) => ({ path, message: 'is empty: an empty secret protects nothing' })))
  if (problems.length > 0)
    throw new Invalid(
      `The configuration has ${problems.length} fault(s):\n${problems.map(p => `  ${p.path}: ${p.message}`).join('\n')}`,
      problems,
    )
  if (!parsed.success) throw parsed.error
  const { PLATFORMS: _, ...rest } = parsed.data
  return { ...rest, platforms: choose(parsed.data) }
}

function said(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' ? `must be a ${issue.expected}` : issue.message
}

function choose(data: Settings): PlatformChoice[] {
  return data.PLATFORMS ? [...new Set(data.PLATFORMS)] : byCredentials(data)
}

function chosen(given: Record<string, string | undefined>): string[] {
  return given.PLATFORMS?.split(',').map(name => name.trim()) ?? byCredentials(given)
}

/** Whoever gives credentials means that platform; who gives none gets the sandbox. */
function byCredentials(given: {
  WECOM_CORP_ID?: string | undefined
  DINGTALK_CLIENT_ID?: string | undefined
}): PlatformChoice[] {
  const named: PlatformChoice[] = [
    ...(given.WECOM_CORP_ID ? ['wecom' as const] : []),
    ...(given.DINGTALK_CLIENT_ID ? ['dingtalk' as const] : []),
  ]
  return named.length > 0 ? named : ['sandbox']
}

function combinations(
  given: Record<string, string | undefined>,
  platforms: readonly string[],
): Array<{ path: string; message: string }> {
  const problems: Array<{ path: string; message: string }> = []
  const need = (names: string[], why: string) => {
    for (const path of names) if (!given[path]) problems.push({ path, message: `is missing: ${why}` })
  }
  if (platforms.includes('sandbox') && platforms.length > 1)
    problems.push({ path: 'PLATFORMS', message: 'sandbox stands alone: it never runs beside a real platform' })
  if (platforms.includes('sandbox') && (given.WECOM_SECRET || given.WECOM_BOT_SECRET || given.DINGTALK_CLIENT_SECRET))
    problems.push({
      path: 'PLATFORMS',
      message:
        'is sandbox although real credentials are set: choose wecom or dingtalk, or remove the WECOM_… and DINGTALK_… settings',
    })
  if (platforms.includes('dingtalk')) {
    const needed = ['DINGTALK_CORP_ID', 'DINGTALK_CLIENT_ID', 'DINGTALK_CLIENT_SECRET', 'DINGTALK_ROBOT_CODE']
    need(needed, 'PLATFORMS has dingtalk')
    need(['API_TOKEN'], 'orders, teams and people are entered through the API, which needs a token')
    if (given.DINGTALK_MODE === 'http') need(['PUBLIC_URL'], 'DINGTALK_MODE is http')
    if (given.DINGTALK_MODE !== 'http' && given.DINGTALK_EVENT_TOKEN)
      problems.push({
        path: 'DINGTALK_EVENT_TOKEN',
        message: 'is for DINGTALK_MODE=http: set DINGTALK_EVENTS=on instead',
      })
  }
  if (given.DINGTALK_EVENT_TOKEN || given.DINGTALK_EVENT_AES_KEY)
    need(['DINGTALK_EVENT_TOKEN', 'DINGTALK_EVENT_AES_KEY'], 'events are sealed with both')
  if (platforms.includes('wecom')) {
    need(['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY'], 'PLATFORMS has wecom')
    need(['API_TOKEN'], 'orders, teams and people are entered through the API, which needs a token')
    if (given.WECOM_BOT_ID && !given.WECOM_BOT_TOKEN) need(['WECOM_BOT_SECRET'], 'WECOM_BOT_ID is set')
  }
  for (const platform of ['wecom', 'dingtalk'] as const) {
    const path = `${platform.toUpperCase()}_LOGIN`
    if (given[path] !== 'on') continue
    need(['PUBLIC_URL'], `${path} is on, and people are sent back there after they signed in`)
    if (!platforms.includes(platform))
      problems.push({ path, message: `is on, but PLATFORMS has no ${platform}: nobody could sign in with it` })
  }
  if (pairs(given.WECOM_TOKEN) !== pairs(given.WECOM_AES_KEY))
    problems.push({ path: 'WECOM_AES_KEY', message: 'must have as many values as WECOM_TOKEN' })
  if (given.WECOM_BOT_TOKEN || given.WECOM_BOT_AES_KEY)
    need(['WECOM_BOT_TOKEN', 'WECOM_BOT_AES_KEY'], 'the bot is in callback mode')
  if (given.WECOM_BOT_TOKEN && given.WECOM_BOT_SECRET)
    problems.push({
      path: 'WECOM_BOT_TOKEN',
      message: 'callback mode and long connection exclude each other: remove it or WECOM_BOT_SECRET',
    })
  return problems
}

const pairs = (text: string | undefined): number => (text ?? '').split(',').filter(Boolean).length

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
