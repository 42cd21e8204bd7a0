/** What a file is, by its first bytes: platforms give links and names that do not tell. */
const kinds: ReadonlyArray<{ mime: string; hex: string; at?: number }> = [
  { mime: 'image/jpeg', hex: 'ffd8ff' },
  { mime: 'image/png', hex: '89504e470d0a1a0a' },
  { mime: 'image/gif', hex: '47494638' },
  { mime: 'image/webp', hex: '57454250', at: 8 },
  { mime: 'application/pdf', hex: '25504446' },
  { mime: 'application/zip', hex: '504b0304' },
  { mime: 'video/mp4', hex: '66747970', at: 4 },
  { mime: 'audio/amr', hex: '2321414d52' },
]

export function mimeOf(bytes: Buffer): string {
  const head = bytes.subarray(0, 16).toString('hex')
  return kinds.find(({ hex, at = 0 }) => head.startsWith(hex, at * 2))?.mime ?? 'application/octet-stream'
}
