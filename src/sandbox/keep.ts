import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Log } from './options.ts'

const debounceMs = 200

/** Reads what was kept; a file that can't be read is set aside and everything starts anew. */
export function readKept(file: string | undefined, log: Log): unknown {
  if (!file || !existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    renameSync(file, `${file}.broken`)
    log.warn({ file, error: String(error) }, 'sandbox data was unreadable and set aside; starting anew')
    return undefined
  }
}

/** Writes a snapshot a moment after the last change, whole or not at all. */
export class Keeper {
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()
  private closed = false

  constructor(
    private readonly file: string | undefined,
    private readonly snapshot: () => unknown,
    private readonly log: Log,
  ) {
    if (file) mkdirSync(dirname(file), { recursive: true })
  }

  changed(): void {
    if (!this.file || this.timer || this.closed) return
    this.timer = setTimeout(() => void this.flush(), debounceMs)
    this.timer.unref()
  }

  /** Resolves when everything changed so far is on disk. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.writing = this.writing.then(() => this.write())
    return this.writing
  }

  /** Writes for the last time. */
  close(): Promise<void> {
    this.closed = true
    return this.flush()
  }

  private async write(): Promise<void> {
    if (!this.file) return
    try {
      await writeFile(`${this.file}.new`, JSON.stringify(this.snapshot()), { mode: 0o600 })
      await rename(`${this.file}.new`, this.file)
    } catch (error) {
      this.log.error({ file: this.file, error: String(error) }, 'sandbox data could not be written')
    }
  }
}
