/**
 * The only kinds of failure the program knows. Anything else that is thrown is a bug.
 *
 * - `Refusal`: the person asked for something that can't be done; `message` is a Chinese sentence that says what to do.
 * - `Invalid`: a program or file sent something malformed; `message` names the place and the fix.
 * - `Temporary`: the outside world failed and may recover; try again, not before `retryAfterMs`.
 * - `Permanent`: trying the same again can't help; an operator has to look. `fix` says what to do.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export class Invalid extends Error {
  override name = 'Invalid'
  constructor(
    message: string,
    readonly problems: ReadonlyArray<{ path: string; message: string }> = [],
    readonly status = 422,
  ) {
    super(message)
  }
}

export class Temporary extends Error {
  override name = 'Temporary'
  readonly retryAfterMs: number | undefined
  readonly code: string
  /** Another instance can do it now: not a failure of the thing itself. */
  readonly elsewhere: boolean
  /** Nothing is wrong with the thing itself (an allowance is used up): however long it takes, it is not given up. */
  readonly patient: boolean
  constructor(
    code: string,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown; elsewhere?: boolean; patient?: boolean } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.elsewhere = options.elsewhere ?? false
    this.patient = options.patient ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}

export class Permanent extends Error {
  override name = 'Permanent'
  readonly code: string
  readonly fix: string | undefined
  constructor(code: string, message: string, options: { fix?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.fix = options.fix
  }
}

/** What a line of the log says of something that was thrown: also what caused it. */
export function forLog(error: unknown): { name: string; message: string; stack: string | undefined } | string {
  if (!(error instanceof Error)) return String(error)
  const { name, message, stack, cause } = error
  return { name, message: cause instanceof Error ? `${message}: ${cause.message}` : message, stack }
}
