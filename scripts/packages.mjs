// node scripts/packages.mjs FOLDER: copies what the service needs of node_modules when it runs. `npm ci --omit=dev` leaves the
// double of it: npm counts the command of Prisma, with its studio and TypeScript, as something that @prisma/client may want.
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './build.mjs'

/** Folders of packages that `folder`'s package needs, and those that they need. */
function needed(folder, found) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const peers = Object.keys(peerDependencies ?? {}).filter(name => !peerDependenciesMeta?.[name]?.optional)
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies }).concat(peers)) {
    const place = placeOf(name, folder)
    if (place && !found.has(place)) needed(place, found.add(place))
    // What is optional is for other systems; who needs the rest gets none of it anywhere.
    else if (!place && dependencies?.[name]) throw new Error(`${name} is missing: run npm ci --omit=dev first.`)
  }
  return found
}

/** Where Node finds a package for who is in `folder`. */
function placeOf(name, folder) {
  for (let at = folder; at.startsWith(root.replace(/\/$/, '')); at = dirname(at)) {
    const place = join(at, 'node_modules', name)
    if (existsSync(join(place, 'package.json'))) return place
  }
  return null
}

const [into] = process.argv.slice(2)
if (!into) {
  console.error('node scripts/packages.mjs FOLDER')
  process.exit(2)
}
const places = needed(root, new Set())
for (const place of places) cpSync(place, join(into, relative(root, place)), { recursive: true })
console.log(`${places.size} packages`)
