import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { projectRoot } from '../../src/root.ts'
import { onServer } from '../support/global.ts'
import {
  builtService,
  type Ended,
  eventually,
  killAll,
  newFolder,
  newPlace,
  Outside,
  type Place,
  run,
  Service,
  serverPlace,
  teamsFile,
  token,
} from '../support/process.ts'

const tool = join(projectRoot, 'dist/data/main.js')
const base = inject('testBase')

let outside: Outside
const places: Place[] = []
let folder: string
let keyFile: string

beforeAll(() => builtService(['--tools']))
beforeEach(async () => {
  outside = await Outside.open()
  folder = newFolder()
  keyFile = join(folder, 'backup.key')
  writeFileSync(keyFile, Buffer.alloc(32, 201))
})
afterEach(async () => {
  await killAll()
  await outside.close()
  for (const place of places.splice(0)) await place.remove()
})

async function place(make: () => Promise<Place> = newPlace): Promise<Place> {
  const made = await make()
  places.push(made)
  return made
}

async function start(at: Place): Promise<Service> {
  const service = await Service.start({ ...outside.env(), ...at.env, TEAMS_FILE: teamsFile() })
  outside.doors = [service.url]
  return service
}

const command = (at: Place, args: string[], more: Record<string, string> = {}): Promise<Ended> =>
  run([tool, ...args], { TZ: 'UTC', API_TOKEN: token, ...at.env, ...more })

/** Opens orders; 张三 takes each. Returns their codes. */
async function worked(service: Service, count: number): Promise<string[]> {
  const codes: string[] = []
  for (let nr = 0; nr < count; nr++) {
    const code = await service.order('张三')
    codes.push(code)
    expect(await outside.say('zhangsan', `接单 ${code}`)).not.toBe('failed')
  }
  return codes
}

/** The service goes on from there: what was is there, and the next number is the next one. */
async function goesOn(at: Place, codes: readonly string[], done = codes): Promise<void> {
  const service = await start(at)
  for (const code of done)
    expect((await service.timeline(code)).map(({ fact }) => fact)).toEqual(['created', 'dispatched', 'accepted'])
  const next = await service.order('李四')
  expect(Number(next)).toBe(Number(codes.at(-1)) + 1)
  await eventually(() => expect(outside.cards('lisi').some(({ text }) => text.includes(next))).toBe(true))
  expect(service.errors).toEqual([])
  expect((await service.kill('SIGTERM')).code).toBe(0)
}

describe('npm run backup, npm run restore', () => {
  it('take what a running service has, and put it into a new database from which it goes on', async () => {
    const from = await place()
    const service = await start(from)
    const { port } = new URL(service.url)
    const codes = await worked(service, 3)
    const file = join(folder, 'one.backup')
    // Work goes on meanwhile.
    const [made, later] = await Promise.all([
      command(from, ['backup', '--to', file, '--key-file', keyFile], { PORT: port }),
      worked(service, 2),
    ])
    expect(made.output).toMatch(/^Order +\d+ +[0-9a-f]{16}$/m)
    expect(made.output).toMatch(/one\.backup: \d+ rows in \d+ tables, [\d.]+ \w+, encrypted, read again and good\.$/m)
    expect(made.code).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const [first = ''] = readFileSync(file, 'latin1').split('\n')
    expect(JSON.parse(first)).toMatchObject({ format: 'paigong-backup', seal: { key: { from: 'file' } } })
    expect(readFileSync(file).includes('13800001234')).toBe(false)
    // The copy that was read is gone, and was never more than that.
    const copy = join(from.env.DATA_DIR ?? folder, 'pg.copy')
    await eventually(() => expect(existsSync(copy)).toBe(false))
    expect(service.errors).toEqual([])

    // It may not be put where a service runs, and not without the key.
    const running = await command(from, ['restore', '--from', file, '--key-file', keyFile, '--replace'])
    expect(running).toMatchObject({ code: 1, output: expect.stringMatching(/in use by|The service runs on/) })
    const to = await place()
    const keyless = await command(to, ['restore', '--from', file])
    expect(keyless).toMatchObject({ code: 1, output: expect.stringContaining('Give it with --key-file.') })
    expect((await service.kill('SIGTERM')).code).toBe(0)

    const done = await command(to, ['restore', '--from', file, '--key-file', keyFile])
    expect(done.output).toMatch(/^Order +(\d+) +\1 +([0-9a-f]{16}) +\2 +equal$/m)
    expect(done.output).not.toContain('DIFFERENT')
    expect(done.code).toBe(0)
    const db = await to.open()
    const known = (await db.prisma.order.findMany({ orderBy: { code: 'asc' } })).map(({ code }) => code)
    await db.close()
    // What was there when it was asked for, and nothing in part.
    expect(known).toEqual([...codes, ...later].slice(0, known.length))
    expect(known.length).toBeGreaterThanOrEqual(codes.length)
    await goesOn(to, known, codes)
  })

  it('say what is wrong, and how it is mended', async () => {
    const at = await place()
    const nothing = await command(at, ['restore', '--from', join(folder, 'nothing')])
    expect(nothing).toMatchObject({ code: 1, output: expect.stringContaining('There is no file') })
    const wrong = await command(at, ['backup'])
    expect(wrong).toMatchObject({
      code: 2,
      output: expect.stringMatching(/^--to is missing\n\n.*\n\n {2}npm run backup/s),
    })
    // A server's database has no tables before the service was there.
    await (await at.open()).close()
    const missing = join(folder, 'nowhere', 'x.backup')
    const nowhere = await command(at, ['backup', '--to', missing])
    expect(nowhere).toMatchObject({ code: 1, output: expect.stringContaining(`${missing} can't be written: ENOENT.`) })
    const odd = await command(at, ['backup', '--too', 'x'])
    expect(odd).toMatchObject({ code: 2, output: expect.stringContaining("'--too'") })
    const away = await command({ ...at, env: { DATABASE_URL: 'postgresql://a:hidden@127.0.0.1:1/x' } }, [
      'backup',
      '--to',
      join(folder, 'x'),
    ])
    expect(away).toMatchObject({ code: 1, output: expect.stringContaining("can't be used") })
    expect(away.output).not.toContain('hidden')
    for (const { output } of [nothing, wrong, nowhere, odd, away]) expect(output).not.toMatch(/\n\s+at /)
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })
})

if (base.kind === 'postgres')
  describe('npm run move', () => {
    it('takes everything from the folder to a server, equal on both sides, and says what to write into .env', async () => {
      const from: Place = {
        env: { DATA_DIR: newFolder() },
        open: async () => expect.fail('not needed'),
        remove: async () => {},
      }
      const service = await start(from)
      const codes = await worked(service, 3)
      const to = await place(() => serverPlace(base.server))
      const url = to.env.DATABASE_URL ?? ''
      const tooEarly = await command(from, ['move', '--to', url])
      expect(tooEarly).toMatchObject({ code: 1, output: expect.stringContaining(`pid ${service.pid}`) })
      expect((await service.kill('SIGTERM')).code).toBe(0)

      const moved = await command(from, ['move', '--to', url])
      expect(moved.output).toMatch(/^Order +3 +3 +([0-9a-f]{16}) +\1 +equal$/m)
      expect(moved.output).not.toContain('DIFFERENT')
      expect(moved.output).toMatch(/^Moved: \d+ rows in \d+ tables, equal on both sides\./m)
      expect(moved.output).toContain(`\nDATABASE_URL=${url}\n`)
      expect(moved.code).toBe(0)
      const again = await command(from, ['move', '--to', url])
      expect(again).toMatchObject({ code: 1, output: expect.stringMatching(/^The database is not empty/) })

      // Back again by way of a file, since nobody should be locked in.
      const file = join(folder, 'server.backup')
      expect((await command(to, ['backup', '--to', file])).code).toBe(0)
      await goesOn(to, codes)
      const back: Place = { ...from, env: { DATA_DIR: newFolder() } }
      const restored = await command(back, ['restore', '--from', file])
      expect(restored.output).toMatch(/^Order +3 +3 +([0-9a-f]{16}) +\1 +equal$/m)
      expect(restored.code).toBe(0)
      const [{ n } = { n: -1 }] = (await onServer(url, sql => sql('SELECT count(*)::int AS n FROM "Order"'))) as Array<{
        n: number
      }>
      expect(n).toBe(4)
    })
  })
