import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const lookMs = 20

/** Requests that are being answered, and whether this instance is about to end: then what comes in is answered still. */
export class Leaving {
  private readonly open = new Set<ServerResponse>()
  private begun = false

  get now(): boolean {
    return this.begun
  }

  /** From now on nobody is to send anything here: not ready, and each connection ends with its answer. */
  begin(): void {
    this.begun = true
    for (const res of this.open) farewell(res)
  }

  took(res: ServerResponse): void {
    this.open.add(res)
    res.once('close', () => this.open.delete(res))
    if (this.begun) farewell(res)
  }

  /** Resolves when every request is answered but those that never are, or when that took too long. */
  async answered(limitMs: number): Promise<void> {
    for (let left = limitMs; left > 0 && [...this.open].some(isWaiting); left -= lookMs) await pause(lookMs)
  }
}

function farewell(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close')
}

/** An open page that is told of changes is answered for as long as it is open. */
const isWaiting = (res: ServerResponse): boolean => !/^text\/event-stream/.test(String(res.getHeader('content-type')))
