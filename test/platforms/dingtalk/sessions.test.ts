import { describe, expect, it } from 'vitest'
import { conversationOf, Sessions } from '../../../src/platforms/dingtalk/sessions.ts'
import { frozenClock, keptLog, memoryTokens, minute, oapiBase, planted, start } from './help.ts'

const url = `${oapiBase}/robot/sendBySession?session=${planted.session}`
const until = new Date(start.getTime() + 90 * minute)

function made(store = memoryTokens(), app = 'dingCLIENT') {
  const [clock, log] = [frozenClock(), keptLog()]
  return { sessions: new Sessions(app, oapiBase, { store, clock, log }), store, clock, log }
}

describe('a conversation’s session', () => {
  it('is there until a minute before its end', async () => {
    const { sessions, clock } = made()
    sessions.keep('cid', url, until)
    expect(sessions.live('cid')).toBe(url)
    clock.forward(89 * minute - 1)
    expect(sessions.live('cid')).toBe(url)
    expect(await sessions.find('cid')).toBe(url)
    clock.forward(1)
    expect(sessions.live('cid')).toBeNull()
    expect(await sessions.find('cid')).toBeNull()
  })

  it('is replaced by the newest', () => {
    const { sessions } = made()
    sessions.keep('cid', `${url}1`, until)
    sessions.keep('cid', `${url}2`, until)
    expect(sessions.live('cid')).toBe(`${url}2`)
  })

  it.each([
    ['another host', 'https://evil.example/robot/sendBySession?session=x'],
    ['a host that begins alike', `${oapiBase}.evil.example/robot/sendBySession`],
    ['the host as a name to sign in with', 'https://oapi.ding.test@evil.example/x'],
    ['another port', `${oapiBase}:8443/robot/sendBySession`],
    ['another scheme', 'http://oapi.ding.test/robot/sendBySession'],
    ['this machine', 'http://127.0.0.1:3000/api'],
    ['its metadata', 'http://169.254.169.254/latest/meta-data'],
    ['a file', 'file:///etc/passwd'],
    ['no address', 'oapi.ding.test/robot'],
    ['nothing', ''],
  ])('is not kept when it leads to %s', async (_, address) => {
    const { sessions, store } = made()
    sessions.keep('cid', address, until)
    expect(sessions.live('cid')).toBeNull()
    expect(await sessions.find('cid')).toBeNull()
    expect(store.kept.size).toBe(0)
  })

  it('is not taken from the store when it leads elsewhere, or nowhere', async () => {
    const { sessions, store } = made()
    for (const token of ['https://evil.example/x', 'nonsense', '-']) {
      store.kept.set('dingtalk:dingCLIENT:session:cid', { token, expiresAt: until })
      expect(await sessions.find('cid')).toBeNull()
      expect(sessions.live('cid')).toBeNull()
    }
  })

  it('that another instance heard is found, and from then on known here', async () => {
    const store = memoryTokens()
    const [one, two] = [made(store), made(store)]
    one.sessions.keep('cid', url, until)
    expect(two.sessions.live('cid')).toBeNull()
    expect(await two.sessions.find('cid')).toBe(url)
    expect(two.sessions.live('cid')).toBe(url)
    const other = made(store, 'dingOTHERAPP')
    expect(await other.sessions.find('cid'), 'another app’s').toBeNull()
  })

  it('that is forgotten is forgotten for all who did not know it', async () => {
    const store = memoryTokens()
    const [one, two] = [made(store), made(store)]
    one.sessions.keep('cid', url, until)
    one.sessions.forget('cid')
    expect(one.sessions.live('cid')).toBeNull()
    expect(await one.sessions.find('cid')).toBeNull()
    expect(await two.sessions.find('cid')).toBeNull()
    one.sessions.keep('cid', `${url}2`, until)
    expect(await two.sessions.find('cid')).toBe(`${url}2`)
  })

  it('is kept in memory when the store fails, and its address is in no line of the log', async () => {
    const broken = {
      ...memoryTokens(),
      get: () => Promise.reject(new Error(url)),
      put: () => Promise.reject(new Error(url)),
    }
    const { sessions, log } = made(broken)
    sessions.keep('cid', url, until)
    sessions.forget('gone')
    expect(await sessions.find('cid')).toBe(url)
    expect(await sessions.find('other')).toBeNull()
    expect(log.lines).toHaveLength(1)
    expect(log.lines.join()).not.toContain(planted.session)
  })

  it('makes room when there are very many: the one not heard from for longest goes', () => {
    const { sessions } = made()
    for (let n = 0; n < 2_000; n++) sessions.keep(`c${n}`, url, until)
    sessions.keep('c0', url, until)
    sessions.keep('c2000', url, until)
    expect([sessions.live('c0'), sessions.live('c1'), sessions.live('c2'), sessions.live('c2000')]).toEqual([
      ...[url, null, url, url],
    ])
  })

  it('of no time a clock shows is none', () => {
    const { sessions } = made()
    sessions.keep('cid', url, new Date(Number.NaN))
    expect(sessions.live('cid')).toBeNull()
  })
})

describe('a conversation', () => {
  it('is called by its group, or by the person', () => {
    expect(conversationOf({ group: 'cid' })).toBe('cid')
    expect(conversationOf({ user: 'zhang3' })).toBe('user:zhang3')
  })
})
