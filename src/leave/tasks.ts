import type { Tx } from '../db/tx.ts'

/** Store: what is to be asked of platforms' own approvals. */

export type TaskDoes = 'submit' | 'read' | 'withdraw' | 'record' | 'unrecord'

export interface ApprovalTask {
  platform: string
  does: TaskDoes
  /** Our request's id; for `read` the platform's. */
  about: string
  /** It was found by comparing, not by an event. */
  compared: boolean
  wanted: number
  attempts: number
}

/** Wants something; wanted again while it is under way it is done once more. */
export async function wantTask(
  tx: Tx,
  company: string,
  {
    platform,
    does,
    about,
    compared = false,
  }: Pick<ApprovalTask, 'platform' | 'does' | 'about'> & { compared?: boolean },
  at: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "ApprovalTask" ("company", "platform", "does", "about", "compared", "wanted", "attempts", "nextAt")
    VALUES (${company}, ${platform}, ${does}, ${about}, ${compared}, 1, 0, ${at})
    ON CONFLICT ("company", "platform", "does", "about")
    DO UPDATE SET "wanted" = "ApprovalTask"."wanted" + 1, "attempts" = 0, "nextAt" = EXCLUDED."nextAt"`
}

/** Whether anything is due: asked at each beat, so it takes no lock. */
export async function tasksDue(tx: Tx, company: string, now: Date): Promise<boolean> {
  const task = await tx.approvalTask.findFirst({ where: { company, nextAt: { lte: now } }, select: { about: true } })
  return task !== null
}

/** Takes what is due; whoever takes it has so long before another may. */
export async function claimTasks(
  tx: Tx,
  company: string,
  now: Date,
  holdMs: number,
  take: number,
): Promise<ApprovalTask[]> {
  const until = new Date(now.getTime() + holdMs)
  const rows = await tx.$queryRaw<ApprovalTask[]>`
    UPDATE "ApprovalTask" t SET "nextAt" = ${until}, "attempts" = t."attempts" + 1
    FROM (SELECT "platform", "does", "about" FROM "ApprovalTask" WHERE "company" = ${company} AND "nextAt" <= ${now}
          ORDER BY "nextAt" LIMIT ${take} FOR UPDATE SKIP LOCKED) due
    WHERE t."company" = ${company} AND t."platform" = due."platform" AND t."does" = due."does" AND t."about" = due."about"
    RETURNING t."platform", t."does", t."about", t."compared", t."wanted", t."attempts"`
  return rows
}

/** Done, unless it was wanted again meanwhile: then it is due at once. */
export async function taskDone(tx: Tx, company: string, task: ApprovalTask, now: Date): Promise<void> {
  const { platform, does, about, wanted } = task
  const gone = await tx.approvalTask.deleteMany({ where: { company, platform, does, about, wanted } })
  if (gone.count === 0)
    await tx.approvalTask.updateMany({ where: { company, platform, does, about }, data: { nextAt: now, attempts: 0 } })
}

export async function taskFailed(
  tx: Tx,
  company: string,
  task: ApprovalTask,
  error: string,
  nextAt: Date,
): Promise<void> {
  const { platform, does, about } = task
  await tx.approvalTask.updateMany({
    where: { company, platform, does, about },
    data: { error: error.slice(0, 300), nextAt },
  })
}
