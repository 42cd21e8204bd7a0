import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../../src/db/lock.ts'
import type { DatabaseLook } from '../../src/db/look.ts'
import { judge } from '../../src/doctor/database.ts'
import { checkData } from '../../src/doctor/machine.ts'
import { Permanent } from '../../src/errors.ts'
import { type Env, Site } from './site.ts'

let site: Site
let right: Env
const closing: Array<() => unknown> = []
beforeEach(async () => {
  site = await Site.open()
  right = site.wecomEnv()
  site.deploy(right)
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await site.close()
})

async function listening(handle: RequestListener): Promise<string> {
  const server = createServer(handle)
  closing.push(() => server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return String((server.address() as AddressInfo).port)
}

const written = (name: string, text: string, folder = 'files'): string => {
  mkdirSync(join(site.dataDir, folder), { recursive: true })
  const file = join(site.dataDir, folder, name)
  writeFileSync(file, text)
  return file
}

const goodServer: DatabaseLook = {
  ...{ kind: 'server', version: 15, encoding: 'UTF8', readOnly: false, mayCreate: true, aheadMs: 59_000 },
  ...{ migrations: { applied: 3, missing: [] }, kept: null },
}

describe('the doctor and this machine', () => {
  it('names every fault of the configuration with the page where its value is, and looks at nothing else', async () => {
    const { WECOM_SECRET: _, ...without } = right
    const { journal, printed } = await site.examine({
      ...without,
      WECOM_AES_KEY: 'short',
      API_TOKEN: 'short',
      PORT: 'x',
    })
    expect(journal.findings.map(({ code, facts }) => [code, facts.name])).toEqual([
      ['config.wrong', 'PORT'],
      ['config.wrong', 'API_TOKEN'],
      ['config.wrong', 'WECOM_AES_KEY'],
      ['config.missing', 'WECOM_SECRET'],
    ])
    expect(journal.looked.map(({ name }) => name)).toEqual(['config'])
    expect(printed).toContain('✗ [config.missing] 没有写 WECOM_SECRET：PLATFORMS 里有 wecom，要用它。')
    expect(printed).toContain('在哪里找：管理后台 → 应用管理 → 自建 → 派工 → Secret。')
    expect(printed).toContain('WECOM_AES_KEY 写得不对：要一个或两个 43 个字符的密钥，两个用逗号隔开。')
  })

  it('a database’s address with a password that breaks it', async () => {
    const DATABASE_URL = 'postgresql://paigong:pass/nobody@may:see@127.0.0.1/x'
    const { journal, printed } = await site.examine({ ...right, DATABASE_URL })
    expect(journal.findings).toMatchObject([{ code: 'config.wrong', facts: { name: 'DATABASE_URL' } }])
    expect(printed).toContain('DATABASE_URL 写得不对：不是地址：用户名和密码里的 @')
    expect(printed).not.toContain('nobody@may')
  })

  it('a sandbox has no platform to look at, and nothing is wrong with it', async () => {
    const { journal } = await site.examine({ DATA_DIR: site.dataDir, PORT: '0' })
    expect(journal.findings).toEqual([])
    expect(journal.looked.map(({ name }) => name)).toEqual(['config', 'service', 'data'])
  })

  it('a folder that cannot be written to, and a disk that is nearly full', async () => {
    const file = written('no-folder', '')
    expect(await site.codes({ ...right, DATA_DIR: join(file, 'data') })).toContain('data.not-writable')
    const found: unknown[] = []
    await checkData(
      site.dataDir,
      (code, facts) => found.push([code, facts]),
      async () => 1_023,
    )
    await checkData(
      site.dataDir,
      (code, facts) => found.push([code, facts]),
      async () => 1_024,
    )
    expect(found).toEqual([['data.space-low', { folder: site.dataDir, free: 1_023 }]])
  })

  it('a port that another program has', async () => {
    const PORT = await listening((_, res) => res.end('<html>It works!</html>'))
    expect(await site.codes({ ...right, PORT })).toEqual(['service.port-taken'])
  })

  it('a port that somebody has who does not speak HTTP; and one that nobody has is free for the service', async () => {
    const server = createTcp(socket =>
      socket
        .on('error', () => {})
        .resume()
        .end('SSH-2.0-OpenSSH\r\n'),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const PORT = String((server.address() as AddressInfo).port)
    expect(await site.codes({ ...right, PORT })).toEqual(['service.port-taken'])
    await new Promise(resolve => server.close(resolve))
    expect(await site.codes({ ...right, PORT })).toEqual([])
  })

  it('a service that runs is asked for what it knows, and its bot is left to it', async () => {
    const month = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(site.clock.now()).slice(0, 7)
    const health = {
      ...{ ok: true, database: { ok: true, kind: 'embedded' }, engine: { lastBeatAt: null } },
      quotas: [{ platform: 'dingtalk', kind: 'calls', month, used: 4_500, limit: 5_000 }],
      problems: [{ code: 'dead-rows', what: '2 message(s) could not be delivered', fix: 'see the outbox' }],
    }
    const PORT = await listening((_, res) => res.writeHead(503).end(JSON.stringify(health)))
    const { journal, printed } = await site.examine({ ...right, PORT })
    expect(journal.findings.map(({ code, facts }) => [code, facts.problem])).toEqual([['service.problem', 'dead-rows']])
    expect(printed).toContain('正在运行的服务自己报告：2 message(s) could not be delivered（dead-rows）。')
    expect(journal.skipped.filter(({ why }) => why === 'running').map(({ name }) => name)).toEqual([
      ...['database', 'wecom-people', 'wecom-bot', 'wecom-robots'],
    ])
    const dingtalk = site.dingtalkEnv()
    site.deploy(dingtalk)
    expect(await site.codes({ ...dingtalk, PORT })).toEqual(['service.problem', 'dingtalk.quota-low'])
  })

  it('two instances on one embedded database', async () => {
    mkdirSync(join(site.dataDir, 'pg'))
    const release = await lockFolder(site.dataDir)
    const { journal } = await site.examine(right)
    await release()
    expect(journal.findings).toMatchObject([{ code: 'database.locked', facts: { pid: String(process.pid) } }])
  })

  it('an embedded database that does not open', async () => {
    mkdirSync(join(site.dataDir, 'pg'))
    writeFileSync(join(site.dataDir, 'pg', 'PG_VERSION'), '9\n')
    expect(await site.codes(right)).toEqual(['database.damaged'])
  })

  it.each([
    ['database.refused', '28P01', 'password authentication failed for user "paigong"'],
    ['database.absent', '3D000', 'database "paigong" does not exist'],
    ['database.unreachable', '53300', 'sorry, too many clients already'],
  ])('a server that says %s', async (code, sqlstate, message) => {
    const server = createTcp(socket => {
      socket.on('error', () => {})
      socket.once('data', () => {
        const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0\0`)
        const head = Buffer.alloc(5, 'E')
        head.writeInt32BE(fields.length + 4, 1)
        socket.end(Buffer.concat([head, fields]))
      })
    })
    closing.push(() => server.close())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const DATABASE_URL = `postgresql://paigong:pass-nobody-may-see@127.0.0.1:${(server.address() as AddressInfo).port}/paigong`
    const { journal, printed } = await site.examine({ ...right, DATABASE_URL })
    expect(journal.findings.map(one => one.code)).toEqual([code])
    expect(printed).not.toContain('pass-nobody-may-see')
  })

  it('a server that is not there', async () => {
    const DATABASE_URL = 'postgresql://paigong:pass-nobody-may-see@127.0.0.1:9/paigong'
    const { journal, printed } = await site.examine({ ...right, DATABASE_URL })
    expect(journal.findings).toMatchObject([{ code: 'database.unreachable', facts: { host: '127.0.0.1:9' } }])
    expect(printed).toContain('连不上数据库 127.0.0.1:9：ECONNREFUSED')
    expect(printed).not.toContain('pass-nobody-may-see')
  })

  it.each<[string, Partial<DatabaseLook>]>([
    ['database.old', { version: 12 }],
    ['database.encoding', { encoding: 'SQL_ASCII' }],
    ['database.read-only', { readOnly: true, mayCreate: false }],
    ['database.no-rights', { mayCreate: false }],
    ['database.clock', { aheadMs: -61_000 }],
  ])('a server of which %s is true', (code, more) => {
    const found: string[] = []
    judge(goodServer, { host: 'db' }, one => found.push(one))
    expect(found).toEqual([])
    judge({ ...goodServer, ...more }, { host: 'db' }, one => found.push(one))
    expect(found).toEqual([code])
  })

  it.each<[string, DatabaseLook['migrations']]>([
    ['database.behind', { applied: 3, missing: ['20991231000000_next'] }],
    ['database.newer', new Permanent('database-newer', 'newer')],
    ['database.changed', new Permanent('migration-changed', 'changed')],
    ['database.unfinished', new Permanent('migration-failed', 'unfinished')],
  ])('a schema that is %s', (code, migrations) => {
    const found: string[] = []
    judge({ ...goodServer, migrations: { applied: 0, missing: ['a first start'] } }, { host: 'db' }, one =>
      found.push(one),
    )
    expect(found).toEqual([])
    judge({ ...goodServer, migrations }, { host: 'db' }, one => found.push(one))
    expect(found).toEqual([code])
  })

  it('rule books and the teams file are read as the service reads them', async () => {
    const POLICY_DIR = join(site.dataDir, 'files')
    written(
      'default.yaml',
      'name: default\nversion: 1\nclocks: [{ kind: contact, start: dispatched, stop: contacted, within: soon }]',
    )
    const TEAMS_FILE = written('teams.yaml', 'teams: [{ people: [] }]', 'teams')
    const { journal } = await site.examine({ ...right, POLICY_DIR, TEAMS_FILE: `${TEAMS_FILE}` })
    const [rules, ...teams] = journal.findings
    expect(rules).toMatchObject({ code: 'rules.unreadable', facts: { why: expect.stringContaining('default.yaml:3') } })
    expect(teams[0]).toMatchObject({ code: 'teams.unreadable', facts: { why: expect.stringContaining(TEAMS_FILE) } })
    expect(await site.codes({ ...right, POLICY_DIR: join(POLICY_DIR, 'none') })).toEqual(['rules.unreadable'])
    expect(await site.codes({ ...right, TEAMS_FILE: join(POLICY_DIR, 'none.yaml') })).toEqual(['teams.unreadable'])
  })

  it('a case of a rule book that does not come out', async () => {
    written(
      'default.yaml',
      `name: default
version: 1
clocks: [{ kind: contact, start: dispatched, stop: contacted, within: 2h }]
cases: [{ name: 两小时, facts: ["2026-11-25 09:00 派单"], expect: [[联系, "2026-11-25 12:00"]] }]`,
    )
    const { journal } = await site.examine({ ...right, POLICY_DIR: join(site.dataDir, 'files') })
    expect(journal.findings).toMatchObject([{ code: 'rules.case', facts: { book: 'default', case: '两小时' } }])
  })
})
