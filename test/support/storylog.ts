import type { Log } from '../../src/log.ts'

/** Log lines of a story; a line of level error that nobody announced fails it. */
export class StoryLog implements Log {
  readonly errors: string[] = []
  readonly warnings: string[] = []
  private expected: RegExp[] = []

  debug(): void {}
  info(): void {}
  warn(_fields: object, message: string): void {
    this.warnings.push(message)
  }
  error(fields: object, message: string): void {
    const line = `${message} ${JSON.stringify(fields)}`
    if (!this.expected.some(pattern => pattern.test(line))) this.errors.push(line)
  }
  expect(pattern: RegExp): void {
    this.expected.push(pattern)
  }
}
