/** Between a request and its answer in the log. */
const ARROW = '\n\n→ '

/**
 * Pretty-prints what went over the wire for reading: JSON, also where it stands as text inside of JSON, and XML are
 * indented, anything else stays as it is.
 */
export function pretty(text: string): string {
  return text.split(ARROW).map(prettyPart).join(ARROW)
}

function prettyPart(text: string): string {
  const trimmed = text.trim()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const read = parsed(trimmed)
    return read === undefined ? text : JSON.stringify(read, unwrap, 2)
  }
  return trimmed.startsWith('<') ? prettyXml(trimmed) : text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** DingTalk puts objects into JSON as text (`data`, `msgParam`, `content`). */
function unwrap(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^\s*[{[]/.test(value) ? (parsed(value) ?? value) : value
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
