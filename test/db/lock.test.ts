import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/db/lock.ts'

let folder: string
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paigong-lock-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  rmSync(folder, { recursive: true, force: true })
})

async function holder(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../support/holder.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

describe('lockFolder', () => {
  it('refuses a folder another process holds, naming it, its pid and the way out', async () => {
    const child = await holder()
    await expect(lockFolder(folder)).rejects.toMatchObject({
      name: 'Permanent',
      code: 'database-locked',
      message: expect.stringMatching(new RegExp(`${folder} .*pid ${child.pid}`)),
      fix: expect.stringContaining('DATABASE_URL'),
    })
  })

  it('still refuses while the holder is suspended', async () => {
    const child = await holder()
    child.kill('SIGSTOP')
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'database-locked' })
  })

  it('takes it over from a process that was killed, and clears up after it', async () => {
    const child = await holder()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const release = await lockFolder(folder)
    expect(readdirSync(join(folder, '.in-use'))).toHaveLength(1)
    await release()
    expect(readdirSync(join(folder, '.in-use'))).toEqual([])
  })

  it('is free again after the release', async () => {
    for (let i = 0; i < 3; i++) await (await lockFolder(folder))()
  })

  it('never lets two in, however many come at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder)))
    const inside = outcomes.filter(outcome => outcome.status === 'fulfilled')
    expect(inside.length).toBeLessThanOrEqual(1)
    for (const outcome of inside) await outcome.value()
  })

  it('works in a folder whose path is longer than a socket may have', async () => {
    const deep = join(folder, 'x'.repeat(90))
    const release = await lockFolder(deep)
    await expect(lockFolder(deep)).rejects.toMatchObject({ code: 'database-locked' })
    await release()
  })
})
