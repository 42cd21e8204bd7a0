import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export const names = ['kill', 'database', 'disk', 'platform', 'clock', 'pair', 'three'] as const
export type Name = (typeof names)[number]

export const usage = `npm run chaos -- [--quick] [--only kill,database,…] [--seed N] [--kills 300] [--postgres URL] [--no-embedded]
                 [--seconds 60] [--restart-postgres CMD] [--logs FOLDER]

  --quick             a handful of faults, five kills at most
  --only              some of ${names.join(', ')}
  --seed              repeats the moments of an earlier run; printed at the start
  --kills             how often the service is killed on each database (default 300)
  --seconds           how long the other faults go on (default 60)
  --postgres          a server on which it may create a database (default: DATABASE_URL, if set)
  --no-embedded       not on the embedded database
  --logs              a folder in which what every instance printed is kept
  --restart-postgres  a command that restarts that server; without it the server itself is left running

Ends with 1 when a promise was broken, and prints the rows; with 2 when it was asked for nothing it knows.`

export interface Options {
  only: readonly Name[]
  seed: number
  kills: number
  seconds: number
  quick: boolean
  server: string | undefined
  embedded: boolean
  restartPostgres: string | undefined
  logs: string | undefined
}

export function readOptions(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ only: { type: 'string' }, seed: { type: 'string' }, kills: { type: 'string', default: '300' } },
        ...{ seconds: { type: 'string', default: '60' }, quick: { type: 'boolean', default: false } },
        ...{ postgres: { type: 'string' }, 'no-embedded': { type: 'boolean', default: false } },
        ...{ 'restart-postgres': { type: 'string' }, logs: { type: 'string' } },
      },
    })
    const wanted = values.only?.split(',') ?? names
    const only = names.filter(name => wanted.includes(name))
    const [seed, kills, seconds] = [values.seed ?? randomInt(1e9), values.kills, values.seconds].map(Number)
    if (only.length === 0 || only.length < wanted.length) return null
    if (!isCount(seed) || !isCount(kills) || !isCount(seconds)) return null
    return {
      ...{ only, seed, kills, seconds, quick: values.quick, embedded: !values['no-embedded'] },
      server: values.postgres ?? (process.env.DATABASE_URL || undefined),
      ...{ restartPostgres: values['restart-postgres'], logs: values.logs },
    }
  } catch {
    return null
  }
}

const isCount = (given: number | undefined): given is number =>
  given !== undefined && Number.isInteger(given) && given >= 0
