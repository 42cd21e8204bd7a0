import type { Language } from './finding.ts'
import { lookNames, say, whyNotWords } from './findings.ts'
import type { Journal } from './report.ts'

const words = {
  zh: {
    fix: '怎么改：',
    good: '没有发现问题。',
    bad: (count: number) => `发现 ${count} 个问题，从上往下改，改完再查一遍。`,
    rest: '设置改好以前，别的都没有查。',
    looked: (count: number) => `查了 ${count} 项。`,
    skipped: '没有查：',
  },
  en: {
    fix: 'Fix: ',
    good: 'Nothing was found.',
    bad: (count: number) => `${count} finding(s): mend them from the top, then look again.`,
    rest: 'Nothing else was looked at before the configuration is mended.',
    looked: (count: number) => `Looked at ${count} thing(s).`,
    skipped: 'Not looked at: ',
  },
}

/** Replaces every secret: nothing the doctor prints may hold one, whatever a server said. */
export type Hide = (text: string) => string

/** For people: two lines to each finding. */
export function inWords({ findings, looked, skipped }: Journal, language: Language, hide: Hide): string {
  const { fix, good, bad, rest, looked: counted, skipped: left } = words[language]
  const told = findings.flatMap(finding => {
    const [what, how] = say(finding, language)
    return [`✗ [${finding.code}] ${what}`, `  ${fix}${how}`, '']
  })
  const checked = looked.map(({ name, good: fine }) => `${fine ? '✓' : '✗'} ${lookNames[name][language]}`)
  const not = skipped.map(({ name, why }) => `- ${left}${lookNames[name][language]} (${whyNotWords[why][language]})`)
  const unread = looked.length === 1 && findings.length > 0
  const end = findings.length === 0 ? good : bad(findings.length)
  return hide([...told, ...checked, ...not, '', `${counted(looked.length)}${unread ? rest : ''}${end}`, ''].join('\n'))
}

/** For programs: the same as one JSON object. */
export function asJson({ findings, looked, skipped }: Journal, language: Language, hide: Hide): string {
  const told = findings.map(finding => {
    const [what, fix] = say(finding, language)
    return { code: finding.code, what, fix, facts: finding.facts }
  })
  return hide(`${JSON.stringify({ ok: findings.length === 0, findings: told, looked, skipped }, null, 2)}\n`)
}

/** Settings that are secrets, and the password in the database's address, wherever they turn up. */
export function hiding(env: Record<string, string | undefined>): Hide {
  const secrets = Object.entries(env).flatMap(([name, value = '']) => {
    if (/SECRET|TOKEN|AES_KEY|PASSWORD/.test(name)) return value.split(',').map(part => part.trim())
    if (name !== 'DATABASE_URL') return []
    if (!URL.canParse(value)) return [value]
    const { password } = new URL(value)
    return [password, decodeURIComponent(password)]
  })
  const long = secrets.filter(secret => secret.length >= 6).sort((a, b) => b.length - a.length)
  return text => long.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text)
}
