import { z } from 'zod'
import { Invalid } from '../errors.ts'
import type { ApprovalDeed, SandboxApproval } from './wire.ts'

const text = z.string()
const status = z.enum(['pending', 'approved', 'rejected', 'withdrawn', 'revoked', 'deleted'])
const deed = z.enum(['approve', 'reject', 'withdraw', 'revoke', 'delete'])

/** A request as a platform's servers keep it; people by their desk's userId. */
export const approvalShape = z.object({
  id: text,
  /** Of which template or form. */
  form: text,
  title: text,
  applicant: text,
  /** `any` of them decides a step, or `all` of them, or all in `turns`. */
  steps: z.array(z.object({ rel: z.enum(['any', 'all', 'turns']), who: z.array(text) })),
  informed: z.array(text),
  status,
  /** ISO */
  at: text,
  /** What was filled in, as the platform was given it. */
  contents: z.array(z.unknown()),
  /** The same for people to read. */
  lines: z.array(text),
  /** The step it stands at. */
  step: z.int(),
  acts: z.array(z.object({ who: text, did: deed, words: text, at: text, step: z.int() })),
  /** The request it takes back. */
  revokes: text.optional(),
})

export type ApprovalKept = z.infer<typeof approvalShape>

export interface Act {
  who: string
  did: ApprovalDeed
  words: string
  /** ISO */
  at: string
}

/** Who may decide now. */
export function decidersOf({ status, steps, step, acts }: ApprovalKept): string[] {
  const now = status === 'pending' ? steps[step] : undefined
  if (!now) return []
  const open = now.who.filter(who => !acts.some(act => act.who === who && act.step === step && act.did === 'approve'))
  return now.rel === 'turns' ? open.slice(0, 1) : open
}

/** Does what somebody does in the platform's own app. Changes the request; throws `Invalid` for what he can't do there. */
export function decide(approval: ApprovalKept, act: Act): void {
  const { who, did } = act
  const mine = approval.applicant === who
  const refuse = (why: string): never => {
    throw new Invalid(`${approval.title}: ${why}`)
  }
  if (did === 'withdraw' && !(mine && approval.status === 'pending'))
    refuse('only who asked can take it back, and not once it is decided')
  if (did === 'revoke' && !(mine && approval.status === 'approved'))
    refuse('only who asked can take it back later, and only what was approved')
  if (did === 'delete' && approval.status === 'deleted') refuse('it is gone already')
  if ((did === 'approve' || did === 'reject') && !decidersOf(approval).includes(who))
    refuse('it is not his turn to decide')
  approval.acts.push({ ...act, step: approval.step })
  if (did === 'withdraw') approval.status = 'withdrawn'
  else if (did === 'revoke') approval.status = 'revoked'
  else if (did === 'delete') approval.status = 'deleted'
  else if (did === 'reject') approval.status = 'rejected'
  else if (isStepOver(approval)) {
    approval.step += 1
    if (approval.step >= approval.steps.length) approval.status = 'approved'
  }
}

function isStepOver(approval: ApprovalKept): boolean {
  return approval.steps[approval.step]?.rel === 'any' || decidersOf(approval).length === 0
}

/** As the desk's page shows it. */
export const shownApproval = (platform: SandboxApproval['platform'], approval: ApprovalKept): SandboxApproval => ({
  ...{ platform, id: approval.id, title: approval.title, applicant: approval.applicant, at: approval.at },
  ...{ lines: approval.lines, status: approval.status, deciders: decidersOf(approval) },
})

/** One check-in, or one that is missing, as both platforms keep them. */
export const punchShape = z.object({
  /** userId at the desk */
  who: text,
  /** ISO */
  at: text,
  kind: z.enum(['in', 'out', 'outside']),
  missing: z.boolean(),
  /** Where, when not at work. */
  place: text.optional(),
})

export type PunchKept = z.infer<typeof punchShape>
