import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebFiles } from '../../src/webfiles.ts'

const script = `export const words = ${JSON.stringify('派工单'.repeat(400))}\n`
let dir: string
let server: Server

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'paigong-web-'))
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>派工</title>')
  await writeFile(join(dir, 'app.js'), script)
  await writeFile(join(dir, 'dot.png'), Buffer.alloc(2_000))
  const files = new WebFiles('/m', dir)
  server = createServer((req, res) => {
    if (!files.handle(req.url ?? '', req, res)) res.writeHead(404).end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  await new Promise(done => server.close(done))
  await rm(dir, { recursive: true })
})

function get(path: string, accepted?: string, method = 'GET') {
  const { port } = server.address() as AddressInfo
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((done, fail) => {
    const headers = accepted === undefined ? {} : { 'Accept-Encoding': accepted }
    request({ host: '127.0.0.1', port, path, method, headers }, async res => {
      const chunks: Buffer[] = []
      for await (const chunk of res as AsyncIterable<Buffer>) chunks.push(chunk)
      done({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks) })
    })
      .on('error', fail)
      .end()
  })
}

it('what gets smaller is sent in the smallest form the browser takes', async () => {
  const plain = await get('/m/app.js')
  expect([plain.headers['content-encoding'], plain.body.toString(), plain.headers.vary]).toEqual([
    ...[undefined, script, 'Accept-Encoding'],
  ])
  const br = await get('/m/app.js', 'gzip, deflate, br, zstd')
  expect([br.headers['content-encoding'], brotliDecompressSync(br.body).toString()]).toEqual(['br', script])
  expect(Number(br.headers['content-length'])).toBe(br.body.length)
  expect(br.body.length).toBeLessThan(plain.body.length / 4)
  for (const accepted of ['gzip', 'GZIP;q=0.5', 'br;q=0, gzip'])
    expect(gunzipSync((await get('/m/app.js', accepted)).body).toString()).toBe(script)
  expect((await get('/m/app.js', 'br;q=0, gzip;q=0.0')).headers['content-encoding']).toBeUndefined()
  expect((await get('/m/orders/1001', 'br')).headers['content-encoding']).toBe('br')
  const head = await get('/m/app.js', 'br', 'HEAD')
  expect([head.body.length, head.headers['content-length']]).toEqual([0, br.headers['content-length']])
})

it('a picture is sent as it is, and a file that was built anew is packed anew', async () => {
  const picture = await get('/m/dot.png', 'br')
  expect([picture.headers['content-encoding'], picture.headers.vary, picture.body.length]).toEqual([
    ...[undefined, undefined, 2_000],
  ])
  await get('/m/index.html', 'br')
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>新</title>')
  expect(brotliDecompressSync((await get('/m/', 'br')).body).toString()).toContain('新')
})
