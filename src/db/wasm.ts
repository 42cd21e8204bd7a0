import { setFlagsFromString } from 'node:v8'

/**
 * How much of a WebAssembly function is run (in bytes, about) before V8 compiles it again, optimized. By itself (1.8 million)
 * it does so with most of what Prisma and PGlite do while they start: that keeps a processor busy for a second and takes 100 MB
 * for a moment. What is really run often gets there all the same.
 */
setFlagsFromString('--wasm-tiering-budget=100000000')
