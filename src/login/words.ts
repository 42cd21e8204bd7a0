import type { PlatformName } from '../chat/inbound.ts'
import { html } from '../html.ts'
import { roleNames } from '../policy/terms.ts'
import type { Refused } from './signin.ts'
import type { Viewer } from './viewer.ts'

/** What the sign-in pages say. */

export const platformNames: Record<PlatformName, string> = { wecom: '企业微信', dingtalk: '钉钉' }

/** A page: `body` is HTML. */
interface Said {
  title: string
  body: string
  forms?: boolean
}

export function chooseWords(roads: ReadonlyArray<{ platform: PlatformName; href: string }>): Said {
  const links = roads.map(
    ({ platform, href }) => `<a class="go" href="${html(href)}">用${platformNames[platform]}登录</a>`,
  )
  return { title: '登录派工', body: `<h1>登录派工</h1><p>选你平时接单用的那个：</p><nav>${links.join('')}</nav>` }
}

export function welcomeWords({ person, teams }: Viewer, csrf: string): Said {
  const rows = teams.map(
    ({ team, roles }) => `<div><dt>${html(team)}</dt><dd>${roles.map(role => roleNames[role]).join('、')}</dd></div>`,
  )
  const inTeams = rows.length > 0 ? `<dl>${rows.join('')}</dl>` : '<p>你还不在任何班组里，请经理把你加进来。</p>'
  const form = (action: string, text: string) =>
    `<form method="post" action="${action}"><input type="hidden" name="csrf" value="${html(csrf)}"><button>${text}</button></form>`
  return {
    title: '已登录',
    body: `<h1>${html(person.name)}，你已登录</h1>${inTeams}<p><a href="/console/">打开工作台</a></p><nav>${form('/logout', '退出登录')}${form('/logout/everywhere', '在所有设备上退出')}</nav><p class="note">手机丢了，或者在别人的电脑上登录过，点「在所有设备上退出」。</p>`,
    forms: true,
  }
}

export const goodbyeWords = (everywhere: boolean): Said => ({
  title: '已退出',
  body: `<h1>已退出登录</h1><p>${everywhere ? '所有设备上都退出了。' : '这台设备上退出了。'}</p><nav><a class="go" href="/login">重新登录</a></nav>`,
})

const refusals: Record<Refused, { title: string; says: (platform: string) => string }> = {
  state: {
    title: '这次登录没有完成',
    says: () => '登录要在同一个浏览器里、十分钟以内完成。请重新登录；浏览器关掉了 Cookie 的，先打开。',
  },
  replayed: { title: '这个登录链接用过了', says: () => '登录链接只能用一次。如果你已经登录，直接打开要去的页面就行。' },
  cancelled: { title: '没有登录', says: platform => `你在${platform}里没有同意登录。要用派工，请重新登录并点同意。` },
  code: {
    title: '没有认出你是谁',
    says: platform => `登录码过期了、用过了，或者你的${platform}账号不是本公司的。请重新登录。`,
  },
  stranger: {
    title: '还不知道你是谁',
    says: platform =>
      `你的${platform}账号还没有和派工里的人对上。请在${platform}里对派工机器人回复「绑定 手机号」；对不上的，请经理或派工员说「绑定码 你的姓名」，你再回复「绑定 六位数字」，然后重新登录。`,
  },
  left: { title: '你的账号停用了', says: () => '派工里显示你已经离职。如果不对，请找经理把你重新加进班组。' },
}

/** Why somebody is not signed in, and what he can do. */
export interface Notice {
  title: string
  text: string
}

export function refusedNotice(refused: Refused, platform: PlatformName): Notice {
  const { title, says } = refusals[refused]
  return { title, text: says(platformNames[platform]) }
}

export const troubleNotice = (platform: PlatformName): Notice => ({
  title: `${platformNames[platform]}暂时没有回应`,
  text: '不是你的问题。过一分钟再登录；一直不行，请告诉经理。',
})

export const tooOften: Notice = { title: '试得太多了', text: '登录失败的次数太多，请过十分钟再试。' }

/** `again`: the address to try once more at. */
export const noticeWords = ({ title, text }: Notice, again: string): Said => ({
  title,
  body: `<h1>${html(title)}</h1><p>${html(text)}</p><nav><a class="go" href="${html(again)}">重新登录</a></nav>`,
})

/** In the visual language of all pages. */
export const style = `:root{color-scheme:light dark;--ink:#1F2329;--second:#646A73;--line:#DEE0E3;--ground:#F5F6F7;--paper:#fff;--teal:#0F766E}*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans SC",system-ui,sans-serif;overflow-wrap:anywhere}main{max-width:420px;margin:48px auto 0;padding:24px;background:var(--paper);border:1px solid var(--line);border-radius:12px}@media(max-width:480px){main{margin:12px}}h1{font-size:20px;line-height:1.4;margin:0 0 8px}p{margin:0 0 16px}.note{margin:16px 0 0;font-size:14px;color:var(--second)}dl{margin:0 0 16px}dl div{display:flex;gap:12px;padding:4px 0}dt{flex:0 0 6em;color:var(--second)}dd{margin:0;flex:1;min-width:0}nav{display:grid;gap:8px}a,button{display:block;width:100%;min-height:44px;padding:10px;border:1px solid var(--teal);border-radius:8px;background:none;color:var(--teal);font:inherit;text-align:center;text-decoration:none;cursor:pointer}.go{background:#0F766E;border-color:#0F766E;color:#fff}a:focus-visible,button:focus-visible{outline:2px solid var(--teal);outline-offset:2px}@media(prefers-color-scheme:dark){:root{--ink:#E8EAED;--second:#A0A5AD;--line:#33363B;--ground:#141517;--paper:#1D1F22;--teal:#2DD4BF}}`
