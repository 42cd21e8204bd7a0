import { expect, it } from 'vitest'
import { quotedCode } from '../../src/chat/grammar/codes.ts'
import { normalise } from '../../src/chat/grammar/text.ts'
import type { Fact } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'
import type { Scene } from '../../src/orders/scene.ts'
import { smsText, tellRating } from '../../src/rating/words.ts'
import { created, dispatched, journal, t, zone } from '../orders/journal.ts'

const facts = journal(
  ['24 09:00', created({ customer: { name: '王小明', phone: '13800001234', address: '花园路 1 号' } })],
  ['24 09:00', dispatched()],
  ['24 10:00', { fact: 'completed', result: '修好了' }],
)
const order = { company: 'main', id: 'id', code: '1024', teamId: 'team', team: '一班', policy: 'p' }
const scene: Scene = {
  ...{ order: { ...order, facts, view: replay(facts) }, clocks: [], now: t('24 11:00'), zone, nameOf: () => '张三' },
}
type Rated = Extract<Fact, { fact: 'rated' }>
const rated = (words: string, grade: 2 | 5 = 2): Rated => ({
  ...{ seq: 4, at: t('24 11:00').toISOString(), by: null, via: 'page', fact: 'rated', grade, tags: [], words },
})
const codeIn = (text: string) => quotedCode(normalise(text))

it('quoted, what is told of a rating means its own order, or none where the customer names another', () => {
  expect(codeIn(tellRating(scene, rated('还是不凉'), { desk: true }))).toBe('1024')
  expect(codeIn(tellRating(scene, rated('单号 1003 也没修好'), { desk: true }))).toBeUndefined()
  expect(codeIn(tellRating(scene, rated('1003号单 很好', 5), { desk: false }))).toBeUndefined()
})

it('a technician reads praise without the numbers in it; the desk may call them', () => {
  const words = '有事打 13800005678，「谢谢」'
  expect(tellRating(scene, rated(words, 5), { desk: false })).toBe(
    '👍 单 1024 王小明 给了「非常满意」\n「有事打 138****5678，｜谢谢｜」',
  )
  expect(tellRating(scene, rated(words), { desk: true })).toContain('13800005678')
})

it('the text to pass on says what for, where and until when', () => {
  expect(smsText(scene, 'https://paigong.example/r/x', t('2026-12-24 10:00'))).toBe(
    '您好，您的不制冷（单号 1024）已处理完，请点开评价：https://paigong.example/r/x ，12月24日前有效，只能评一次。',
  )
})
