import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Config } from '../config.ts'
import { migrate, type OpenSession } from '../db/migrate.ts'
import { embeddedFolder, folderSession, serverSession } from '../db/session.ts'
import { Permanent } from '../errors.ts'
import type { Clock } from '../now.ts'
import { dump } from './dump.ts'
import { packed, readFile, sealed, unpacked, writeWhole } from './file.ts'
import type { Key } from './key.ts'
import { readLines } from './load.ts'
import { type Restored, restore } from './restore.ts'
import { comparedTable, contentTable, sizeOf, totals, withoutPassword } from './words.ts'

type Settings = Pick<Config, 'DATABASE_URL' | 'DATA_DIR' | 'PORT' | 'API_TOKEN'>

export interface Surroundings {
  settings: Settings
  clock: Clock
  say(text: string): void
}

/** Sessions of these commands are told from the service's by their name. */
const nameHere = 'paigong-data'

/**
 * Writes a backup of the database the settings name, and reads it again to see that it is good. The embedded one of a
 * running service is asked for from that, since only it can open it.
 */
export async function backup(around: Surroundings, { to, key }: { to: string; key: Key | null }): Promise<void> {
  const { say } = around
  const source = await sourceOf(around)
  try {
    const bytes = key ? sealed(source.bytes, key) : source.bytes
    await writeWhole(to, bytes, async early => {
      const { header, content, lines } = await unpacked(readFile(early), key)
      const found = await readLines(lines, content)
      say(contentTable(found))
      const how = header.seal ? 'encrypted' : 'not encrypted'
      const { size } = await stat(early)
      say(`\n${to}: ${totals(found.values())}, ${sizeOf(size)}, ${how}, read again and good.`)
      say(`It is what ${source.from} held at ${header.at}.`)
    })
  } finally {
    await source.close()
  }
}

interface Source {
  from: string
  bytes: AsyncIterable<Buffer>
  close(): Promise<void>
}

async function sourceOf({ settings, clock }: Surroundings): Promise<Source> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = settings
  if (url) return direct(await serverSession(url, nameHere), withoutPassword(url), 'server', clock)
  needFolder(dataDir)
  try {
    return await direct(await folderSession(dataDir), dataDir, 'embedded', clock)
  } catch (error) {
    if (!(error instanceof Permanent && error.code === 'database-locked')) throw error
    return fromService(settings)
  }
}

async function direct(
  session: OpenSession,
  from: string,
  database: 'embedded' | 'server',
  clock: Clock,
): Promise<Source> {
  try {
    const bytes = packed(await dump(session, { at: clock.now(), database }))
    return { from, bytes, close: () => session.close() }
  } catch (error) {
    await session.close()
    throw error
  }
}

/** The database of a running service. @throws Permanent `service-silent`, `service-refused` */
async function fromService({ PORT, API_TOKEN, DATA_DIR }: Settings): Promise<Source> {
  const from = `http://127.0.0.1:${PORT}`
  if (!API_TOKEN)
    throw new Permanent('service-refused', `A service runs on ${DATA_DIR}, and API_TOKEN is not set.`, {
      fix: 'Give the API_TOKEN the service was started with (in the sandbox its start prints one).',
    })
  const headers = { Authorization: `Bearer ${API_TOKEN}` }
  const answer = await fetch(`${from}/api/v1/backup`, { method: 'POST', headers }).catch(error => {
    throw new Permanent('service-silent', `A service runs on ${DATA_DIR}, and does not answer at ${from}.`, {
      fix: 'Set PORT to the one it listens on, or stop it and try again.',
      cause: error,
    })
  })
  if (!answer.ok || !answer.body) {
    const why = (await answer.text()).slice(0, 500)
    throw new Permanent('service-refused', `The service at ${from} answered ${answer.status}: ${why}`, {
      fix: 'Give the API_TOKEN of its .env; no other token is given everything.',
    })
  }
  const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
  return { from: `the service at ${from}`, bytes: body, close: async () => void body.destroy() }
}

function needFolder(dataDir: string): void {
  if (existsSync(embeddedFolder(dataDir))) return
  throw new Permanent('no-database', `There is no embedded database in ${dataDir}.`, {
    fix: 'Set DATA_DIR to its folder, or DATABASE_URL to the server.',
  })
}

/** Puts a backup into the database the settings name. */
export async function restoreFrom(
  { settings, say }: Surroundings,
  { from, key, replace }: { from: string; key: Key | null; replace: boolean },
): Promise<void> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = settings
  if (!existsSync(from))
    throw new Permanent('no-file', `There is no file ${from}.`, { fix: 'Give --from the file of a backup.' })
  const { header, content, lines } = await unpacked(readFile(from), key)
  const session = url ? await serverSession(url, nameHere) : await folderSession(dataDir)
  try {
    say(`A backup of ${header.at}, made by ${header.schema}, ${totalOf(header.tables)} rows.`)
    const done = await restore(session, { content, lines }, { replace })
    say(comparedTable(done.tables, ['in the file', 'in the database']))
    say(`\n${url ? withoutPassword(url) : dataDir} holds the backup: ${totals(done.tables.map(one => one.found))}.`)
    say(laterOf(done))
    say('Start the service. What it had sent after the backup was made, it may send once more.')
  } finally {
    await session.close()
  }
}

const totalOf = (tables: Record<string, number>): number => Object.values(tables).reduce((sum, rows) => sum + rows, 0)

const laterOf = ({ migrated }: Restored): string =>
  migrated.length === 0 ? 'It is of this version.' : `Brought up to date by ${migrated.join(', ')}.`

/** Takes everything from the embedded database to a server's, which has to be empty. */
export async function move({ settings, clock, say }: Surroundings, { to }: { to: string }): Promise<void> {
  const { DATA_DIR: dataDir, DATABASE_URL: url } = settings
  if (url)
    throw new Permanent('moved', 'DATABASE_URL is set: the service runs on a server already.', {
      fix: 'To copy a server’s database, use npm run backup and npm run restore.',
    })
  needFolder(dataDir)
  const source = await folderSession(dataDir)
  const target = await serverSession(to, nameHere).catch(async error => {
    await source.close()
    throw error
  })
  try {
    await migrate(source)
    const { tables } = await restore(target, await dump(source, { at: clock.now(), database: 'embedded' }))
    say(comparedTable(tables, ['in the folder', 'on the server']))
    say(`\nMoved: ${totals(tables.map(one => one.found))}, equal on both sides. Now write into .env:\n`)
    say(`DATABASE_URL=${withoutPassword(to)}`)
    if (new URL(to).password) say('\nwith the password in the place of the …')
    say(`\nand start the service. ${embeddedFolder(dataDir)} was not changed: keep it until you have seen it run.`)
  } finally {
    await target.close()
    await source.close()
  }
}
