import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settings } from '../../src/config.ts'
import { projectRoot } from '../../src/root.ts'
import { run } from '../support/process.ts'
import { eachStory } from '../support/shop.ts'
import { at, compose, filesBelow, manifest, manifests, text, unit } from './files.ts'

/** Settings of others: Node's, the driver's, PostgreSQL's image. */
const others = ['NODE_ENV', 'NODE_OPTIONS', 'PGPASSWORD', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD']
const known = [...Object.keys(settings.shape), ...others]

const service = unit('deploy/systemd/paigong.service')
const nightly = unit('deploy/systemd/paigong-backup.service')
const environmentOf = (section: ReadonlyMap<string, string[]> | undefined) =>
  Object.fromEntries((section?.get('Environment') ?? []).flatMap(line => line.split(' ').map(one => one.split('=', 2))))

/** Instructions of the Dockerfile, by stage. */
const stages = text('deploy/Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter(Boolean)
  .reduce<Array<Array<{ name: string; rest: string }>>>((all, line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? []
    if (name === 'FROM') all.push([])
    all.at(-1)?.push({ name, rest })
    return all
  }, [])
const last = stages.at(-1) ?? []
const said = (name: string) => last.filter(one => one.name === name).map(({ rest }) => rest)

it('every setting that is named is one the service has', () => {
  const named = [
    ...Object.values(compose.services).flatMap(({ environment = {} }) => Object.keys(environment)),
    ...[...text('deploy/compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name),
    ...Object.keys(manifest('ConfigMap').data ?? {}),
    ...Object.keys(environmentOf(service.get('Service'))),
    ...Object.keys(environmentOf(nightly.get('Service'))),
    ...said('ENV').flatMap(line => line.split(' ').map(one => one.split('=')[0] ?? '')),
    ...[...text('deploy/Dockerfile').matchAll(/process\.env\.(\w+)/g)].map(([, name = '']) => name),
    ...filesBelow('deploy').flatMap(path =>
      [...text(path).matchAll(/\b(?:WECOM|DINGTALK|API|DRAIN|DATABASE)_[A-Z_]+/g)].map(([name]) => name),
    ),
  ]
  expect(named.length).toBeGreaterThan(25)
  expect([...new Set(named)].filter(name => !known.includes(name))).toEqual([])
})

it('no secret has a value', () => {
  expect(manifests.map(({ kind }) => kind)).not.toContain('Secret')
  const faults = filesBelow('deploy').flatMap(path =>
    text(path)
      .replaceAll(/\$\{[^}]*\}/g, '')
      .split('\n')
      .filter(line => /(SECRET|TOKEN|PASSWORD|AES_KEY)\w*["']?\s*[:=]\s*["']?[^\s$"'{…]/.test(line))
      .concat(text(path).match(/postgres(ql)?:\/\/[^\s@/]*:[^\s@/]*@/g) ?? []),
  )
  expect(faults).toEqual([])
  const { environment } = compose.services.paigong ?? {}
  expect(environment?.PGPASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/)
  const container = at(manifest('Deployment').spec, 'template', 'spec', 'containers', 0)
  expect(at(container, 'envFrom')).toEqual([{ configMapRef: { name: 'paigong' } }, { secretRef: { name: 'paigong' } }])
  expect(
    Object.keys(manifest('ConfigMap').data ?? {}).filter(name => /SECRET|TOKEN|KEY|DATABASE_URL/.test(name)),
  ).toEqual([])
})

it('each gives the service the time it takes to end', () => {
  const stopSeconds = 20
  const drain = (from: Record<string, string> | undefined) => Number(from?.DRAIN_SECONDS)
  const { environment, stop_grace_period } = compose.services.paigong ?? {}
  expect(Number.parseInt(stop_grace_period ?? '', 10)).toBeGreaterThan(drain(environment) + stopSeconds)
  const pod = at(manifest('Deployment').spec, 'template', 'spec')
  expect(at(pod, 'terminationGracePeriodSeconds')).toBeGreaterThan(drain(manifest('ConfigMap').data) + stopSeconds)
  expect(Number(service.get('Service')?.get('TimeoutStopSec')?.[0])).toBeGreaterThan(stopSeconds)
  // Longer than it takes to be noticed: two looks, two seconds apart, and what the proxy needs to hear of it.
  expect(drain(manifest('ConfigMap').data)).toBeGreaterThanOrEqual(8)
})

describe('the image', () => {
  it('holds what the service reads at run time, and nothing to build with', () => {
    const copied = said('COPY').flatMap(line =>
      line
        .replace(/^--from=\w+ /, '')
        .split(' ')
        .slice(0, -1),
    )
    const bare = copied.map(path => path.replace(/^\/(app|out)\//, ''))
    const reads = filesBelow('src')
      .filter(path => path.endsWith('.ts') && !path.startsWith('src/generated'))
      .flatMap(path => [...text(path).matchAll(/join\(projectRoot, ['`]([^'`$]+)/g)].map(([, name = '']) => name))
    expect(reads).toContain('prisma/migrations')
    const there = (path: string) => bare.some(one => path === one || path.startsWith(`${one}/`))
    expect(reads.filter(path => !there(path))).toEqual([])
    expect(
      ['package.json', 'node_modules', 'dist/server/main.js', 'dist/data/main.js'].filter(path => !there(path)),
    ).toEqual([])
    expect(bare.filter(path => !/^(dist|node_modules)$/.test(path) && !existsSync(join(projectRoot, path)))).toEqual([])
    // Commands work in it as well.
    const scripts = JSON.parse(text('package.json')).scripts as Record<string, string>
    for (const name of ['start', 'backup', 'restore', 'move', 'policy', 'resend', 'simulate'])
      expect(bare, name).toContain(/scripts\/\w+\.mjs/.exec(scripts[name] ?? '')?.[0])
    expect(last.map(({ rest }) => rest).join('\n')).not.toMatch(/npm (ci|install)|apt-get|build\.mjs --tools/)
    expect(text('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.env', 'data', '*.key', '*.backup']))
    expect(stages[0]?.map(({ rest }) => rest).join('\n')).toContain('build.mjs --tools')
    expect(stages[1]?.map(({ rest }) => rest).join('\n')).toContain('npm ci --omit=dev')
  })
})

describe('the image at work', () => {
  const story = eachStory({ empty: true })

  it('runs as nobody of rank, and says whether it is ready', async () => {
    const names = last.map(({ name }) => name)
    expect(said('USER')).toEqual(['node'])
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('CMD'))
    const [check = ''] = said('HEALTHCHECK')
    const [node, ...args] = JSON.parse(check.slice(check.indexOf('['))) as string[]
    expect([node, check.includes('/health/ready')]).toEqual(['node', true])
    const { port } = new URL(story.world.url)
    // Ready as soon as the engine did its first round.
    await story.world.settle()
    expect(await run(args, { PORT: port })).toMatchObject({ code: 0, output: '' })
    expect(await run(args, { PORT: '1' })).toMatchObject({ code: 1, output: '' })
  })
})

describe('the other ways', () => {
  it('compose waits for PostgreSQL, listens on the machine itself, and keeps its data', () => {
    const { paigong, postgres } = compose.services
    expect(paigong).toMatchObject({
      depends_on: { postgres: { condition: 'service_healthy' } },
      ports: ['127.0.0.1:3000:3000'],
      read_only: true,
      cap_drop: ['ALL'],
    })
    expect(postgres).toHaveProperty('healthcheck.test')
    expect(postgres).not.toHaveProperty('ports')
    const kept = [paigong?.volumes, postgres?.volumes].flat().map(one => String(one).split(':')[0] ?? '')
    expect(kept.sort()).toEqual(Object.keys(compose.volumes).sort())
  })

  it('Kubernetes replaces two instances one by one', () => {
    const deployment = manifest('Deployment').spec
    expect(deployment).toMatchObject({
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    })
    const pod = at(deployment, 'template', 'spec')
    expect(at(pod, 'securityContext')).toMatchObject({ runAsNonRoot: true })
    const [container] = at(pod, 'containers') as Array<Record<string, unknown>>
    expect(container).toMatchObject({
      readinessProbe: { httpGet: { path: '/health/ready', port: 'http' } },
      livenessProbe: { httpGet: { path: '/health/live', port: 'http' } },
      startupProbe: { httpGet: { path: '/health/live', port: 'http' } },
      securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    })
    const labels = at(deployment, 'template', 'metadata', 'labels')
    expect(manifest('PodDisruptionBudget').spec).toEqual({ minAvailable: 1, selector: { matchLabels: labels } })
    expect(at(manifest('Service').spec, 'selector')).toEqual(labels)
    const mounted = at(container, 'volumeMounts') as Array<{ name: string }>
    const volumes = at(pod, 'volumes') as Array<{ name: string }>
    expect(mounted.map(({ name }) => name).sort()).toEqual(volumes.map(({ name }) => name).sort())
  })

  it('systemd gives it nothing it does not need', () => {
    const own = service.get('Service')
    for (const key of ['NoNewPrivileges', 'PrivateTmp', 'PrivateDevices', 'ProtectKernelModules', 'RestrictNamespaces'])
      expect(own?.get(key), key).toEqual(['yes'])
    expect(own?.get('ProtectSystem')).toEqual(['strict'])
    expect(own?.get('User')).toEqual(['paigong'])
    // Node writes machine code while it runs.
    expect(own?.has('MemoryDenyWriteExecute')).toBe(false)
    const starts = [service, nightly].flatMap(one => one.get('Service')?.get('ExecStart') ?? [])
    const files = starts.map(line => /(dist|scripts)\/[\w/]+\.m?js/.exec(line)?.[0])
    expect(files).toEqual(['dist/server/main.js', 'scripts/data.mjs'])
    expect(unit('deploy/systemd/paigong-backup.timer').get('Timer')?.has('OnCalendar')).toBe(true)
  })
})

it('scripts that are given to a shell are ones a shell reads', () => {
  const [args] = at(
    manifest('CronJob', 'paigong-backup').spec,
    'jobTemplate',
    'spec',
    'template',
    'spec',
    'containers',
    0,
    'args',
  ) as string[]
  const [nightlyLine = ''] = nightly.get('Service')?.get('ExecStart') ?? []
  const quoted = /-c '(.*)'$/.exec(nightlyLine)?.[1]?.replaceAll('$$', '$').replaceAll('%%', '%')
  for (const script of [args, quoted]) {
    expect(script).toMatch(/scripts\/data\.mjs backup --key-file \S+ --to /)
    expect(spawnSync('sh', ['-n', '-c', script ?? ''], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  }
})
