import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import './wasm.ts'

/**
 * PostgreSQL's own 128 MB are filled with zeros at each start, which takes 0.4 s here and as much memory. What does not
 * fit is read from its file, which the system keeps in its own memory.
 */
export const startParams: readonly string[] = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB']

/** A PGlite on a folder, or in memory (`memory://`). */
export const openPGlite = (folder: string, options: Omit<PGliteOptions, 'startParams'> = {}): Promise<PGlite> =>
  PGlite.create(folder, { ...options, startParams: [...startParams] })
