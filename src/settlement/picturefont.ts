import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { projectRoot } from '../root.ts'

/** By this name the canvas knows our fonts; a system's own Noto Sans may be another version. */
export const family = 'Paigong Sans'

const unpack = promisify(brotliDecompress)

type Canvas = typeof import('@napi-rs/canvas')
let loading: Promise<Canvas> | undefined

/**
 * The canvas, with the fonts of `assets/fonts` (scripts/font.mjs): read at the first picture, since a service that draws
 * once a month must not take 25 MB more and longer to start for it. Throws when they are missing.
 */
export function loadCanvas(): Promise<Canvas> {
  loading ??= load().catch(error => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<Canvas> {
  const canvas = await import('@napi-rs/canvas')
  for (const weight of ['Regular', 'Bold']) {
    const file = join(projectRoot, `assets/fonts/NotoSansSC-${weight}.ttf.br`)
    const font = await unpack(await readFile(file))
    if (!canvas.GlobalFonts.register(font, family)) throw new Error(`${file} is no font`)
  }
  return canvas
}
