import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Stories told in a real browser: `npm run test:browser`, which builds the pages first. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/browser/**/*.story.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    globalSetup: ['test/support/global.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes in its own time; a second, the default, is a speed limit nobody promised.
    expect: { poll: { timeout: 60_000 } },
    env: { TZ: 'UTC' },
  },
})
