import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import type { CorrectionPart, MarkKind, MarkSource } from './record.ts'

/** Store of what was recorded and asked about attendance. Nothing in it is ever changed. */

export interface NewMark {
  personId: string
  kind: MarkKind
  at: Date
  source: MarkSource
  externalId: string
  place?: string | null
  flags?: readonly string[]
  by?: string | null
  words?: string | null
}

/** Adds records; one that is known by its id at its source is left out. Returns how many were new. */
export async function addMarks(tx: Tx, company: string, marks: readonly NewMark[], now: Date): Promise<number> {
  if (marks.length === 0) return 0
  const made = await tx.attendanceMark.createMany({
    data: marks.map(({ place, flags, by, words, ...mark }) => ({
      ...{ company, id: newId(now), ...mark, place: place ?? null, flags: [...(flags ?? [])] },
      ...{ by: by ?? null, words: words ?? null, seenAt: now },
    })),
    skipDuplicates: true,
  })
  return made.count
}

/** A platform was read for these people up to a moment, without a gap since `from`, where it was not read before. */
export async function watched(
  tx: Tx,
  company: string,
  platform: string,
  people: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<void> {
  await tx.attendanceWatch.createMany({
    data: people.map(personId => ({ company, personId, platform, from, to })),
    skipDuplicates: true,
  })
  await tx.attendanceWatch.updateMany({
    where: { company, platform, personId: { in: [...people] }, to: { lt: to } },
    data: { to },
  })
}

export interface NewCorrection {
  personId: string
  teamId: string
  day: string
  part: CorrectionPart
  minute: number | null
  reason: string
  askedBy: string
}

export async function addCorrection(tx: Tx, company: string, asked: NewCorrection, now: Date): Promise<string> {
  const id = newId(now)
  await tx.attendanceCorrection.create({ data: { company, id, ...asked, askedAt: now } })
  return id
}

export async function addEvidence(
  tx: Tx,
  company: string,
  correctionId: string,
  media: readonly string[],
  now: Date,
): Promise<void> {
  await tx.attendanceEvidence.createMany({
    data: media.map(mediaId => ({ company, correctionId, mediaId, at: now })),
    skipDuplicates: true,
  })
}

/** Decides a correction; false when somebody did before. */
export async function ruleCorrection(
  tx: Tx,
  company: string,
  ruling: { correctionId: string; allowed: boolean; by: string; words: string | null },
  now: Date,
): Promise<boolean> {
  const made = await tx.attendanceRuling.createMany({ data: [{ company, ...ruling, at: now }], skipDuplicates: true })
  return made.count === 1
}
