import { z } from 'zod'
import { randomId } from '../ids.ts'
import type { Media } from '../media.ts'
import { day, minute } from '../window.ts'
import { type Call, shaped } from './call.ts'
import { type Desk, here, nowOf } from './desk.ts'
import { refused } from './refused.ts'

/** Neither life is documented; both are short (dingtalk.md §2.8). */
const codeLifeMs = day
const linkLifeMs = 10 * minute

const shape = z.looseObject({ downloadCode: z.string(), robotCode: z.string() })

interface Lent {
  media: string
  until: number
}

/** Files people sent to the robot: a code in the message, an address for the code, the bytes at the address. */
export class Downloads {
  private readonly codes = new Map<string, Lent>()
  private readonly links = new Map<string, Lent>()

  constructor(private readonly desk: Desk) {}

  /** The code that goes into the robot's message. */
  code(media: Media): string {
    return this.lend(this.codes, media.id, codeLifeMs)
  }

  /** `POST /v1.0/robot/messageFiles/download` */
  open(call: Call): Record<string, unknown> {
    const { downloadCode, robotCode } = shaped(shape, call)
    if (robotCode !== this.desk.credentials.robotCode)
      throw refused('invalidParameter.robotCode.auth', 'downloadCode不属于该机器人')
    const lent = this.valid(this.codes, downloadCode)
    if (!lent) throw refused('invalidParameter.robotCode.downloadCode', 'downloadCode不存在或已过期')
    const id = this.lend(this.links, lent.media, linkLifeMs)
    const expires = Math.floor((nowOf(this.desk) + linkLifeMs) / 1_000)
    return { downloadUrl: `${this.desk.baseUrl()}${here}/files/${id}.file?Expires=${expires}` }
  }

  /** The bytes behind an address, or nothing when it is unknown or too old. */
  bytes(file: string): Buffer | undefined {
    const lent = this.valid(this.links, file.replace(/\.file$/, ''))
    return lent && this.desk.media.get(lent.media)?.bytes
  }

  private lend(shelf: Map<string, Lent>, media: string, lifeMs: number): string {
    const now = nowOf(this.desk)
    for (const [id, { until }] of shelf) if (until < now) shelf.delete(id)
    const id = randomId(24)
    shelf.set(id, { media, until: now + lifeMs })
    return id
  }

  private valid(shelf: Map<string, Lent>, id: string): Lent | undefined {
    const lent = shelf.get(id)
    return lent && lent.until >= nowOf(this.desk) ? lent : undefined
  }
}
