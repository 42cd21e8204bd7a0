import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import {
  builtService,
  embeddedPlace,
  eventually,
  killAll,
  newFolder,
  newPlace,
  Outside,
  type Place,
  refused,
  Service,
  teamsFile,
} from '../support/process.ts'

let outside: Outside
const places: Place[] = []

beforeAll(() => builtService())
beforeEach(async () => {
  outside = await Outside.open()
})
afterEach(async () => {
  await killAll()
  await outside.close()
  for (const place of places.splice(0)) await place.remove()
})

async function kept(make: () => Promise<Place> = newPlace): Promise<Place> {
  const place = await make()
  places.push(place)
  return place
}

/** An embedded database, whatever the other tests run on. */
async function embedded(): Promise<Record<string, string>> {
  const base = inject('testBase')
  return base.kind === 'embedded' ? (await kept(() => embeddedPlace(base.snapshot))).env : { DATA_DIR: newFolder() }
}

describe('the process', () => {
  it('asked to end, finishes what it is sending, and ends with 0', async () => {
    const place = await kept()
    const service = await Service.start({ ...outside.env({ bot: true }), ...place.env, TEAMS_FILE: teamsFile() })
    outside.doors = [service.url]
    await eventually(() => expect(outside.sandbox.state().botOnline).toBe(true))
    outside.sandbox.fail({ api: 'message/send', hangMs: 1_500 })
    await service.order('张三')
    await eventually(async () => {
      expect((await service.api<{ items: object[] }>('GET', '/outbox?status=sending')).body.items).toHaveLength(1)
    })
    expect(outside.cards('zhangsan')).toEqual([])

    const asked = performance.now()
    const { code, output } = await service.kill('SIGTERM')
    expect(performance.now() - asked).toBeLessThan(20_000)
    expect({ code, errors: service.errors }).toEqual({ code: 0, errors: [] })
    expect(output).toContain('"msg":"stopped"')
    for (const secret of outside.secrets) expect(output).not.toContain(secret)
    expect(outside.sandbox.state().botOnline).toBe(false)
    expect(outside.cards('zhangsan')).toHaveLength(1)
    const db = await place.open()
    const rows = await db.prisma.outbox.findMany({ select: { status: true } })
    const leases = await db.prisma.lease.count()
    await db.close()
    expect({ rows, leases }).toEqual({ rows: [{ status: 'sent' }], leases: 0 })
  })

  it('refuses a folder and a port that another process has, and says which', async () => {
    const env = { ...outside.env(), ...(await embedded()) }
    const service = await Service.start(env)
    const sameFolder = await refused({ ...env, PORT: '0' })
    expect(sameFolder.code).toBe(1)
    expect(sameFolder.output).toMatch(new RegExp(`^The embedded database in .* is in use by .* pid ${service.pid}\\.`))
    expect(sameFolder.output).toContain('DATABASE_URL')

    const port = new URL(service.url).port
    const samePort = await refused({ ...env, ...(await embedded()), HOST: '127.0.0.1', PORT: port })
    expect(samePort).toMatchObject({
      code: 1,
      output: `Port ${port} is in use. Stop the other program, or set PORT to another number.\n`,
    })
    for (const { output } of [sameFolder, samePort]) expect(output).not.toMatch(/\n\s+at /)
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
  })

  it('names all faults of its configuration at once, and no secret', async () => {
    const given = { ...outside.env(), PORT: '99999', LOG_LEVEL: 'loud', WECOM_CORP_ID: '', WECOM_AES_KEY: 'too-short' }
    const { code, output } = await refused({ ...given, DATABASE_URL: 'mysql://user:hidden-password@host/db' })
    expect(code).toBe(1)
    expect(output).toMatch(/^The configuration has 5 fault\(s\):\n/)
    for (const name of ['PORT', 'LOG_LEVEL', 'WECOM_CORP_ID', 'WECOM_AES_KEY', 'DATABASE_URL'])
      expect(output).toMatch(new RegExp(`^  ${name}: .+`, 'm'))
    for (const secret of [...outside.secrets, 'too-short', 'hidden-password']) expect(output).not.toContain(secret)
    expect(output.trim().split('\n')).toHaveLength(6)
  })
})
