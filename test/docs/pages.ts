import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import GithubSlugger from 'github-slugger'
import { lexer, type Token, walkTokens } from 'marked'
import { projectRoot } from '../../src/root.ts'

/** What is written for people: the committed pages, their links, and what GitHub calls their headings. */

export interface Link {
  /** As it is written. */
  to: string
  line: number
}

/** Every file there is in the repository, by its path from the root; folders end with a slash. */
export function committed(): Set<string> {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  const files = listed.split('\0').filter(Boolean)
  const folders = files.flatMap(file => {
    const parts = file.split('/').slice(0, -1)
    return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)
  })
  return new Set([...files, ...folders])
}

export const textOf = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')

/** Links and pictures of a page, those written in HTML too; never what is only shown as code. */
export function linksIn(text: string): Link[] {
  const found: Link[] = []
  let from = 0
  walkTokens(lexer(text), token => {
    const to = targetsOf(token)
    if (to.length === 0) return
    const at = text.indexOf(token.raw, from)
    if (at >= 0) from = at
    const line = text.slice(0, Math.max(at, from)).split('\n').length
    found.push(...to.map(one => ({ to: one, line })))
  })
  return found
}

function targetsOf(token: Token): string[] {
  if (token.type === 'link' || token.type === 'image') return [String(token.href)]
  if (token.type === 'html')
    return [...token.raw.matchAll(/\b(?:href|src|srcset)\s*=\s*["']([^"']+)["']/g)].map(([, to = '']) => to)
  return []
}

/** What may follow `#` in a link to a page: its headings as GitHub names them, and ids it gives itself. */
export function anchorsIn(text: string): Set<string> {
  const slugger = new GithubSlugger()
  const anchors = new Set<string>()
  walkTokens(lexer(text), token => {
    if (token.type === 'heading') anchors.add(slugger.slug(wordsOf(token.tokens ?? [])))
    if (token.type === 'html')
      for (const [, id = ''] of token.raw.matchAll(/\b(?:id|name)\s*=\s*["']([^"']+)["']/g)) anchors.add(id)
  })
  return anchors
}

/** A heading as it is read: without marks, links as their words. */
function wordsOf(tokens: readonly Token[]): string {
  return tokens
    .map(token => {
      const inner = 'tokens' in token ? token.tokens : undefined
      if (inner) return wordsOf(inner)
      if (token.type === 'html' || token.type === 'image') return ''
      return 'text' in token ? unescaped(String(token.text)) : token.raw
    })
    .join('')
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
