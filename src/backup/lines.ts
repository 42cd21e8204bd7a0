import { Permanent } from '../errors.ts'

/** The longest line: a row with a large file in it, in hexadecimal. */
const maxLineBytes = 256 * 1024 * 1024
const newline = 0x0a

/** Lines of a stream of bytes, without their ends. What follows the last end is a line of its own. */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of bytes) {
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8')
      parts = []
      size = 0
      from = end + 1
    }
    parts.push(chunk.subarray(from))
    size += chunk.length - from
    if (size > maxLineBytes)
      throw new Permanent('backup-damaged', 'The backup is damaged: a line in it has no end.', {
        fix: 'Take another copy of the file, or an older backup.',
      })
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8')
}

/** Lines as bytes, some together. */
export async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const enough = 64 * 1024
  let text = ''
  for await (const line of lines) {
    text += `${line}\n`
    if (text.length < enough) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/** The first line of a stream, and what follows it. @throws what `otherwise` makes where there is none of at most `most` bytes */
export async function headed(
  bytes: AsyncIterable<Buffer>,
  most: number,
  otherwise: () => Error,
): Promise<{ line: string; rest: AsyncGenerator<Buffer> }> {
  const all = bytes[Symbol.asyncIterator]()
  let begun = Buffer.alloc(0)
  for (let end = -1; end < 0; ) {
    const { done, value } = await all.next()
    if (done) throw otherwise()
    begun = Buffer.concat([begun, value])
    end = begun.indexOf(newline)
    if (end > most || (end < 0 && begun.length > most)) throw otherwise()
  }
  const end = begun.indexOf(newline)
  async function* rest(): AsyncGenerator<Buffer> {
    yield begun.subarray(end + 1)
    yield* { [Symbol.asyncIterator]: () => all }
  }
  return { line: begun.toString('utf8', 0, end), rest: rest() }
}
