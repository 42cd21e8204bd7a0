import type { Log } from '../../src/log.ts'

/** A mobile number as people write it. */
const mobile = /(?<!\d)1[3-9]\d{9}(?!\d)/
/** Ids and hashes, in which eleven digits come together by chance. */
const hex = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=\d*[a-f])[\da-f]{16,}/g

export const namesNumber = (text: string): boolean => mobile.test(text.replace(hex, '·'))

/** Log lines of a story; a line of level error that nobody announced fails it, and any line with somebody's number in it. */
export class StoryLog implements Log {
  readonly errors: string[] = []
  readonly warnings: string[] = []
  /** Lines that name a number; a log is read by more people than an order is. */
  readonly leaks: string[] = []
  private expected: RegExp[] = []

  debug(fields: object, message: string): void {
    this.look(fields, message)
  }
  info(fields: object, message: string): void {
    this.look(fields, message)
  }
  warn(fields: object, message: string): void {
    this.look(fields, message)
    this.warnings.push(message)
  }
  error(fields: object, message: string): void {
    const line = this.look(fields, message)
    if (!this.expected.some(pattern => pattern.test(line))) this.errors.push(line)
  }
  expect(pattern: RegExp): void {
    this.expected.push(pattern)
  }

  private look(fields: object, message: string): string {
    const line = `${message} ${JSON.stringify(fields)}`
    if (namesNumber(line)) this.leaks.push(line)
    return line
  }
}
