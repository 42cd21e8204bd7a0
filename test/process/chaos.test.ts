import { execFile } from 'node:child_process'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { builtService } from '../support/process.ts'

beforeAll(() => builtService())

function chaos(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise(done => {
    const env = { ...process.env, DATABASE_URL: '' }
    execFile(process.execPath, ['scripts/chaos.mjs', ...args], { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, said: stdout + stderr })
    })
  })
}

/** Looked at something, and found nothing broken. */
const held = (what: string): RegExp => new RegExp(`^\\|.*\\| ${what} \\| [1-9]\\d* \\| 0 \\|`, 'm')

describe('npm run chaos -- --quick', () => {
  it('keeps what was acknowledged, once, and says what is due, in order', { timeout: 300_000 }, async () => {
    const base = inject('testBase')
    const where = base.kind === 'postgres' ? ['--no-embedded', '--postgres', base.server] : []
    const { code, said } = await chaos('--quick', '--kills', '2', '--seed', '8', ...where)
    expect(code, said).toBe(0)
    expect(said).toMatch(/^seed 8 · /)
    expect(said).toMatch(base.kind === 'postgres' ? /ended by the server 1×/ : /2 times SIGKILL/)
    expect(said).toMatch(held('acknowledged taps and sentences are one fact each'))
    expect(said).toMatch(held('answers 201 have their order, one for each key'))
    expect(said).toMatch(held('orders have one holder, and the journal says who'))
    expect(said).toMatch(held('confirmed leave is one request, granted once'))
    expect(said).toMatch(held('messages that were due are out'))
    expect(said).toMatch(held('messages of a lane went out in its order'))
    expect(said).toMatch(held('months are published once and locked once, slips add up'))
    expect(said).toMatch(held('points of the ledger add up to their books'))
    expect(said).toMatch(held('what people began came to its end'))
  })

  it('says how it is used when it is asked for what it does not know', async () => {
    expect(await chaos('--only', 'flood')).toEqual({
      code: 2,
      said: expect.stringContaining('npm run chaos -- [--quick]'),
    })
    expect((await chaos('--kills', 'many')).code).toBe(2)
  })
})
