import { describe, expect, it } from 'vitest'
import { textOf } from './pages.ts'

/** Guides in two languages say the same: the same steps, settings, addresses, permissions and pages of the platform's console. */

const unique = (found: Iterable<string>) => [...new Set(found)].sort()
const taken = (text: string, pattern: RegExp) => unique([...text.matchAll(pattern)].map(([one]) => one))

/** What a step is about is not translated: it stands in both as it is typed or pressed. */
const same: Record<string, (text: string) => string[]> = {
  settings: text =>
    taken(text, /\b(?:WECOM|DINGTALK|PUBLIC|API|TEAMS|PLATFORMS)_?[A-Z_]*\b/g).filter(one => one.includes('_')),
  commands: text => taken(text, /npm (?:ci|run \w+|start)/g),
  addresses: text => taken(text.replaceAll('你的域名', 'your.domain'), /https?:\/\/[\w./-]+/g),
  'paths of this service': text =>
    taken(text, /(?<![\w.])\/(?:wecom|dingtalk|p|r|m|login|logout|session|console|health|metrics|api)\b/g),
  permissions: text => taken(text, /`(?:qyapi_\w+|[A-Z]\w+\.\w+(?:\.\w+)+|bpms_\w+)`/g),
  'pages of the console': text =>
    unique(
      [
        ...text.matchAll(
          /(?:企业信息|可见范围|接收消息|设置API接收|企业可信IP|智能机器人|可信域名|授权回调域|网页授权及JS-SDK|企业微信授权登录|可调用接口的应用|审批数据权限|审批状态通知事件|假期管理|工作台应用主页|安全与管理|管理工具|应用管理|凭证与基础信息|应用能力|版本管理与发布|权限管理|安全设置|服务器出口IP|事件订阅|开发配置|重定向 URL|网页应用|高级设置|企业内部应用|开发者后台|管理后台|首页|消息推送|群设置|内部群|多行文本|假勤组件|打卡|OA审批)/g,
        ),
      ].map(([one]) => one),
    ),
  'code blocks': text =>
    [...text.matchAll(/```\n([\s\S]*?)```/g)].map(([, block = '']) => block.replace(/ -- --lang en/, '').trim()),
  steps: text => [...text.matchAll(/^## (?:Step )?(\d+)\./gm)].map(([, nr = '']) => nr),
  'table rows': text => [String([...text.matchAll(/^\|/gm)].length)],
}

describe.each(['wecom', 'dingtalk'])('docs/%s.md', name => {
  const [chinese = '', english = '', ...more] = textOf(`docs/${name}.md`).split('\n---\n')

  it('has two parts', () => {
    expect(more).toEqual([])
    expect(english.length).toBeGreaterThan(5_000)
  })

  it.each(Object.entries(same))('names the same %s in both', (_, named) => {
    expect(named(english)).toEqual(named(chinese))
  })
})
