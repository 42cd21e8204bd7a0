import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Reach, Target } from './reach.ts'
import { type Attempt, came, retryAfterMs } from './schedule.ts'

/** So much of an answer is read at most; so much of it an operator is shown. */
const [mostBytes, shownChars] = [4_096, 200]

export type Send = (url: string, headers: Record<string, string>, body: string, now: Date) => Promise<Attempt>

/** Sends by POST, to the addresses that were looked at and to no others; never throws. `timeoutMs` is for all of it. */
export function createSend(reach: Reach, timeoutMs: number): Send {
  return async (url, headers, body, now) => {
    const aborting = new AbortController()
    const { signal } = aborting
    const timer = setTimeout(() => aborting.abort(), timeoutMs)
    const late = new Promise<null>(done => signal.addEventListener('abort', () => done(null), { once: true }))
    const tooLate = nothing(`no answer within ${timeoutMs / 1000} s`)
    try {
      const target = await Promise.race([reach.look(url), late])
      if (target === null) return tooLate
      if ('refused' in target) return nothing(`refused: the URL ${target.refused}`)
      const attempt = await post(target, headers, body, now, signal)
      return attempt.status === null && signal.aborted ? tooLate : attempt
    } finally {
      clearTimeout(timer)
    }
  }
}

const nothing = (error: string): Attempt => ({ status: null, error, answer: null })

function post(
  { url, addresses }: Target,
  headers: Record<string, string>,
  body: string,
  now: Date,
  signal: AbortSignal,
): Promise<Attempt> {
  // What the name means was looked at already: asked again it could mean something else (DNS rebinding).
  const lookup: LookupFunction = (_host, { all }, answer) => {
    const [first] = addresses
    if (all) answer(null, addresses)
    else answer(null, first?.address ?? '', first?.family)
  }
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise(done => {
    let answered = false
    const options = {
      ...{ method: 'POST', agent: false as const, lookup, signal, maxHeaderSize: 16_384 },
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    }
    const asked = request(url, options, answer => {
      answered = true
      const { statusCode: status = 0, headers: told } = answer
      const bare = { status, error: null, answer: null }
      if (came(bare)) {
        done(bare)
        answer.destroy()
        return
      }
      const error =
        status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`
      void beginningOf(answer).then(text => {
        done({ status, error, answer: text, retryAfterMs: retryAfterMs(told['retry-after'], now) })
        answer.destroy()
      })
    })
    // Once an answer began it is one, however it ends.
    asked.on('error', error => void (answered || done(nothing(whyOf(error)))))
    asked.end(body)
  })
}

/** The reason of a failure by its code: messages of some name addresses inside the network. */
function whyOf(error: NodeJS.ErrnoException): string {
  return `no connection: ${error.code ?? error.name}`
}

/** How an answer begins, as one line without control characters. */
async function beginningOf(answer: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= mostBytes) break
    }
  } catch {
    // It broke off: what came is shown.
  }
  const text = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8')
  const line = text.replace(/[\p{Cc}\p{Cf}\uFFFD\s]+/gu, ' ').trim()
  return line === '' ? null : [...line].slice(0, shownChars).join('')
}
