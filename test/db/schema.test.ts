import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readMigrations, schemaDiff } from '../../scripts/schema.mjs'
import { projectRoot } from '../../src/root.ts'
import { emptyPGlite } from '../support/db.ts'

const migrations = readMigrations(join(projectRoot, 'prisma/migrations'))
const schema = readFileSync(join(projectRoot, 'prisma/schema.prisma'), 'utf8')

it('schema.prisma and the migrations agree (if not: npm run migration -- NAME)', async () => {
  expect(await schemaDiff({ migrations, schema, empty: await emptyPGlite() })).toBe('')
}, 60_000)

it('a column the migrations lack is noticed', async () => {
  const more = schema.replace('model Counter {', 'model Counter {\n  added String?')
  expect(await schemaDiff({ migrations, schema: more, empty: await emptyPGlite() })).toContain(
    'ADD COLUMN     "added" TEXT',
  )
}, 60_000)
