import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Facts } from '../platforms/checkup.ts'
import type { SystemFinding } from './finding.ts'

export type SystemFound = (code: SystemFinding, facts?: Facts) => void

/** Megabytes: an embedded database that cannot write its log is not opened again without help. */
const leastFree = 1_024

/** The folder of the data, or the nearest one above it where it does not exist yet: may the service write there, and how much? */
export async function checkData(folder: string, found: SystemFound, room: typeof freeIn = freeIn): Promise<void> {
  const path = resolve(folder)
  const nearest = existing(path)
  if (!statSync(nearest).isDirectory()) return found('data.not-writable', { folder, why: 'ENOTDIR' })
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK)
    if (existsSync(resolve(path, 'pg'))) accessSync(resolve(path, 'pg'), constants.W_OK | constants.X_OK)
  } catch (error) {
    found('data.not-writable', {
      folder,
      why: error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
    })
    return
  }
  const free = await room(nearest)
  if (free < leastFree) found('data.space-low', { folder, free })
}

/** Megabytes that are free where this folder is. */
async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.floor((bavail * bsize) / 1_048_576)
}

function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path))
}
