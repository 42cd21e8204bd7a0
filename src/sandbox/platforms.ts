import type { Clock } from '../now.ts'
import type { Desk as DingtalkDesk } from './dingtalk/desk.ts'
import { Dingtalk } from './dingtalk/dingtalk.ts'
import { fromWritten as fromDingtalk, toWritten as toDingtalk } from './dingtalk/kept.ts'
import { Meters } from './dingtalk/meters.ts'
import { Faults } from './faults.ts'
import { InFlight } from './inflight.ts'
import type { Journal } from './journal.ts'
import type { Shelf } from './media.ts'
import { Office } from './office.ts'
import {
  type DingtalkCredentials,
  defaultTiming,
  type SandboxOptions,
  type SandboxSeed,
  type WecomCredentials,
} from './options.ts'
import type { Phones } from './phones.ts'
import { isTrusted } from './signin.ts'
import { fromWritten as fromWecom, toWritten as toWecom } from './wecom/kept.ts'
import { Wecom } from './wecom/wecom.ts'
import type { PhonePlatform, SandboxChat } from './wire.ts'
import type { Written } from './written.ts'

export interface PlatformsParts {
  options: SandboxOptions
  seed: SandboxSeed
  clock: Clock
  phones: Phones
  media: Shelf
  journal: Journal
  credentials: WecomCredentials
  dingtalkCredentials: DingtalkCredentials
  kept: Written | undefined
  changed: () => void
}

/** Standard edition (dingtalk.md §1.4). */
const standardQps = 20

/** Both platforms' servers, on the same phones. */
export class Platforms {
  readonly wecom: Wecom
  readonly dingtalk: Dingtalk
  readonly meters: Meters
  readonly office: Office
  readonly faults: Faults
  readonly inFlight = new InFlight()
  private readonly closing = new AbortController()
  private readonly memory
  private readonly dingtalkMemory

  constructor(parts: PlatformsParts) {
    const { options, seed, kept, phones, media, journal, changed } = parts
    this.faults = new Faults(this.closing.signal)
    this.memory = fromWecom(kept?.wecom)
    for (const group of seed.groups) if (group.spoken) this.memory.heard.add(group.id)
    this.dingtalkMemory = fromDingtalk(kept?.dingtalk)
    const firstGroup = (platform: PhonePlatform): (() => SandboxChat | undefined) => {
      const id = seed.groups.find(group => (group.platform ?? 'wecom') === platform)?.id ?? ''
      return () => phones.chat(id)
    }
    const hosts = () => options.trustedHosts?.() ?? [new URL(options.baseUrl()).host]
    const shared = {
      ...{ clock: options.clock, log: options.log, baseUrl: options.baseUrl, changed, closing: this.closing.signal },
      ...{ phones, media, journal, faults: this.faults, inFlight: this.inFlight },
      timing: { ...defaultTiming, ...options.timing },
      trusts: (address: string) => isTrusted(address, hosts()),
    }
    this.wecom = new Wecom({
      ...shared,
      callbackUrl: options.callbackUrl,
      console: options.wecom ?? {},
      trustedDomain: () => hosts()[0] ?? '',
      credentials: parts.credentials,
      kept: this.memory,
      robotGroup: firstGroup('wecom'),
    })
    const qps = options.dingtalk?.qps ?? standardQps
    this.meters = new Meters({ kept: this.dingtalkMemory.meters, clock: options.clock, qps, changed })
    const desk: DingtalkDesk = {
      ...shared,
      console: options.dingtalk ?? {},
      credentials: parts.dingtalkCredentials,
      kept: this.dingtalkMemory,
      meters: this.meters,
      robotGroup: firstGroup('dingtalk'),
    }
    this.dingtalk = new Dingtalk(desk)
    const { wecom, dingtalk, memory, dingtalkMemory } = this
    this.office = new Office({
      ...{ phones, clock: options.clock, changed },
      counters: {
        wecom: {
          ...{ requests: memory.approvals, punches: memory.punches },
          act: (id, act) => wecom.approvals.act(id, act),
        },
        dingtalk: {
          ...{ requests: dingtalkMemory.instances, punches: dingtalkMemory.punches },
          act: (id, act) => dingtalk.workflow.act(id, act),
        },
      },
    })
  }

  get closed(): boolean {
    return this.closing.signal.aborted
  }

  written(): Pick<Written, 'wecom' | 'dingtalk'> {
    return { wecom: toWecom(this.memory), dingtalk: toDingtalk(this.dingtalkMemory) }
  }

  async close(): Promise<void> {
    this.closing.abort()
    this.wecom.bot.close()
    this.dingtalk.gateway.close()
    await this.inFlight.idle()
  }
}
