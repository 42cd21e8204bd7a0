import type { Message, Said } from '../../chat/card.ts'
import type { Inbound } from '../../chat/inbound.ts'
import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { settle } from '../answer.ts'
import { told } from '../door.ts'
import { inWords } from '../picture.ts'
import type { Delivery, Leases, Problem, Receive, Sent } from '../platform.ts'
import { type BotSelf, readBotBody } from './botinbound.ts'
import type { Line, LineConfig, OpenLine, ReplyBody } from './botline.ts'
import { Doubts } from './doubts.ts'
import { type Body, botBody, botText, pictureBytes, uploadedBody } from './render.ts'
import { drawTemplate } from './template.ts'

export interface BotDeps {
  clock: Clock
  leases: Leases
  log: Log
  /** Loads what opens lines: most have no such bot, and need not hold its code in memory. */
  lines(): Promise<OpenLine>
  answerWithinMs: number
}

const leaseMs = 30_000
const renewMs = 10_000
const standbyMs = 5_000
/** Shorter than the lease: whoever cannot renew it in time hangs up before another instance may begin. */
const giveUpMs = 25_000
/** Someone outside our lease uses the bot (a developer's machine, an old server): do not fight over it. */
const takenMs = [60_000, 300_000, 600_000]
const refusedMs = 600_000
/** A connection may be away this long before an operator hears of it. */
const patienceMs = 60_000
/** A socket delivers once and never again, so keeping the event is waited for longer than behind a callback. */
const storeMs = 20_000

/**
 * The 智能机器人 over its long connection (developer.work.weixin.qq.com/document/path/101463). The platform allows one
 * connection per bot, so of all instances only the holder of a lease has one; the others stand by.
 */
export class Bot {
  private openLine: OpenLine | undefined
  private line: Line | undefined
  private tick: NodeJS.Timeout | undefined
  private lapse: NodeJS.Timeout | undefined
  private running = false
  private round = 0
  private taken = 0
  private offlineSince: Date | undefined
  private trouble: Problem | undefined
  private readonly doubts = new Doubts()
  private readonly lease: string

  constructor(
    private readonly config: LineConfig,
    private readonly self: BotSelf,
    private readonly deps: BotDeps,
  ) {
    this.lease = `wecom-bot:${config.botId}`
  }

  async open(receive: Receive): Promise<() => Promise<void>> {
    this.running = true
    this.openLine = await this.deps.lines()
    await this.turn(receive)
    return () => this.close()
  }

  /** Owner or not: looks after the lease, then sets the alarm for the next look. Never throws. */
  private async turn(receive: Receive): Promise<void> {
    const round = ++this.round
    const mine = await this.hold()
    // Stepped back or closed meanwhile.
    if (!this.running || round !== this.round) return
    if (mine === true) {
      clearTimeout(this.lapse)
      this.lapse = setTimeout(() => this.hangUp(), giveUpMs)
      if (!this.line) this.dial(receive)
    } else if (mine === false) this.hangUp()
    // Undecided (the database does not answer): the line stays until `lapse`.
    this.again(receive, this.line ? renewMs : standbyMs)
  }

  private again(receive: Receive, ms: number): void {
    clearTimeout(this.tick)
    this.tick = setTimeout(() => void this.turn(receive), ms)
  }

  private async hold(): Promise<boolean | undefined> {
    try {
      return await this.deps.leases.hold(this.lease, leaseMs)
    } catch (error) {
      this.deps.log.warn(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'the bot’s lease could not be asked for',
      )
      return undefined
    }
  }

  private dial(receive: Receive): void {
    const { clock, log } = this.deps
    if (!this.openLine) return
    this.offlineSince = clock.now()
    const line = this.openLine(
      this.config,
      {
        heard: (body, requestId) => this.hear(receive, body, requestId, line),
        up: () => {
          this.offlineSince = undefined
          this.trouble = undefined
          log.info({}, 'the bot is connected')
        },
        down: () => {
          this.offlineSince ??= clock.now()
        },
        taken: () =>
          this.stepBack(receive, takenMs[Math.min(this.taken++, takenMs.length - 1)] ?? refusedMs, {
            code: 'bot-taken',
            what: 'another program connected as the bot',
            fix: 'stop the other program (one bot has one connection), or give it a bot of its own',
          }),
        refused: () =>
          this.stepBack(receive, refusedMs, {
            code: 'wrong-bot-secret',
            what: 'the bot’s id or secret was refused',
            fix: 'copy WECOM_BOT_ID and WECOM_BOT_SECRET again from the bot’s page (API 模式 → 长连接) and restart',
          }),
      },
      log,
    )
    this.line = line
  }

  /** Gives bot and lease up for a while, so that this or another instance tries again later. */
  private stepBack(receive: Receive, ms: number, trouble: Omit<Problem, 'since'>): void {
    this.deps.log.error({ code: trouble.code, waitMs: ms }, trouble.what)
    this.trouble = {
      ...trouble,
      since: this.trouble?.code === trouble.code ? this.trouble.since : this.deps.clock.now(),
    }
    this.round++
    this.hangUp()
    void this.release()
    this.again(receive, ms)
  }

  private hangUp(): void {
    clearTimeout(this.lapse)
    this.line?.close()
    this.line = undefined
    this.offlineSince = undefined
  }

  private async release(): Promise<void> {
    await this.deps.leases
      .release(this.lease)
      .catch(() => this.deps.log.warn({}, 'the bot’s lease could not be given back; it ends by itself'))
  }

  private async close(): Promise<void> {
    this.running = false
    clearTimeout(this.tick)
    const owner = this.line !== undefined
    this.hangUp()
    if (owner) await this.release()
  }

  private async hear(receive: Receive, body: unknown, requestId: string, line: Line): Promise<void> {
    const { clock, log, answerWithinMs } = this.deps
    const heard = readBotBody(body, this.self, clock.now())
    if (!heard) return log.warn({}, 'the bot heard something it cannot read')
    const { inbound } = heard
    const outcome = await settle(() => receive(inbound), { storeMs, answerMs: answerWithinMs })
    if (outcome.kind === 'lost') {
      log.error({ key: inbound.key }, 'what the bot heard could not be kept, and the platform does not repeat it')
      if (inbound.said.kind !== 'event' && inbound.said.kind !== 'button')
        await line.reply(requestId, stream(requestId, '刚才没有记下来，请再发一次。'))
      return
    }
    if (!outcome.answer) return
    if (await this.answer(inbound, outcome.answer.message, requestId, line)) told(outcome.answer.answered, log)
  }

  /** True when it was said; whatever can't be said this way, the outbox says. */
  private async answer(inbound: Inbound, message: Said, requestId: string, line: Line): Promise<boolean> {
    const { said } = inbound
    try {
      if (said.kind === 'button') {
        const card =
          message.kind === 'card'
            ? drawTemplate(message.card, { channel: 'bot', repaint: true, taskId: said.taskId })
            : null
        if (!card) return false
        await line.update(requestId, card)
        return true
      }
      const body = botReply(message, requestId, said.kind === 'event')
      if (!body) return false
      await (said.kind === 'event' ? line.welcome(requestId, body) : line.reply(requestId, body))
      return true
    } catch (error) {
      if (!(error instanceof Temporary || error instanceof Permanent)) throw error
      this.deps.log.info({ code: error.code, key: inbound.key }, 'the bot could not answer at once')
      return false
    }
  }

  /** Speaks in a group. Throws `Temporary` when another instance holds the line: the message is theirs to send. */
  async send({ id, message, taskId, repaint }: Delivery, chatId: string): Promise<Sent> {
    // A bot's card is changed only in answer to a tap.
    if (repaint) throw new Permanent('stale-handle', 'the bot cannot change a card without a tap')
    if (!this.line)
      throw new Temporary('bot-elsewhere', 'another instance holds the bot’s connection', {
        retryAfterMs: 1_000,
        elsewhere: true,
      })
    try {
      await this.line.send(chatId, 2, await bodyFor(this.line, message, taskId))
      return {}
    } catch (error) {
      // A card whose first sending was not confirmed comes back as one whose task id was used: it is out.
      if (error instanceof Permanent && error.code === 'bad-body' && taskId && this.doubts.settle(id)) return {}
      if (error instanceof Temporary && error.code === 'timeout') this.doubts.raise(id)
      throw error
    }
  }

  problems(): Problem[] {
    if (this.trouble) return [this.trouble]
    const since = this.offlineSince
    if (!since || this.deps.clock.now().getTime() - since.getTime() < patienceMs) return []
    const fix = 'check that this machine reaches wss://openws.work.weixin.qq.com (or WECOM_BOT_WS_URL)'
    return [{ code: 'bot-offline', what: 'the bot is not connected: nobody hears the groups', fix, since }]
  }
}

/** A picture is uploaded over the same line first. */
async function bodyFor(line: Line, message: Message, taskId: string | undefined): Promise<Body> {
  if (message.kind !== 'picture') return botBody(message, taskId)
  if (message.png.length > pictureBytes.bot) return botBody(inWords(message), taskId)
  return uploadedBody(await line.upload(message.png, message.name))
}

const stream = (requestId: string, content: string): ReplyBody => ({
  msgtype: 'stream',
  stream: { id: requestId, finish: true, content },
})

/**
 * A message as an answer of the bot's (developer.work.weixin.qq.com/document/path/101031): plain text is for welcomes only,
 * elsewhere it is a stream that is finished at once. Null for a card with buttons: it needs a task id, which the outbox gives.
 */
export function botReply(message: Said, streamId: string, welcome: boolean): ReplyBody | null {
  if (message.kind === 'card' && message.card.buttons.length > 0) return null
  const body = message.kind === 'text' ? null : botBody(message, `a${streamId.replace(/[^\w@-]/g, '-').slice(0, 100)}`)
  if (body?.msgtype === 'template_card') return body
  const content =
    body?.msgtype === 'markdown' ? body.markdown.content : message.kind === 'text' ? botText(message.text) : ''
  return welcome ? { msgtype: 'text', text: { content } } : stream(streamId, content)
}
