const windowMs = 10 * 60_000
/** Failed sign-ins from one place within the window. */
const most = 20
/** Of all places together as many are remembered. */
const remembered = 5_000

/**
 * Holds those back who try and fail again and again: each try costs a call of the platform and a row of the audit log.
 * In memory of this process.
 */
export class Attempts {
  private failed: Array<{ from: string; at: number }> = []

  /** False when there were too many failures from there. */
  allows(from: string, now: Date): boolean {
    this.failed = this.failed.filter(({ at }) => at > now.getTime() - windowMs).slice(-remembered)
    return this.failed.filter(one => one.from === from).length < most
  }

  failedFrom(from: string, now: Date): void {
    this.failed.push({ from, at: now.getTime() })
  }
}
