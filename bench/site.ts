import { openDatabase } from '../src/db/open.ts'
import type { Policies } from '../src/policy/versions.ts'
import { enterPeople, type Job, openJobs } from './crowd.ts'
import type { Place } from './place.ts'
import { Measured, type StartOptions } from './processes.ts'
import { Platform } from './wecom.ts'

/** A database with people, orders dispatched to them, and the platform: what the service is started on. */
export class Site {
  private readonly running: Measured[] = []

  private constructor(
    readonly place: Place,
    readonly platform: Platform,
    readonly jobs: readonly Job[],
  ) {}

  /** `waiting`: orders whose cards wait in the outbox; `people`: technicians, at least as many. */
  static async open(
    place: Place,
    policies: Policies,
    { waiting, people = waiting }: { waiting: number; people?: number },
  ): Promise<Site> {
    await enterPeople(place, policies, people)
    const jobs = await openJobs(place, policies, waiting)
    // A server looks at what it has once a minute (autovacuum); the company is not a minute old.
    await place.db.prisma.$executeRawUnsafe('ANALYZE')
    return Site.on(place, jobs)
  }

  /** On what is there. */
  static async on(place: Place, jobs: readonly Job[] = []): Promise<Site> {
    await place.close()
    return new Site(place, await Platform.open(), jobs)
  }

  async service(options: Omit<StartOptions, 'env'> = {}): Promise<Measured> {
    const service = await Measured.service({ ...options, env: { ...this.platform.env(), ...this.place.env } })
    this.running.push(service)
    return service
  }

  async peer(name: string, env: Record<string, string> = {}): Promise<Measured> {
    const peer = await Measured.peer(name, { env: { ...this.place.env, BENCH_PLATFORM: this.platform.url, ...env } })
    this.running.push(peer)
    return peer
  }

  /** Whether each of these facts is in so many journals, once the services are stopped. @throws when it is not */
  async hasFacts(facts: readonly string[], many: number): Promise<void> {
    const { DATABASE_URL: url, DATA_DIR: dataDir = '' } = this.place.env
    const db = await openDatabase({ dataDir, ...(url && { url }) })
    try {
      for (const fact of facts) {
        const found = await db.prisma.journal.count({ where: { company: 'main', fact } })
        if (found !== many) throw new Error(`${fact} is in ${found} journals of ${many}`)
      }
    } finally {
      await db.close()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map(one => one.stop()))
    await this.platform.close()
  }
}
