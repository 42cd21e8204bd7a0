const signature = '89504e470d0a1a0a'
const mostChunks = 50

/** The title a PNG carries (its `Title` text), for those who cannot see it; undefined when it has none, or is none. */
export function pngTitle(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8).toString('hex') !== signature) return undefined
  let at = 8
  for (let n = 0; n < mostChunks && at + 12 <= bytes.length; n++) {
    const end = at + 8 + bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'IDAT' || end > bytes.length) return undefined
    const title = type === 'tEXt' || type === 'iTXt' ? titleIn(bytes.subarray(at + 8, end), type) : undefined
    if (title) return title
    at = end + 4
  }
  return undefined
}

/** `Title`, a zero, the words; in `iTXt` two flags, a language and a translated keyword stand between them. */
function titleIn(chunk: Buffer, type: 'tEXt' | 'iTXt'): string | undefined {
  if (chunk.toString('latin1', 0, 6) !== 'Title\0') return undefined
  if (type === 'tEXt') return chunk.toString('latin1', 6)
  const compressed = chunk[6] !== 0
  const words = chunk.indexOf(0, chunk.indexOf(0, 8) + 1) + 1
  return compressed || words < 8 ? undefined : chunk.toString('utf8', words)
}
