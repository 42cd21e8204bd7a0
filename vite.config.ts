import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The service: one file with a source map. Packages stay in node_modules, but for those of which most is never used
 * (zod's languages, the almanac's folklore): bundled they load in a fraction of the time at each start.
 */
const server: UserConfig = {
  ssr: { noExternal: ['zod', 'lunar-typescript', 'luxon', 'yaml', 'uuid', '@koa/router', 'fast-xml-parser'] },
  publicDir: false,
  build: {
    target: 'node20',
    outDir: at('dist/server'),
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: { output: { entryFileNames: 'main.js' } },
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
