import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'

/** Store of the cards that are on people's screens. */

export interface ShownCard {
  id: string
  /** What it shows: an order, a request for leave. */
  subject: string
  personId: string
  platform: string
  taskId: string
  messageId: string | null
  handle: string | null
  handleExpiresAt: Date | null
  /** Version of the subject that it shows. */
  version: number
  /** False once it was taken back or replaced by another. */
  live: boolean
  sentAt: Date
}

/** By which the repaints of one card give way to the newest. */
export const repaintKey = (shownId: string): string => `repaint:${shownId}`

export async function showCard(
  tx: Tx,
  company: string,
  card: { subject: string; personId: string; platform: string; taskId: string; version: number },
  sent: { messageId?: string | undefined; handle?: string | undefined; handleExpiresAt?: Date | undefined },
  now: Date,
): Promise<void> {
  const { subject, personId, platform, taskId, version } = card
  await tx.shownCard.updateMany({ where: { company, subject, personId, live: true }, data: { live: false } })
  const values = {
    messageId: sent.messageId ?? null,
    handle: sent.handle ?? null,
    handleExpiresAt: sent.handleExpiresAt ?? null,
  }
  await tx.shownCard.upsert({
    where: { company_platform_taskId: { company, platform, taskId } },
    create: {
      company,
      id: newId(now),
      subject,
      personId,
      platform,
      taskId,
      version,
      live: true,
      sentAt: now,
      ...values,
    },
    update: { ...values, version, live: true },
  })
}

export async function liveCards(tx: Tx, company: string, subjects: readonly string[]): Promise<ShownCard[]> {
  return tx.shownCard.findMany({
    where: { company, subject: { in: [...subjects] }, live: true },
    orderBy: { id: 'asc' },
  })
}

export async function cardById(tx: Tx, company: string, id: string): Promise<ShownCard | null> {
  return tx.shownCard.findUnique({ where: { company_id: { company, id } } })
}

export async function cardByTask(tx: Tx, company: string, platform: string, taskId: string): Promise<ShownCard | null> {
  return tx.shownCard.findUnique({ where: { company_platform_taskId: { company, platform, taskId } } })
}

export async function cardByMessage(
  tx: Tx,
  company: string,
  platform: string,
  messageId: string,
): Promise<ShownCard | null> {
  return tx.shownCard.findFirst({ where: { company, platform, messageId }, orderBy: { id: 'desc' } })
}

/** A tap brought a fresh code. */
export async function keepHandle(tx: Tx, company: string, id: string, handle: string, expiresAt: Date): Promise<void> {
  await tx.shownCard.update({ where: { company_id: { company, id } }, data: { handle, handleExpiresAt: expiresAt } })
}

/** The card now shows `version`; `usedHandle` is spent, if it is one that can be. */
export async function painted(
  tx: Tx,
  company: string,
  id: string,
  version: number,
  usedHandle: string | null,
): Promise<void> {
  await tx.shownCard.updateMany({ where: { company, id, version: { lt: version } }, data: { version } })
  if (usedHandle)
    await tx.shownCard.updateMany({
      where: { company, id, handle: usedHandle },
      data: { handle: null, handleExpiresAt: null },
    })
}

export async function retire(tx: Tx, company: string, id: string): Promise<void> {
  await tx.shownCard.update({ where: { company_id: { company, id } }, data: { live: false } })
}
