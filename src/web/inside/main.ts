import { requestAuthCode$ as requestAuthCode } from 'dingtalk-jsapi/api/union/requestAuthCode'
import 'dingtalk-jsapi/entry/mobile'
import 'dingtalk-jsapi/platform/pc'
import '../style/tokens.css'
import '../style/base.css'
import './inside.css'

/** The app gives no code within this time: a client that is too old says nothing at all. */
const patienceMs = 8_000

const asked = new URLSearchParams(location.search)
const next = asked.get('next') ?? ''

/** A code from the app this page is looked at in (免登, dingtalk.md §8.4). @throws where there is none */
function codeFromApp(): Promise<string> {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error('no answer')), patienceMs)
    requestAuthCode({ corpId: asked.get('corp') ?? '', clientId: asked.get('client') ?? '' })
      .then(({ code }) => done(code))
      .catch(fail)
  })
}

/** Says what went wrong, and the two ways on. */
function say(title: string, text: string): void {
  const [heading, words, ways] = ['h1', 'p', 'nav'].map(name => document.querySelector<HTMLElement>(name))
  if (!(heading && words && ways)) return
  heading.textContent = title
  words.textContent = text
  ways.replaceChildren(
    ...[
      ['再试一次', location.href],
      ['换一种方式登录', `/login/dingtalk?${new URLSearchParams({ next, by: 'page' })}`],
    ].map(([label = '', href = '']) => Object.assign(document.createElement('a'), { textContent: label, href })),
  )
  ways.hidden = false
}

async function enter(): Promise<void> {
  let code: string
  try {
    code = await codeFromApp()
  } catch {
    return say('钉钉没有回应', '请在钉钉里打开这一页，并把钉钉更新到最新版。')
  }
  const body = JSON.stringify({ code, next })
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const answer = await fetch('/login/dingtalk/code', { method: 'POST', headers, body }).catch(() => null)
  if (!answer) return say('连不上服务', '请检查网络后再试。')
  const said = await answer.json().catch(() => ({}))
  if (answer.ok) return location.replace(String(said.next))
  say('没有登录', String(said.detail ?? '请再试一次；一直不行，请告诉经理。'))
}

void enter()
