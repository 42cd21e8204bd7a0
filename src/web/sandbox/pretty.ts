/** Between a request and its answer in the log. */
const ARROW = '\n\n→ '

/** Pretty-prints what went over the wire for reading: JSON and XML are indented, anything else stays as it is. */
export function pretty(text: string): string {
  return text.split(ARROW).map(prettyPart).join(ARROW)
}

function prettyPart(text: string): string {
  const trimmed = text.trim()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    try {
      return JSON.stringify(JSON.parse(trimmed), null, 2)
    } catch {
      return text
    }
  }
  return trimmed.startsWith('<') ? prettyXml(trimmed) : text
}

function prettyXml(xml: string): string {
  const parts = xml.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) ?? []
  const lines: string[] = []
  let depth = 0
  let open = false
  for (const part of parts) {
    const tag = part.startsWith('<') && !part.startsWith('<![CDATA[')
    if (!tag) {
      if (part.trim() !== '') lines[lines.length - 1] = (lines.at(-1) ?? '') + part.trim()
      continue
    }
    const closes = part.startsWith('</')
    if (closes) depth = Math.max(0, depth - 1)
    if (closes && open) lines[lines.length - 1] = (lines.at(-1) ?? '') + part
    else lines.push('  '.repeat(depth) + part)
    open = !closes && !part.endsWith('/>') && !part.startsWith('<?') && !part.startsWith('<!')
    if (open) depth++
  }
  return lines.join('\n')
}
