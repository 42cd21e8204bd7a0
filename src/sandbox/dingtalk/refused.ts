/** What DingTalk says instead of doing it, in the words of either host. */
export class Refused extends Error {
  override name = 'Refused'
  readonly status: number
  readonly code: string
  readonly errcode: number

  constructor(
    said: { status?: number; code?: string; errcode?: number },
    message: string,
    /** For the exchange log: what the developer should know. */
    readonly note?: string,
    /** What stands beside code and message, on the old host and on the new one. */
    readonly more: { old?: object; new?: object } = {},
  ) {
    super(message)
    this.status = said.status ?? 400
    this.code = said.code ?? 'systemError'
    this.errcode = said.errcode ?? -1
  }
}

/** The new API's way: HTTP 4xx with a code. */
export const refused = (code: string, message: string, note?: string, status = 400): Refused =>
  new Refused({ status, code }, message, note)

/** The old API's way: HTTP 200 with an errcode. */
export const oldRefused = (errcode: number, message: string, note?: string): Refused =>
  new Refused({ errcode }, message, note)
