import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readMigrations, schemaDiff } from './schema.mjs'

const usage = `Writes a migration from prisma/schema.prisma.

  npm run migration -- add_ratings       what changed since the migrations there are
  npm run migration -- --reset start     throws all migrations away and writes one that builds everything
                                         (only before anything was released: databases in use refuse it)

Restart the service to apply it.`

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'prisma/migrations')

function stamp() {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14)
}

async function main() {
  const { values, positionals } = parseArgs({ options: { reset: { type: 'boolean' } }, allowPositionals: true })
  const name = positionals[0]
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name) || positionals.length > 1) {
    console.error(usage)
    return 2
  }
  const old = readMigrations(folder)
  const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8')
  const sql = await schemaDiff({ migrations: values.reset ? [] : old, schema })
  if (!sql) {
    console.log('Nothing to write: schema and migrations agree.')
    return 0
  }
  if (values.reset) for (const migration of old) rmSync(join(folder, migration.name), { recursive: true })
  const target = `${stamp()}_${name}`
  mkdirSync(join(folder, target), { recursive: true })
  writeFileSync(join(folder, target, 'migration.sql'), sql)
  writeFileSync(
    join(folder, 'migration_lock.toml'),
    '# Read by `prisma migrate`: which database the migrations are written for.\nprovider = "postgresql"\n',
  )
  console.log(
    `Written: prisma/migrations/${target}/migration.sql (${sql.split('\n').length} lines). Read it before you commit it.`,
  )
  return 0
}

process.exitCode = await main()
