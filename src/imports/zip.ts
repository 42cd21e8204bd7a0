import { limits, Unreadable } from './table.ts'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const unknown64 = 0xffffffff

/**
 * Adds up what a workbook's parts say they unpack to, before anything is unpacked: whoever unpacks a part stops at the
 * size it said, so that no small file becomes gigabytes.
 * @throws Unreadable where that is too much, or the parts do not say
 */
export function checkUnpacked(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = bytes.length - 22
  while (at >= 0 && view.getUint32(at, true) !== endSignature) at--
  if (at < 0) throw broken()
  const count = view.getUint16(at + 10, true)
  let entry = view.getUint32(at + 16, true)
  let total = 0
  for (let index = 0; index < count; index++) {
    if (entry + 46 > bytes.length || view.getUint32(entry, true) !== entrySignature) throw broken()
    const [packed, size] = [view.getUint32(entry + 20, true), view.getUint32(entry + 24, true)]
    if (packed === unknown64 || size === unknown64 || (packed > 2 && size === 0)) throw tooLarge()
    total += size
    if (total > limits.unpacked) throw tooLarge()
    const lengths = [28, 30, 32].map(offset => view.getUint16(entry + offset, true))
    entry += 46 + lengths.reduce((sum, length) => sum + length, 0)
  }
}

export const broken = (): Unreadable =>
  new Unreadable('文件打不开：不是完整的 xlsx。请在 Excel 或 WPS 里重新另存为 .xlsx 再传。')
const tooLarge = (): Unreadable =>
  new Unreadable(`文件解开以后超过 ${limits.unpacked / 1024 / 1024} MB，没有读。请只保留要导入的表和列再传。`)
