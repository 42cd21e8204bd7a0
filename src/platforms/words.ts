import type { Card, Tone } from '../chat/card.ts'

/** Words for the tone, as used on cards; empty for the ordinary ones. */
export const toneWords: Record<Tone, string> = {
  normal: '',
  urgent: '加急',
  near: '快到时限',
  late: '已超时',
  done: '',
}

/** What to type where there are no buttons: `回复 接单 1024 或 拒单 1024`. Empty when nothing is to be done. */
export function replyWords(card: Card): string {
  const words = card.buttons.map(button => button.words).filter(Boolean)
  return words.length === 0 ? '' : `回复 ${words.join(' 或 ')}`
}
