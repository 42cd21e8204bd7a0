import type { Fact } from '../orders/fact.ts'
import { gradeNames, isBad } from '../orders/revisitresult.ts'
import type { Scene } from '../orders/scene.ts'
import { sayDate } from '../orders/timewords.ts'
import { maskPhone, maskPhones } from '../people/person.ts'
import { inChat, sayRating } from './say.ts'

/** Sentences about the customer's own rating. His words always stand in 「」 and in one line. */

type Rated = Extract<Fact, { fact: 'rated' }>

/**
 * The desk and the managers of an unhappy customer, or that he thought better of it; who did the work of praise. The
 * code is marked (单 1024): a number in the customer's words must not pass for it when this is quoted.
 */
export function tellRating(scene: Scene, fact: Rated, own: { desk: boolean }): string {
  return own.desk ? toDesk(scene, fact) : toTechnician(scene, fact)
}

function toDesk({ order, nameOf }: Scene, { grade, tags, words, changed }: Rated): string {
  const { code, view } = order
  const { customer, fault } = view.fields
  const bad = isBad(grade)
  const who = view.assignee ? `（${nameOf(view.assignee)}做的）` : ''
  return [
    `${bad ? '⚠️' : '🔔'} 单 ${code} 客户自己${changed ? '改评为' : '评价'}：${sayRating({ grade, tags })}`,
    `${customer.name} ${maskPhone(customer.phone)} · ${fault}${who}`,
    words ? quoted(words) : '',
    bad
      ? `已放进「待回访」。请尽快联系客户，打完回复「回访 ${code} 结果」；要立投诉单回复「开投诉 ${code}」。`
      : '原来是不满意，现在改了。',
  ]
    .filter(Boolean)
    .join('\n')
}

function toTechnician({ order }: Scene, { grade, tags, words }: Rated): string {
  const why = tags.length > 0 ? `（${tags.join('、')}）` : ''
  const head = `👍 单 ${order.code} ${order.view.fields.customer.name} 给了「${gradeNames[grade]}」${why}`
  return [head, words ? quoted(maskPhones(words)) : ''].filter(Boolean).join('\n')
}

const quoted = (words: string): string => `「${inChat(words).replace(/[「」]/g, '｜')}」`

/** What the technician may pass on as an SMS. */
export function smsText({ order, now, zone }: Scene, link: string, until: Date): string {
  return `您好，您的${order.view.fields.fault}（单号 ${order.code}）已处理完，请点开评价：${link} ，${sayDate(until, now, zone)}前有效，只能评一次。`
}

/** What comes with the picture: whom to show it to, and the text to pass on. */
export function codeText(scene: Scene, link: string, until: Date): string {
  return [
    `⭐ ${scene.order.code} 的评价码：下面的图请客户用微信或相机扫；不在跟前的，把这段发短信给他：`,
    smsText(scene, link, until),
  ].join('\n')
}

export const codeSent = (code: string): string => `⭐ ${code} 的评价码已发到你和我的单聊里，给客户扫就行。`

/** Why there is no page to show. */
export const noPages =
  '还没有评价码：这台服务没有设手机能打开的网址。请管理员在 .env 里设好 PUBLIC_URL（比如 https://paigong.example.com）再重启。'
