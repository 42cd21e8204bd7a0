import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { GlobalFonts } from '@napi-rs/canvas'
import { projectRoot } from '../root.ts'

/** By this name the canvas knows our fonts; a system's own Noto Sans may be another version. */
export const family = 'Paigong Sans'

const unpack = promisify(brotliDecompress)
let loading: Promise<void> | undefined

/** Makes the fonts of `assets/fonts` (scripts/font.mjs) known to the canvas, once a process. Throws when they are missing. */
export function loadFonts(): Promise<void> {
  loading ??= load().catch(error => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<void> {
  for (const weight of ['Regular', 'Bold']) {
    const file = join(projectRoot, `assets/fonts/NotoSansSC-${weight}.ttf.br`)
    if (!GlobalFonts.register(await unpack(await readFile(file)), family)) throw new Error(`${file} is no font`)
  }
}
