import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { PrismaPGlite } from 'pglite-prisma-adapter'

let engine

/** Prisma's schema engine as WebAssembly: it comes with `npm ci`, where the native one has to be downloaded. */
function loadEngine() {
  engine ??= instantiate()
  return engine
}

async function instantiate() {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const folder = dirname(fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm')))
  const wasm = readFileSync(join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue.SchemaEngine
}

/** Migrations of a folder, oldest first. */
export function readMigrations(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => ({ name: entry.name, sql: readFileSync(join(folder, entry.name, 'migration.sql'), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A database the engine may build the migrations in, instead of starting two of its own. */
function adapterOn(pglite) {
  const factory = new PrismaPGlite(pglite)
  factory.connectToShadowDb = () => factory.connect()
  return bindMigrationAwareSqlAdapterFactory(factory)
}

/**
 * SQL that leads from the database the migrations produce to the one the schema describes; empty when they agree.
 *
 * @param {{ migrations: Array<{ name: string, sql: string }>, schema: string, empty?: PGlite }} input
 *   `empty`: a database without tables, which is used up and closed
 * @returns {Promise<string>}
 */
export async function schemaDiff({ migrations, schema, empty }) {
  const Engine = await loadEngine()
  const pglite = empty ?? (await PGlite.create('memory://'))
  const engine = await Engine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapterOn(pglite))
  try {
    const { stdout } = await engine.diff({
      from: {
        tag: 'migrations',
        baseDir: '/',
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    const sql = (stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : `${sql}\n`
  } finally {
    engine.free()
    await pglite.close()
  }
}
