import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { examine } from './doctor/doctor.ts'
import { asJson, hiding, inWords } from './doctor/print.ts'
import { systemClock } from './now.ts'
import { checkupsOf, exchange } from './wiring.ts'

/**
 * `npm run doctor` looks at everything an operator can have set wrong and says what to do about each.
 * Ends with 0 when nothing was found, with 1 when something was, with 2 when it could not look.
 */
const usage =
  'npm run doctor -- [--lang zh|en] [--json]\n  --lang en  in English (Chinese otherwise)\n  --json     for programs'

/** The one company of a deployment, as the service has it. */
const company = 'main'

function asked(): { language: 'zh' | 'en'; json: boolean } | null {
  try {
    const { values } = parseArgs({
      options: { lang: { type: 'string', default: 'zh' }, json: { type: 'boolean', default: false } },
    })
    return values.lang === 'zh' || values.lang === 'en' ? { language: values.lang, json: values.json } : null
  } catch {
    return null
  }
}

async function main(): Promise<number> {
  const options = asked()
  if (!options) {
    process.stderr.write(`${usage}\n`)
    return 2
  }
  const { language, json } = options
  if (existsSync('.env')) process.loadEnvFile('.env')
  const journal = await examine(process.env, { clock: systemClock, exchange, company, checkups: checkupsOf, language })
  const hide = hiding(process.env)
  process.stdout.write(json ? asJson(journal, language, hide) : inWords(journal, language, hide))
  return journal.findings.length === 0 ? 0 : 1
}

main().then(
  code => {
    process.exitCode = code
  },
  (error: unknown) => {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`${hiding(process.env)(told)}\n`)
    process.exitCode = 2
  },
)
