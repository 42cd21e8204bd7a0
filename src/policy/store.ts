import type { Tx } from '../db/tx.ts'

/** Store: versions of rule books that were published on the pages. */

export interface VersionRow {
  name: string
  version: number
  effective: string
  by: string
  at: Date
  withdrawnAt: Date | null
}

/** Those that hold or will, and those that were taken back, without their texts; of one name, or of all. */
export async function publishedVersions(tx: Tx, company: string, name?: string): Promise<VersionRow[]> {
  return tx.policyVersion.findMany({
    where: { company, ...(name !== undefined && { name }) },
    select: { name: true, version: true, effective: true, by: true, at: true, withdrawnAt: true },
    orderBy: [{ name: 'asc' }, { version: 'asc' }],
  })
}

export async function publishedText(tx: Tx, company: string, name: string, version: number): Promise<string | null> {
  const row = await tx.policyVersion.findUnique({
    where: { company_name_version: { company, name, version } },
    select: { text: true },
  })
  return row?.text ?? null
}

/** False where somebody else was quicker with this version. */
export async function addVersion(
  tx: Tx,
  company: string,
  row: Omit<VersionRow, 'withdrawnAt'> & { text: string },
): Promise<boolean> {
  const { count } = await tx.policyVersion.createMany({ data: [{ company, ...row }], skipDuplicates: true })
  return count === 1
}

/** False where it was taken back already. */
export async function takeBack(
  tx: Tx,
  company: string,
  { name, version }: { name: string; version: number },
  { by, now }: { by: string; now: Date },
): Promise<boolean> {
  const { count } = await tx.policyVersion.updateMany({
    where: { company, name, version, withdrawnAt: null },
    data: { withdrawnAt: now, withdrawnBy: by },
  })
  return count === 1
}
