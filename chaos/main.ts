import { EventEmitter } from 'node:events'
import { onServer } from '../test/support/global.ts'
import { killAll } from '../test/support/service.ts'
import { readOptions, usage } from './options.ts'
import { Random } from './random.ts'
import { drawTable, failed, machine, type Report, tell } from './report.ts'
import { scenarios } from './scenarios.ts'
import { enough, keepLogs } from './stage.ts'

let asked = false

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (!options) {
    console.error(usage)
    return 2
  }
  const version = options.server
    ? await onServer(options.server, sql => sql(`SELECT split_part(version(), ' ', 2) AS "v"`)).then(([row]) => row?.v)
    : undefined
  console.log(`seed ${options.seed} · ${machine()}${version ? `, PostgreSQL ${version}` : ''}`)
  if (options.logs) keepLogs(options.logs)
  const random = new Random(options.seed)
  const reports: Report[] = []
  const impossible: string[] = []
  for (const { name, database, play } of scenarios(options)) {
    const started = performance.now()
    console.log(`\n${name} on ${database}`)
    const outcome = await play(random.branch())
    if ('impossible' in outcome) {
      impossible.push(`${name} on ${database} was not possible here: ${outcome.impossible}`)
      console.log(`  not possible here: ${outcome.impossible}`)
      continue
    }
    const report = { name, database, seconds: (performance.now() - started) / 1000, ...outcome }
    reports.push(report)
    console.log(tell(report))
  }
  console.log(`\n${drawTable(reports)}`)
  for (const line of impossible) console.log(line)
  const broken = reports.filter(failed)
  console.log(`\nseed ${options.seed}: ${reports.length - broken.length} scenarios held, ${broken.length} broken`)
  return broken.length > 0 ? 1 : 0
}

// Asked once it makes an end of it and says what it saw until then; asked twice it ends at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (asked) process.exit(130)
    asked = true
    enough()
  })
// Every simulated person who waits listens to the end of the platform.
EventEmitter.defaultMaxListeners = 1_000

void main()
  .catch(async (error: unknown) => {
    await killAll()
    console.error(error instanceof Error ? error.stack : error)
    return 1
  })
  // A simulated person may still wait for what nobody will say any more.
  .then(code => process.exit(code))
