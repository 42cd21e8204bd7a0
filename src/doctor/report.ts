import type { Facts, Report, WhyNot } from '../platforms/checkup.ts'
import type { Finding, FindingCode, LookName } from './finding.ts'

export interface Looked {
  name: LookName
  /** Nothing was found. */
  good: boolean
}

/** What one run looked at, what it could not look at, and what it found: each finding once. */
export class Journal implements Report {
  readonly looked: Looked[] = []
  readonly skipped: Array<{ name: LookName; why: WhyNot }> = []
  readonly findings: Finding[] = []

  /** Called before each look, so that whoever waits sees where it is. */
  constructor(private readonly begun: (name: LookName) => void = () => {}) {}

  async look(
    name: LookName,
    work: (found: (code: FindingCode, facts?: Facts) => void) => Promise<void>,
  ): Promise<boolean> {
    this.begun(name)
    let good = true
    await work((code, facts = {}) => {
      good = false
      const same = JSON.stringify([code, facts])
      if (!this.findings.some(one => JSON.stringify([one.code, one.facts]) === same))
        this.findings.push({ code, facts })
    })
    this.looked.push({ name, good })
    return good
  }

  skip(name: LookName, why: WhyNot): void {
    this.skipped.push({ name, why })
  }
}
