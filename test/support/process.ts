import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inject } from 'vitest'
import { stringify } from 'yaml'
import { lockFolder, type Release } from '../../src/db/lock.ts'
import { demoTeam } from '../../src/demo.ts'
import { Permanent } from '../../src/errors.ts'
import { projectRoot } from '../../src/root.ts'
import { embeddedPlace, type Place, serverPlace } from './place.ts'
import { newFolder, run } from './service.ts'

/** The service as it is installed: a process of its own, killed and started again, against a sandbox in the test's. */

export { Outside, publicHost } from './outside.ts'
export { embeddedPlace, type Place, serverPlace } from './place.ts'
export { Client, type Ended, eventually, killAll, newFolder, refused, run, Service, token } from './service.ts'

/** Builds the service (with `--tools` its commands, too) if it is older than its sources; test files that need it wait for each other. */
export async function builtService(args: string[] = []): Promise<void> {
  const release = await turn(join(projectRoot, 'dist/.building'))
  try {
    const done = await run([join(projectRoot, 'scripts/build.mjs'), ...args], { PATH: process.env.PATH ?? '' })
    if (done.code !== 0) throw new Error(done.output)
  } finally {
    await release()
  }
}

async function turn(folder: string): Promise<Release> {
  for (;;) {
    try {
      return await lockFolder(folder)
    } catch (error) {
      if (!(error instanceof Permanent && error.code === 'database-locked')) throw error
      await pause(100)
    }
  }
}

/** A folder with the embedded database, or a database on a server where TEST_DB says so. */
export async function newPlace(): Promise<Place> {
  const base = inject('testBase')
  return base.kind === 'embedded' ? embeddedPlace(base.snapshot) : serverPlace(base.server, base.prefix)
}

/** The demo's team as a file; returns its path. */
export function teamsFile(platform: 'wecom' | 'dingtalk' = 'wecom'): string {
  const people = demoTeam.people.map(({ userId, dingtalkId, ...person }) => ({
    ...person,
    [platform]: { userId: platform === 'wecom' ? userId : dingtalkId },
  }))
  const path = join(newFolder(), 'teams.yaml')
  writeFileSync(path, stringify({ teams: [{ name: demoTeam.name, people }] }))
  return path
}
