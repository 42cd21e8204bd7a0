// Which test files use a database: only these can tell embedded and server apart, the others need no second run.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const databases = ['test/support/db.ts', 'src/db/open.ts']
/** These start the service as a process of its own, to have two of them, or to carry its data over: what they show is the database's to keep. */
const processes = /^test\/process\/(?:backup|pair|rolling)[.]test[.]ts$/
/** The same on every database: how a process opens doors, stops and measures, who may do what, how a platform is spoken to. */
const elsewhere = /^test\/(?:process\/|contract\/|console\/matrix[.]test[.]ts$)/

/** Paths of a folder's test files whose imports, followed all the way, lead to a database. */
export function databaseTests(root) {
  const known = new Map()
  const leads = file => {
    if (databases.includes(file)) return true
    if (known.has(file)) return known.get(file)
    known.set(file, false)
    const found = importsOf(join(root, file)).some(other => leads(relative(root, other)))
    known.set(file, found)
    return found
  }
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map(name => `test/${name.replaceAll('\\', '/')}`)
    .filter(name => name.endsWith('.test.ts'))
    .filter(name => processes.test(name) || (!elsewhere.test(name) && leads(name)))
    .sort()
}

function importsOf(file) {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  return [...text.matchAll(/^(?:import|export)(?! type\b)[^'"]*['"](\.[^'"]+\.ts)['"]/gm)].map(([, path]) =>
    join(dirname(file), path),
  )
}
