import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type UserConfig } from 'vite'

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

/** Pages in the browser: the sandbox's, and the console's (`--mode console`). */
const page = (name: 'sandbox' | 'console'): UserConfig => ({
  root: at(`src/web/${name}`),
  base: `/${name}/`,
  mode: 'production',
  plugins: [vue()],
  build: { outDir: at(`dist/web/${name}`), emptyOutDir: true, chunkSizeWarningLimit: 1500 },
})

export default defineConfig(({ isSsrBuild, mode }) => ({
  ...(isSsrBuild ? server : page(mode === 'console' ? 'console' : 'sandbox')),
  logLevel: 'warn',
}))
