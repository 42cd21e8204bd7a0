import type { Wish } from '../intent.ts'
import { tidy } from './text.ts'

type Binding = Extract<Wish, { about: 'bind' | 'bindCode' | 'bindTeam' }>

/** 绑定 13800001234 · 绑定 483920 · 绑定码 张三 · 绑定班组 一班. `words` is the normalised `text`. */
export function readBinding(text: string, words: string): Binding | { why: 'missing'; say: string } | undefined {
  const match = words.match(/^(?:我要|要)?(?:绑定|綁定)\s*(码|班组|群|网点)?\s*[:：]?\s*/)
  if (!match) return undefined
  const what = tidy(text.slice(match[0].length))
  const digits = words
    .slice(match[0].length)
    .replace(/^(?:手机号?|验证码|码|\+86|\s|:)+/, '')
    .replace(/[\s-]/g, '')
  if (match[1] === '码')
    if (/^\d{6}$/.test(digits)) return { about: 'bind', code: digits }
    else if (what === '') return { why: 'missing', say: '给谁的绑定码？例如：绑定码 张三' }
    else return { about: 'bindCode', person: what }
  if (match[1])
    return what === ''
      ? { why: 'missing', say: '绑定哪个班组？例如：绑定班组 一班' }
      : { about: 'bindTeam', team: what }
  if (/^1[3-9]\d{9}$/.test(digits)) return { about: 'bind', mobile: digits }
  if (/^\d{6}$/.test(digits)) return { about: 'bind', code: digits }
  if (digits === '') return { about: 'bind' }
  return { why: 'missing', say: '请说“绑定 手机号”，或“绑定”加调度员给您的 6 位绑定码' }
}
