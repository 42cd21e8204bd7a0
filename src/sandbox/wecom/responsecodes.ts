import { forgetBefore, randomId } from '../ids.ts'
import { day } from '../window.ts'
import type { Desk } from './desk.ts'
import { Refused } from './errcode.ts'

const lifeMs = 3 * day

/** Issues a response code that may change the cards `messages` once within 72 hours. */
export function issueCode(desk: Desk, messages: string[]): string {
  const now = desk.clock.now()
  forgetBefore(desk.kept.codes, now.getTime() - lifeMs, code => code.at)
  const code = randomId(32)
  desk.kept.codes.set(code, { messages, at: now.toISOString(), used: false })
  desk.changed()
  return code
}

/** The cards a code stands for. Throws 60140 (unknown, expired) or 42022 (used). Does not use it up. */
export function lookAtCode(desk: Desk, code: string): string[] {
  const kept = desk.kept.codes.get(code)
  if (!kept) throw new Refused(60140, 'invalid response_code, perhaps expired')
  if (kept.used) throw new Refused(42022, 'code has been used')
  if (desk.clock.now().getTime() - new Date(kept.at).getTime() > lifeMs)
    throw new Refused(60140, 'invalid response_code, perhaps expired')
  return kept.messages
}

export function useUp(desk: Desk, code: string): void {
  const kept = desk.kept.codes.get(code)
  if (kept) kept.used = true
  desk.changed()
}
