import { z } from 'zod'
import { Permanent } from '../../errors.ts'
import type { OnceDeps } from '../once.ts'
import type { Api } from './api.ts'
import { formName, formOf, usualTypes } from './leaveform.ts'

const keptShape = z.object({ code: z.string().min(1), types: z.array(z.string()) })
type Kept = z.infer<typeof keptShape>

/** Kept as long as the service is: what the form is called at DingTalk does not grow old. */
const forEverMs = 20 * 365 * 86_400_000
const rereadMs = 60_000

/**
 * Which approval form is ours: one the operator names, or (`auto`) one that is made at the first request, known to all
 * instances, and given a leave type it does not have yet (dingtalk.md §7.1).
 */
export class LeaveProcess {
  private kept: Kept | undefined
  private readAt = Number.NEGATIVE_INFINITY
  private readonly auto: boolean

  constructor(
    private readonly configured: string,
    private readonly api: Api,
    private readonly deps: OnceDeps,
    private readonly app: string,
  ) {
    this.auto = configured === 'auto'
  }

  /** Its code; null when there is no form yet. */
  async known(): Promise<string | null> {
    return this.auto ? ((await this.read())?.code ?? null) : this.configured
  }

  /** Does something with a form that has this leave type. A form that was deleted is made again, once. */
  async using<T>(type: string, work: (code: string) => Promise<T>): Promise<T> {
    if (!this.auto) return work(this.configured)
    const kept = await this.read()
    if (!kept) return work(await this.create(type))
    try {
      return await work(kept.types.includes(type) ? kept.code : await this.put(kept.code, [...kept.types, type]))
    } catch (error) {
      if (!(error instanceof Permanent) || error.code !== 'no-form') throw error
      return work(await this.create(type))
    }
  }

  private async create(type: string): Promise<string> {
    const types = [...new Set([...usualTypes, type])]
    try {
      return await this.put(undefined, types)
    } catch (error) {
      if (!(error instanceof Permanent) || error.code !== 'form-exists') throw error
      // Another instance was quicker, or it is from before the database.
      const { result } = await this.api.call({
        ...{ api: 'workflow/formByName', method: 'GET' },
        ...{ path: '/v1.0/workflow/processCentres/schemaNames/processCodes', params: { name: formName } },
      })
      const named = z.looseObject({ processCode: z.string().min(1) }).safeParse(result)
      if (!named.success) throw error
      return this.put(named.data.processCode, types)
    }
  }

  /** `POST /v1.0/workflow/forms`: a new form, or that one changed. */
  private async put(processCode: string | undefined, types: string[]): Promise<string> {
    const answer = await this.api.call({
      ...{ api: 'workflow/form', path: '/v1.0/workflow/forms' },
      body: { ...formOf(types), ...(processCode && { processCode }) },
    })
    const made = z.looseObject({ result: z.looseObject({ processCode: z.string().min(1) }) }).safeParse(answer)
    const code = made.success ? made.data.result.processCode : processCode
    if (!code) throw new Permanent('no-form', 'workflow/form: an answer without processCode', { fix: 'report this' })
    this.kept = { code, types }
    const until = new Date(this.deps.clock.now().getTime() + forEverMs)
    await this.deps.store.put(this.name, JSON.stringify(this.kept), until).catch(error => this.complain(error))
    return code
  }

  private async read(): Promise<Kept | undefined> {
    const now = this.deps.clock.now().getTime()
    if (this.kept || now - this.readAt < rereadMs) return this.kept
    const row = await this.deps.store.get(this.name).catch(error => this.complain(error))
    this.readAt = now
    const parsed = keptShape.safeParse(jsonOf(row?.token ?? ''))
    this.kept = parsed.success ? parsed.data : undefined
    return this.kept
  }

  private complain(error: unknown): null {
    this.deps.log.warn(
      { reason: error instanceof Error ? error.name : 'unknown' },
      'which form is ours could not be kept',
    )
    return null
  }

  private get name(): string {
    return `dingtalk:${this.app}:leave-form`
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
