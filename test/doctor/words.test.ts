import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FindingCode } from '../../src/doctor/finding.ts'
import { findings, say } from '../../src/doctor/findings.ts'
import { hiding, inWords } from '../../src/doctor/print.ts'
import { Journal } from '../../src/doctor/report.ts'
import { complaintIn, whereIs } from '../../src/doctor/settingwords.ts'
import { projectRoot } from '../../src/root.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
const codes = Object.keys(findings) as FindingCode[]

/** The row of docs/doctor.md for a finding. */
const row = (code: FindingCode): string => {
  const { zh, en } = findings[code]
  return `| \`${code}\` | ${zh[0]}<br>${en[0]} | ${zh[1]}<br>${en[1]} |`
}

describe('what the doctor says', () => {
  it('stands in docs/doctor.md word for word, and nothing else does', () => {
    const [, table = ''] = read('docs/doctor.md').split('Every finding\n')
    const rows = table.split('\n').filter(line => line.startsWith('| `'))
    expect(rows).toEqual(codes.map(row))
  })

  it('tells the same facts in both languages', () => {
    const facts = (texts: readonly string[]) => [...new Set(texts.join(' ').match(/\{[\w-]+\}/g) ?? [])].sort()
    for (const code of codes) expect([code, ...facts(findings[code].en)]).toEqual([code, ...facts(findings[code].zh)])
  })

  it('is one line for what is wrong and one for what to do, without a gap where a fact is missing', () => {
    for (const code of codes)
      for (const language of ['zh', 'en'] as const)
        for (const text of say({ code, facts: {} }, language)) expect(text).toMatch(/^[^\n{}]+$/)
    expect(say({ code: 'teams.unreadable', facts: { why: 'one\n  two' } }, 'en')[0]).toContain('one two')
  })

  it('has every finding seeded by a test', () => {
    const tests = readdirSync(join(projectRoot, 'test/doctor')).filter(name => name !== 'words.test.ts')
    const sources = tests.map(name => read(`test/doctor/${name}`)).join('\n')
    expect(codes.filter(code => !sources.includes(`'${code}'`))).toEqual([])
  })

  it('names a page of a console in every fix that is a platform’s', () => {
    const elsewhere = ['unreachable', 'limited', 'refused', 'bot-unreachable', 'group-robot']
    const ofPlatforms = codes.filter(code => /^(wecom|dingtalk)\./.test(code))
    const without = ofPlatforms.filter(code => !/(后台|应用页|卡片平台).*→/.test(findings[code].zh[1]))
    expect(without.filter(code => !elsewhere.includes(code.split('.')[1] ?? ''))).toEqual([])
  })

  it('says the complaints of the configuration in Chinese, each of them', () => {
    const source = read('src/config.ts')
    const quoted = [...source.matchAll(/'((?:must|is) [^']{8,})'|`(is missing: |is on, [^`]*)`/g)].map(
      ([, text]) => text,
    )
    const messages = quoted.filter(text => text !== undefined)
    expect(messages.length).toBeGreaterThan(12)
    expect(messages.filter(text => complaintIn('zh', text) === text)).toEqual([])
    const reasons = [...source.matchAll(/need\(\s*\[[^\]]*\],\s*'([^']+)'/g)].map(([, text]) => text ?? '')
    expect(reasons.length).toBeGreaterThan(4)
    expect(reasons.filter(text => complaintIn('zh', text) === text)).toEqual([])
  })

  it('knows where every credential is found', () => {
    const names = [...read('src/config.ts').matchAll(/^ {2}((?:WECOM|DINGTALK)_\w*(?:ID|SECRET|TOKEN|KEY|CODE)): /gm)]
    const unknown = names.map(([, name = '']) => name).filter(name => whereIs(name, 'zh').startsWith('.env.example'))
    expect(unknown).toEqual(['DINGTALK_CARD_TEMPLATE_ID', 'DINGTALK_LEAVE_PROCESS_CODE'])
  })

  it('hides whatever a server repeats of a secret', () => {
    const journal = new Journal()
    journal.findings.push({
      code: 'wecom.refused',
      facts: { api: 'x', errcode: 1, errmsg: 'secret-one and former-two and p@ss-word/p%40ss-word' },
    })
    const env = {
      ...{ WECOM_SECRET: 'secret-one', DINGTALK_CLIENT_SECRET: 'new-three,former-two' },
      DATABASE_URL: 'postgresql://me:p%40ss-word@db/x',
    }
    const printed = inWords(journal, 'zh', hiding(env))
    expect(printed).toContain('1 [secret] and [secret] and [secret]/[secret]')
  })
})
