import { Permanent, Temporary } from '../../../errors.ts'
import type { Log } from '../../../log.ts'
import type { Clock } from '../../../now.ts'
import type { Signals } from '../../platform.ts'
import { Answers } from './answers.ts'
import { acknowledgement, type Frame, type Heard, notFound } from './frames.ts'

export interface DeskDeps {
  clock: Clock
  log: Log
  signals: Signals
  /**
   * Works on a frame as far as the platform has to wait. Resolves to the ack's `data` (an object, sent as JSON text);
   * rejects when it could not be kept: then nothing is acknowledged and the platform may deliver again.
   */
  heard: (frame: Heard) => Promise<object>
}

/** Works on the frames of all connections: a push that is not acknowledged on one may come again on another. */
export class Desk {
  private readonly answers: Answers

  constructor(private readonly deps: DeskDeps) {
    this.answers = new Answers(deps.clock)
  }

  /** Says what there is to say to a frame, when it is time. Never rejects. */
  async work(frame: Frame, say: (text: string) => void): Promise<void> {
    try {
      if (frame.is === 'heard') say(acknowledgement(frame.heard.messageId, await this.kept(frame.heard)))
      else this.brief(frame, say)
    } catch (error) {
      const messageId = frame.is === 'heard' ? frame.heard.messageId : undefined
      this.deps.log.warn({ messageId, reason: reasonOf(error) }, 'a frame could not be kept and is not acknowledged')
    }
  }

  private kept(heard: Heard): Promise<string> {
    return this.answers.to(`${heard.kind} ${heard.messageId}`, async () => JSON.stringify(await this.deps.heard(heard)))
  }

  private brief(frame: Exclude<Frame, { is: 'heard' }>, say: (text: string) => void): void {
    if (frame.is === 'ping') say(acknowledgement(frame.messageId, frame.data))
    if (frame.is === 'bad') this.refuse(frame.reason)
    if (frame.is !== 'unknown') return
    this.refuse('topic')
    say(notFound(frame.messageId))
  }

  private refuse(reason: string): void {
    this.deps.signals.refused('dingtalk.stream', reason)
  }
}

/** Never the words of an error that is not ours: they may quote what was said. */
function reasonOf(error: unknown): string {
  if (error instanceof Temporary || error instanceof Permanent) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
