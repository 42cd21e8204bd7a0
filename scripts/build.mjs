import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const manifestFile = join(root, 'dist/built.json')
const generated = 'src/generated'

/** What is built, from what, into what. A step runs when its sources' hash differs from the one it was built from. */
const steps = {
  prisma: {
    says: 'database client',
    from: ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json'],
    into: 'src/generated/prisma/client.ts',
    run: ['node_modules/prisma/build/index.js', 'generate'],
  },
  console: {
    says: 'console',
    from: ['src/web/console', 'src/web/shared', 'src/web/style', 'vite.config.ts', 'package-lock.json'],
    entry: 'src/web/console/index.html',
    into: 'dist/web/console/index.html',
    run: ['node_modules/vite/bin/vite.js', 'build', '--mode', 'console'],
  },
  mobile: {
    says: 'phone pages',
    // A payslip and a request for leave are drawn by the console's parts.
    from: ['src/web/m', 'src/web/console', 'src/web/shared', 'src/web/style', 'vite.config.ts', 'package-lock.json'],
    entry: 'src/web/m/index.html',
    into: 'dist/web/m/index.html',
    run: ['node_modules/vite/bin/vite.js', 'build', '--mode', 'm'],
  },
  inside: {
    says: 'sign-in page',
    from: ['src/web/inside', 'src/web/style', 'vite.config.ts', 'package-lock.json'],
    entry: 'src/web/inside/index.html',
    into: 'dist/web/inside/index.html',
    run: ['node_modules/vite/bin/vite.js', 'build', '--mode', 'inside'],
  },
  page: {
    says: 'sandbox page',
    from: ['src/web/sandbox', 'src/web/style', 'src/sandbox/wire.ts', 'vite.config.ts', 'package-lock.json'],
    entry: 'src/web/sandbox/index.html',
    into: 'dist/web/sandbox/index.html',
    run: ['node_modules/vite/bin/vite.js', 'build'],
  },
  server: {
    says: 'service',
    from: ['src', 'prisma/schema.prisma', 'vite.config.ts', 'package-lock.json'],
    except: ['src/web'],
    into: 'dist/server/main.js',
    run: ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'src/main.ts'],
  },
  policy: {
    says: 'policy tool',
    from: ['src', 'vite.config.ts', 'package-lock.json'],
    except: ['src/web', 'src/policy/packs'],
    into: 'dist/policy/main.js',
    run: ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'src/policytool.ts', '--outDir', 'dist/policy'],
  },
  doctor: {
    says: 'doctor',
    from: ['src', 'prisma/schema.prisma', 'vite.config.ts', 'package-lock.json'],
    except: ['src/web'],
    into: 'dist/doctor/main.js',
    run: ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'src/doctortool.ts', '--outDir', 'dist/doctor'],
  },
  data: {
    says: 'backup tool',
    from: ['src', 'vite.config.ts', 'package-lock.json'],
    except: ['src/web', 'src/policy/packs'],
    into: 'dist/data/main.js',
    run: ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'src/datatool.ts', '--outDir', 'dist/data'],
  },
  bench: {
    says: 'benchmark',
    from: ['bench', 'src', 'prisma/schema.prisma', 'vite.config.ts', 'package-lock.json'],
    except: ['src/web', 'src/policy/packs'],
    into: 'dist/bench/main.js',
    run: ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'bench/main.ts', '--outDir', 'dist/bench'],
  },
  chaos: {
    says: 'fault runner',
    from: ['chaos', 'test/support', 'src', 'prisma/schema.prisma', 'vite.config.ts', 'package-lock.json'],
    except: ['src/web', 'src/policy/packs'],
    into: 'dist/chaos/main.js',
    run: ['node_modules/vite/bin/vite.js', 'build', '--ssr', 'chaos/main.ts', '--outDir', 'dist/chaos'],
  },
}

function filesBelow(path, except) {
  if (path === generated || except.includes(path) || !existsSync(join(root, path))) return []
  if (statSync(join(root, path)).isFile()) return [path]
  return readdirSync(join(root, path))
    .sort()
    .flatMap(name => filesBelow(`${path}/${name}`, except))
}

function sourceHash({ from, except = [] }) {
  const hash = createHash('sha256').update(process.version.split('.')[0])
  for (const path of from.flatMap(start => filesBelow(start, except))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

function readManifest() {
  try {
    return JSON.parse(readFileSync(manifestFile, 'utf8'))
  } catch {
    return {}
  }
}

/** Runs a Node program of the project; rejects with its output when it fails. */
export function runNode(args, env = {}) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = () => child.kill()
    process.once('exit', end)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    }
    child.on('error', fail)
    child.on('close', code => {
      process.removeListener('exit', end)
      if (code === 0) done(output)
      else fail(Object.assign(new Error(`node ${args.join(' ')} failed`), { output }))
    })
  })
}

async function runStep(name, say) {
  const step = steps[name]
  if (step.entry && !existsSync(join(root, step.entry))) return
  const hash = sourceHash(step)
  if (readManifest()[name] === hash && existsSync(join(root, step.into))) return
  const start = performance.now()
  await runNode(step.run)
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(manifestFile, `${JSON.stringify({ ...readManifest(), [name]: hash }, null, 2)}\n`)
  say(`built ${step.says} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

/** Brings the generated database client up to date. */
export function generate(say = console.log) {
  return runStep('prisma', say)
}

/** An image holds what is built, and of `src` the policies alone. */
const hasSources = () => existsSync(join(root, 'src/main.ts'))

/** Brings the policy tool up to date. */
export async function buildPolicyTool(say = console.log) {
  if (hasSources()) await runStep('policy', say)
}

/** Brings the tool behind backup, restore and move up to date. */
export async function buildDataTool(say = console.log) {
  if (hasSources()) await runStep('data', say)
}

/** Brings the doctor up to date. */
export async function buildDoctor(say = console.log) {
  if (!hasSources()) return
  await generate(say)
  await runStep('doctor', say)
}

/** Brings the benchmark up to date. */
export async function buildBench(say = console.log) {
  await generate(say)
  await runStep('bench', say)
}

/** Brings the fault runner up to date. */
export async function buildChaos(say = console.log) {
  await generate(say)
  await runStep('chaos', say)
}

/**
 * Builds what is older than its sources. An installation without sources (an image that holds what is built) is taken as
 * it is.
 */
export async function build(say = console.log) {
  if (!hasSources() && existsSync(join(root, steps.server.into))) return
  if (!existsSync(join(root, 'node_modules'))) throw new Error('The packages are missing: run `npm ci` first.')
  const pages = runStep('page', say)
    .then(() => runStep('console', say))
    .then(() => runStep('mobile', say))
    .then(() => runStep('inside', say))
  // The service's build waits for the client it bundles; the pages need neither. All are awaited before any failure ends us.
  const outcomes = await Promise.allSettled([pages, runStep('prisma', say).then(() => runStep('server', say))])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/** Prints a failed build's output and ends the process. */
export function failBuild(error) {
  if (error.output) console.error(error.output.trim())
  console.error(error.message)
  process.exit(1)
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--clean')) rmSync(join(root, 'dist'), { recursive: true, force: true })
  await build().catch(failBuild)
  // Commands build their tools when they are first used; an image that holds no sources needs them beforehand.
  if (process.argv.includes('--tools'))
    await buildPolicyTool()
      .then(() => buildDataTool())
      .then(() => buildDoctor())
      .catch(failBuild)
  console.log('Up to date.')
}
