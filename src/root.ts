import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What is built has a package.json of its own. */
const mark = 'prisma/migrations'

function findRoot(from: string): string {
  if (existsSync(join(from, mark))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error(`${mark} not found above the program: it must stay in its project folder`)
  return findRoot(parent)
}

/** Absolute path of the project's folder, from source and from the bundle alike: migrations and policy packs are read from there. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))
