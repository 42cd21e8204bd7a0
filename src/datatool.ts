import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { backup, move, restoreFrom, type Surroundings } from './backup/command.ts'
import { readKey } from './backup/key.ts'
import { settings } from './config.ts'
import { Invalid, Permanent } from './errors.ts'
import { systemClock } from './now.ts'

/**
 * `npm run backup`, `npm run restore`, `npm run move`. Ends with 0 when it is done, with 1 when it can't be, with 2 when it
 * was called wrongly.
 */
const usages: Readonly<Record<string, string>> = {
  backup: `Writes everything in the database to one file. The service may go on running.

  npm run backup -- --to FILE [--key-file K]

It is the database of DATABASE_URL, else the embedded one in DATA_DIR, from .env or the environment.`,
  restore: `Puts what a backup holds into the database. The service has to be stopped.

  npm run restore -- --from FILE [--key-file K] [--replace]

--replace: the database is not empty, and all that is in it may go.`,
  move: `Takes everything from the embedded database to a PostgreSQL server. The service has to be stopped.

  npm run move -- --to postgresql://user:password@host/database

That database has to be empty. The password may be left out and given as PGPASSWORD.`,
}
const keyNote = `
K is a file with 32 random bytes (head -c 32 /dev/urandom > backup.key), or with a passphrase. Keep it elsewhere than the
backups: without it nobody can read them.`

class Wrong extends Error {}

const options = {
  backup: { to: { type: 'string' }, 'key-file': { type: 'string' } },
  restore: { from: { type: 'string' }, 'key-file': { type: 'string' }, replace: { type: 'boolean' } },
  move: { to: { type: 'string' } },
} as const

function argued<K extends keyof typeof options>(name: K, args: string[]) {
  try {
    return parseArgs({ options: options[name], args, strict: true }).values as Record<string, string | boolean>
  } catch (error) {
    throw new Wrong((error as Error).message)
  }
}

function needed(values: Record<string, string | boolean>, name: string): string {
  const value = values[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Wrong(`--${name} is missing`)
}

const keyOf = async (values: Record<string, string | boolean>) =>
  values['key-file'] === undefined ? null : readKey(needed(values, 'key-file'))

/** The settings these commands need; faults of others are the service's to tell. @throws Invalid */
function read(env: NodeJS.ProcessEnv): Surroundings['settings'] {
  const { DATABASE_URL, DATA_DIR, PORT, API_TOKEN } = settings.shape
  const shape = settings.pick({ DATABASE_URL: true, DATA_DIR: true, PORT: true, API_TOKEN: true })
  const names = Object.keys({ DATABASE_URL, DATA_DIR, PORT, API_TOKEN })
  const parsed = shape.safeParse(Object.fromEntries(names.map(name => [name, env[name] || undefined])))
  if (parsed.success) return parsed.data
  throw new Invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'))
}

async function main([name = '', ...args]: string[]): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const around: Surroundings = { settings: read(process.env), clock: systemClock, say: text => console.log(text) }
  if (name === 'backup') {
    const values = argued(name, args)
    return backup(around, { to: needed(values, 'to'), key: await keyOf(values) })
  }
  if (name === 'restore') {
    const values = argued(name, args)
    const from = needed(values, 'from')
    return restoreFrom(around, { from, key: await keyOf(values), replace: values.replace === true })
  }
  if (name !== 'move') throw new Wrong(`there is no command "${name}"`)
  const to = needed(argued(name, args), 'to')
  if (!/^postgres(ql)?:\/\//.test(to)) throw new Wrong('--to must begin with postgresql://')
  return move(around, { to })
}

const [name = ''] = process.argv.slice(2)
main(process.argv.slice(2)).catch(error => {
  if (error instanceof Wrong) {
    const usage = usages[name]
    console.error(
      `${error.message}\n\n${usage ? `${usage}${name === 'move' ? '' : `\n${keyNote}`}` : Object.values(usages).join('\n\n')}`,
    )
    process.exitCode = 2
    return
  }
  const fix = error instanceof Permanent && error.fix ? `\n${error.fix}` : ''
  const known = error instanceof Permanent || error instanceof Invalid
  console.error(known ? `${error.message}${fix}` : (error?.stack ?? error))
  process.exitCode = 1
})
