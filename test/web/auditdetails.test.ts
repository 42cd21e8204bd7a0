import { afterEach, expect, it } from 'vitest'
import { browserWords, detailWords } from '../../src/web/console/pages/ops/details.ts'
import { language } from '../../src/web/shared/words.ts'

afterEach(() => {
  language.value = 'zh'
})

it.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Chrome 156 · Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge 140 · Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1',
    '企业微信 4 · iOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 AliApp(DingTalk/7.6.0)',
    '钉钉 7 · Android',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15',
    'Safari 17 · macOS',
  ],
  ['curl/8.5.0', 'curl/8.5.0'],
])('%s is %s', (agent, words) => {
  expect(browserWords(agent)).toBe(words)
})

it('says details in the language of the page, and leaves out what is empty', () => {
  const data = { teams: '一班', lastDay: '2026-11-27', reason: null, note: '', other: 3 }
  expect(detailWords(data)).toBe('班组：一班 · 最后一天：2026-11-27 · other：3')
  language.value = 'en'
  expect(detailWords(data)).toBe('teams: 一班 · last day: 2026-11-27 · other: 3')
})
