import { describe, expect, it } from 'vitest'
import { viewerFrom } from '../../src/login/viewer.ts'
import { noticeWords, refusedNotice, welcomeWords } from '../../src/login/words.ts'

describe('the sign-in pages', () => {
  it('show names as they are, and never as HTML', () => {
    const memberships = [{ teamId: 'A', team: '"一班"&', role: 'manager' as const }]
    const { body } = welcomeWords(viewerFrom({ id: 'x', name: '<b>王</b>', memberships }, 'wecom', 1), 'c"s')
    expect(body).toContain('&#60;b&#62;王&#60;/b&#62;，你已登录')
    expect(body).toContain('<dt>&#34;一班&#34;&#38;</dt><dd>经理</dd>')
    expect(body).toContain('value="c&#34;s"')
    expect(noticeWords({ title: '<i>', text: '&' }, '/login?next="><').body).not.toMatch(/<i>|"></)
  })

  it('say what to do to who is in no team', () =>
    expect(welcomeWords(viewerFrom({ id: 'x', name: '王', memberships: [] }, 'wecom', 1), 'c').body).toContain(
      '请经理把你加进来',
    ))

  it.each(['state', 'replayed', 'cancelled', 'code', 'stranger', 'left'] as const)('say what to do when %s', reason => {
    for (const platform of ['wecom', 'dingtalk'] as const) {
      const { title, text } = refusedNotice(reason, platform)
      expect(title.length).toBeGreaterThan(3)
      expect(text).toMatch(/请|打开|找经理/)
      expect(text).not.toContain(platform === 'wecom' ? '钉钉' : '企业微信')
    }
  })
})
