import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Twice the two cores this is measured on: stories that start processes, and those on a server, wait most of the time.
    maxWorkers: 4,
    // No test replaces a module or leaves a global behind, so files of a worker share what is loaded: a third faster.
    isolate: false,
    globalSetup: ['test/support/global.ts'],
    // Stories that start processes take their time on a machine that is busy with others.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // What is waited for comes in its own time; a second, the default, is a speed limit nobody promised.
    expect: { poll: { timeout: 60_000 } },
    env: { TZ: 'UTC' },
    restoreMocks: true,
  },
})
