import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { newFolder } from '../../test/support/service.ts'
import type { Outcome, Stage } from '../stage.ts'

const megabyte = 2 ** 20
const size = 400

/** A file system of its own that can be full; or why there can be none. */
export function smallDisk(): { folder: string; remove(): void } | { impossible: string } {
  const folder = join(newFolder(), 'disk')
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'paigong-chaos', folder], { stdio: 'pipe' })
  } catch (error) {
    return { impossible: `a file system of ${size} MB could not be mounted: ${String(error).split('\n')[0]}` }
  }
  return { folder, remove: () => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' }) }
}

/** The disk of the embedded database fills up while it works, and has room again a while later. Started again where it ended itself. */
export async function disk(stage: Stage, folder: string, times: number): Promise<Outcome> {
  let service = await stage.start()
  const load = stage.load.run(1_200)
  const filler = join(folder, 'filler')
  let ended = 0
  let full = 0
  const said = new Set<string>()
  while (full < times && !stage.enough) {
    await pause(stage.random.between(4_000, 8_000))
    const acts = stage.load.progress
    const end = performance.now() + stage.random.between(5_000, 9_000)
    for (; performance.now() < end; await pause(100)) fill(filler)
    full++
    console.log(`  full ${full}: ${stage.load.progress - acts} acts and answers acknowledged meanwhile`)
    rmSync(filler)
    const gone = await over(service.ended)
    for (const line of service.output.split('\n'))
      if (isDisk(line) && line.includes('"level":50')) said.add(line.slice(0, 400))
    if (!gone) continue
    ended++
    await stage.kill(service)
    service = await stage.start()
  }
  stage.say(`${full} times no room for some seconds, the service ended itself ${ended}×`)
  for (const line of [...said].slice(0, 5)) stage.say(`it said: ${line}`)
  const outcome = await stage.settle(isDisk)
  await load
  if (said.size === 0) outcome.errors.push('the service said nothing of the full disk')
  return outcome
}

/** To the last block, and what was freed meanwhile. */
function fill(path: string): void {
  const file = openSync(path, 'a')
  try {
    for (const size of [megabyte, 4_096]) {
      const block = Buffer.alloc(size)
      // A short write says that there is no room as well.
      while (written(file, block) === size);
    }
  } finally {
    closeSync(file)
  }
}

function written(file: number, block: Buffer): number {
  try {
    return writeSync(file, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    return 0
  }
}

const isDisk = (line: string): boolean => /No space left|ENOSPC|53100|months could not be settled/.test(line)

const over = (ended: Promise<unknown>): Promise<boolean> =>
  Promise.race([ended.then(() => true), pause(3_000).then(() => false)])
