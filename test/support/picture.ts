import { crc32 } from 'node:zlib'
import type { Picture } from '../../src/chat/card.ts'
import { dot } from './actor.ts'

/** Where chunks may stand: after the signature and IHDR. */
const afterHead = 33

/** The smallest picture there is, with a title; as a message it says the same in words. */
export function pictureOf(title: string, size = 0): Picture {
  const bytes = Buffer.from(dot.split(',')[1] ?? '', 'base64')
  const chunks = [
    chunk('iTXt', Buffer.from(`Title\0\0\0\0\0${title}`)),
    ...(size ? [chunk('miSt', Buffer.alloc(size))] : []),
  ]
  const png = Buffer.concat([bytes.subarray(0, afterHead), ...chunks, bytes.subarray(afterHead)])
  return { kind: 'picture', png, name: `${title}.png`, alt: `${title}（图片）` }
}

function chunk(type: string, data: Buffer): Buffer {
  const made = Buffer.alloc(data.length + 12)
  made.writeUInt32BE(data.length)
  made.write(type, 4, 'latin1')
  data.copy(made, 8)
  made.writeUInt32BE(crc32(made.subarray(4, -4)), made.length - 4)
  return made
}
