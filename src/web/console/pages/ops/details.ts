import { language } from '../../../shared/words.ts'

/** What belongs to an act in the audit log, by the name it is kept under. */
const names: Record<string, readonly [zh: string, en: string]> = {
  browser: ['浏览器', 'browser'],
  reason: ['原因', 'reason'],
  account: ['账号', 'account'],
  userId: ['账号', 'account'],
  platform: ['平台', 'platform'],
  sessions: ['登录', 'sessions'],
  team: ['班组', 'team'],
  teams: ['班组', 'teams'],
  lastDay: ['最后一天', 'last day'],
  name: ['名称', 'name'],
  names: ['姓名', 'names'],
  mobile: ['手机', 'mobile'],
  roles: ['角色', 'roles'],
  token: ['令牌', 'token'],
  scopes: ['权限', 'scopes'],
  orders: ['单数', 'orders'],
  month: ['月份', 'month'],
  count: ['项数', 'count'],
  how: ['方式', 'how'],
  kind: ['种类', 'kind'],
  file: ['文件', 'file'],
  imported: ['新增', 'imported'],
  updated: ['更新', 'updated'],
  skipped: ['跳过', 'skipped'],
  failed: ['失败', 'failed'],
  version: ['版本', 'version'],
  policy: ['制度', 'policy'],
  from: ['从', 'from'],
  to: ['到', 'to'],
}

/** The most telling first: all but Firefox call themselves Safari as well. */
const browsers: ReadonlyArray<readonly [sign: RegExp, zh: string, en: string]> = [
  [/wxwork\/(\d+)/i, '企业微信', 'WeCom'],
  [/DingTalk\/(\d+)/i, '钉钉', 'DingTalk'],
  [/MicroMessenger\/(\d+)/, '微信', 'WeChat'],
  [/Edg\w*\/(\d+)/, 'Edge', 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox', 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome', 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari', 'Safari'],
]
const systems: ReadonlyArray<readonly [sign: RegExp, name: string]> = [
  [/HarmonyOS|OpenHarmony/i, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** What a browser calls itself, in short: `Chrome 156 · Windows`; as it is when nothing of it is known. */
export function browserWords(agent: string): string {
  const known = browsers.find(([sign]) => sign.test(agent))
  if (!known) return agent
  const [sign, zh, en] = known
  const system = systems.find(([of]) => of.test(agent))?.[1]
  const name = `${language.value === 'en' ? en : zh} ${sign.exec(agent)?.[1] ?? ''}`
  return system ? `${name} · ${system}` : name
}

/** The details of an act in one line; what nobody named keeps the name it is kept under. */
export function detailWords(data: Readonly<Record<string, unknown>>): string {
  const [at, colon] = language.value === 'en' ? [1, ': '] : [0, '：']
  return Object.entries(data)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => {
      const said = name === 'browser' && typeof value === 'string' ? browserWords(value) : String(value)
      return `${names[name]?.[at] ?? name}${colon}${said}`
    })
    .join(' · ')
}
