import type { Inbound } from '../../chat/inbound.ts'
import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { settle } from '../answer.ts'
import { told } from '../door.ts'
import type { Answer, Receive, Signals } from '../platform.ts'
import { type Cards, changeOf } from './cards.ts'
import { type EventHead, readCardCallback, readEvent, readRobotMessage, type Session } from './inbound.ts'
import type { Meter } from './meter.ts'
import type { Robot } from './robot.ts'
import { conversationOf, type Sessions } from './sessions.ts'

interface Parts {
  corpId: string
  robot: Robot
  cards: Cards
  sessions: Sessions
  meter: Meter
  clock: Clock
  signals: Signals
  log: Log
  storeWithinMs: number
  answerWithinMs: number
  /** Code of the form leave is asked for with, if there is one. */
  leaveProcess: () => Promise<string | null>
}

const door = 'dingtalk'

/** It could not be kept: the platform is to deliver it again. */
export class NotKept extends Error {
  override name = 'NotKept'
}

/**
 * What DingTalk tells us, whichever way it came: kept first, then acknowledged, then worked on. A tap's answer has to be
 * ready with the acknowledgement (dingtalk.md §4.4, §5.4); words are answered in the conversation's session.
 */
export class Ears {
  private readonly underWay = new Set<Promise<unknown>>()

  constructor(
    private readonly parts: Parts,
    private readonly receive: Receive,
  ) {}

  /** Something said to the robot. Resolves when it may be acknowledged; throws `NotKept`. */
  async robot(data: unknown): Promise<void> {
    const { corpId, clock, meter, sessions, signals } = this.parts
    const came = readRobotMessage(data, corpId, clock.now())
    if (came.kind === 'unreadable') return signals.refused(`${door}.robot`, came.why)
    // The meter must not hold up the acknowledgement.
    this.track(meter.count('pushes'))
    if (came.kind === 'deaf') {
      signals.refused(`${door}.robot`, 'deaf')
      return this.track(meter.refused('pushes'))
    }
    meter.granted('pushes')
    if (came.session) {
      const { conversation, url, until } = came.session
      sessions.keep(conversationOf(conversation), url, until)
    }
    if (came.kind === 'stranger') return this.track(this.sayToStranger(came.session))
    const { stored, handled } = this.receive(came.inbound)
    // What fails after it was kept is no concern of DingTalk's: the inbox tries again.
    const ready = handled.catch(() => null)
    await this.keptInTime(stored)
    this.track(this.answer(came.inbound, ready))
  }

  private async answer(inbound: Inbound, ready: Promise<Answer | null>): Promise<void> {
    const answer = await ready
    // Cards go out as messages of their own: the outbox sends them. So it does with words that could not be said the
    // first time: they don't hang on the acknowledgement, and said again they would stand there twice.
    if (answer?.message.kind !== 'text' || answer.repeat) return
    const { chat, sender } = inbound
    const inGroup = chat.kind === 'group'
    const where = inGroup ? { group: chat.id } : { user: sender.userId }
    const said = await this.parts.robot
      .sayInSession(conversationOf(where), answer.message.text, inGroup ? [sender.userId] : [])
      .catch(error => this.unsaid(error))
    if (said) told(answer.answered, this.parts.log)
  }

  private unsaid(error: unknown): false {
    if (!(error instanceof Temporary || error instanceof Permanent)) throw error
    return false
  }

  private async sayToStranger(session: Session | null): Promise<void> {
    if (!session) return
    const words = '我只认识本企业的成员，这条没有记录。请用企业里的钉钉账号来说，或找派工员。'
    await this.parts.robot.sayInSession(conversationOf(session.conversation), words, [])
  }

  /** A tap. Resolves to the change its acknowledgement carries; throws `NotKept`. `push` names this delivery. */
  async card(data: unknown, push: string): Promise<object> {
    const { corpId, clock, signals, storeWithinMs, answerWithinMs } = this.parts
    const tapped = readCardCallback(data, push, corpId, clock.now())
    if ('why' in tapped) {
      signals.refused(`${door}.card`, tapped.why)
      return {}
    }
    const { inbound, template } = tapped
    const waits = { storeMs: Math.min(storeWithinMs, answerWithinMs), answerMs: answerWithinMs }
    const outcome = await settle(() => this.receive(inbound), waits)
    if (outcome.kind === 'lost') throw new NotKept()
    const { answer } = outcome
    if (answer?.message.kind !== 'card') return {}
    const { card } = answer.message
    this.track(this.shown(answer, inbound.repaint?.handle ?? ''))
    return changeOf(card, template)
  }

  /** The tapper sees it; whether everybody else does is the outbox's business where the card has a row of its own. */
  private async shown(answer: Answer, handle: string): Promise<void> {
    await answer.answered('tapper')
    if (!answer.forAll || answer.message.kind !== 'card') return
    await this.parts.cards.repaint(handle, answer.message.card).catch(error => {
      if (!(error instanceof Temporary || error instanceof Permanent)) throw error
      this.parts.log.info({ code: error.code }, 'a card stays as it was for those who did not tap it')
    })
  }

  /** An event. Throws `NotKept`. */
  async event(head: EventHead, data: unknown): Promise<void> {
    const { corpId, clock, leaveProcess } = this.parts
    const inbound = readEvent(head, data, corpId, clock.now(), await leaveProcess())
    if (!inbound) return this.parts.signals.refused(`${door}.event`, 'receiver')
    const { stored, handled } = this.receive(inbound)
    const done = handled.then(
      () => {},
      () => {},
    )
    await this.keptInTime(stored)
    this.track(done)
  }

  private async keptInTime(stored: Promise<void>): Promise<void> {
    const handled = Promise.resolve(null)
    const { storeWithinMs: storeMs } = this.parts
    const outcome = await settle(() => ({ stored, handled }), { storeMs, answerMs: 0 })
    if (outcome.kind === 'lost') throw new NotKept()
  }

  private track(work: Promise<void>): void {
    const entry: Promise<unknown> = work
      .catch(error => this.parts.log.error({ err: String(error) }, 'answering in DingTalk failed by a bug'))
      .finally(() => this.underWay.delete(entry))
    this.underWay.add(entry)
  }

  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }
}
