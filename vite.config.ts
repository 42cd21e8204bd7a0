import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What is bundled: of some most is never used (zod's languages, the almanac's folklore), others are dozens of files. */
const bundled = [
  ...[
    'zod',
    'lunar-typescript',
    'luxon',
    'yaml',
    'uuid',
    'hucre',
    'chinese-days',
    'decimal.js',
    'jsep',
    'dataloader',
    'uqr',
  ],
  ...['koa', '@koa/router', 'koa-compose', 'http-errors', 'path-to-regexp', 'debug', 'ws', 'prom-client', 'node-cron'],
  ...['fast-xml-parser', '@nodable/entities', 'xml-naming', 'strnum', 'path-expression-matcher', 'is-unsafe'],
  ...['undici', 'axios', '@wecom/aibot-node-sdk', '@wecom/crypto', 'pglite-prisma-adapter'],
]

/** Node takes what a folder holds for what the nearest of these says, and ours says modules. */
const commonjs: Plugin = {
  name: 'commonjs',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
  },
}

/**
 * The service, and each of its tools: one file with a source map, of which as much is loaded at once as can be. In
 * CommonJS, which Node begins sooner than the same as a module. The map is kept in memory: without the sources' text it is
 * a third of it, and stack traces name files and lines all the same.
 */
const server: UserConfig = {
  ssr: { noExternal: bundled },
  plugins: [commonjs],
  publicDir: false,
  build: {
    target: 'node20',
    outDir: at('dist/server'),
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: { output: { entryFileNames: 'main.js', format: 'cjs', sourcemapExcludeSources: true } },
  },
}

const pages = ['sandbox', 'console', 'm', 'inside'] as const

/** The technicians' pages open without a network: their service worker is told which files this build is made of. */
const offline: Plugin = {
  name: 'offline',
  enforce: 'post',
  generateBundle(_, bundle) {
    const worker = readFileSync(at('src/web/m/sw.js'), 'utf8')
    const files = [
      ...Object.keys(bundle)
        .filter(name => name.startsWith('assets/'))
        .sort(),
      'mark.svg',
      'app.webmanifest',
    ]
    const page = bundle['index.html']
    const made = JSON.stringify([files, page?.type === 'asset' ? String(page.source) : '', worker])
    const version = createHash('sha256').update(made).digest('hex').slice(0, 12)
    const source = `const shell = ${JSON.stringify({ version, files })}\n${worker}`
    this.emitFile({ type: 'asset', fileName: 'sw.js', source })
  },
}

/** Pages in the browser: the sandbox's, and by `--mode` the console's, the technicians', and the one that signs in inside DingTalk. */
const page = (name: (typeof pages)[number]): UserConfig => ({
  root: at(`src/web/${name}`),
  base: name === 'inside' ? '/login/inside/' : `/${name}/`,
  mode: 'production',
  plugins: [vue(), ...(name === 'm' ? [offline] : [])],
  build: { outDir: at(`dist/web/${name}`), emptyOutDir: true, chunkSizeWarningLimit: 1500 },
})

export default defineConfig(({ isSsrBuild, mode }) => ({
  ...(isSsrBuild ? server : page(pages.find(name => name === mode) ?? 'sandbox')),
  logLevel: 'warn',
}))
