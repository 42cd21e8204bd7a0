import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Permanent } from '../errors.ts'

export type Release = () => Promise<void>

/** The longest socket path that every Unix takes. */
const maxSocketPath = 100
const attempts = 4

function locked(folder: string, pid: string | undefined): Permanent {
  const who = pid ? `the process with pid ${pid}` : 'another process'
  return new Permanent('database-locked', `The embedded database in ${folder} is in use by ${who}.`, {
    fix: 'Stop that process first, give this one another DATA_DIR, or set DATABASE_URL to a PostgreSQL server, which any number of instances may share.',
  })
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', reject)
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()))
}

/** A socket is answered by the kernel as long as its process lives, even a busy or suspended one. */
function isAlive(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    )
  })
}

/** Sockets of living processes besides `own`; those of dead ones are cleared away. */
async function others(room: string, own: string): Promise<string[]> {
  const alive: string[] = []
  for (const name of readdirSync(room)) {
    if (name === own || !name.endsWith('.sock')) continue
    if (await isAlive(join(room, name))) alive.push(name)
    else rmSync(join(room, name), { force: true })
  }
  return alive
}

function roomFor(folder: string): string {
  const room = join(folder, '.in-use')
  if (join(room, 'x'.repeat(24)).length <= maxSocketPath) return room
  return join(tmpdir(), `paigong-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
}

/**
 * Announce, then look around: each process puts a listening socket of its own into a common folder and only then looks
 * for others. Whoever comes second sees the first; when both come at once both step back and try again. A killed
 * process leaves a socket nobody answers, which counts for nothing.
 */
async function lockBySocket(folder: string): Promise<Release> {
  const room = roomFor(folder)
  mkdirSync(room, { recursive: true })
  let holder: string | undefined
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const own = `${process.pid}-${randomBytes(4).toString('hex')}.sock`
    // Renamed into place when it listens already: a socket that is bound but doesn't listen yet looks dead.
    const early = own.replace('.sock', '.new')
    const server = await listen(join(room, early))
    chmodSync(join(room, early), 0o600)
    renameSync(join(room, early), join(room, own))
    const release = async () => {
      rmSync(join(room, own), { force: true })
      await stop(server)
    }
    const alive = await others(room, own)
    if (alive.length === 0) return release
    holder = alive[0]?.split('-')[0]
    await release()
    if (attempt < attempts) await pause(50 + Math.random() * 150)
  }
  throw locked(folder, holder)
}

/** On Windows a pipe's name belongs to one process, and is free again when that ends, however it ends. */
async function lockByPipe(folder: string): Promise<Release> {
  const name = createHash('sha256').update(folder.toLowerCase()).digest('hex').slice(0, 32)
  try {
    const server = await listen(`\\\\.\\pipe\\paigong-${name}`)
    return () => stop(server)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw locked(folder, undefined)
    throw error
  }
}

/**
 * Keeps a folder for this process. PGlite opened twice on one folder loses data silently.
 *
 * @throws Permanent `database-locked` when a living process has it, naming the folder and the pid
 */
export async function lockFolder(path: string): Promise<Release> {
  mkdirSync(path, { recursive: true })
  const folder = realpathSync(path)
  return process.platform === 'win32' ? lockByPipe(folder) : lockBySocket(folder)
}
