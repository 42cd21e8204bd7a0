import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What becomes of what is sent through it. */
export type Cut =
  /** Connections are reset and new ones refused. */
  | 'drop'
  /** Nothing passes and nobody is told, as when a cable is pulled; new connections are accepted and stay silent. */
  | 'stall'
  /** The database ends its half and says nothing any more. */
  | 'half'

/** A wire between an instance and its database that can be cut. */
export class Wire {
  private readonly pairs = new Set<{ near: Socket; far: Socket }>()
  private cutting: Cut | null = null

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(host: string, port: number): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const wire = new Wire(server, (server.address() as AddressInfo).port)
    server.on('connection', near => wire.join(near, host, port))
    return wire
  }

  /** The same database through this wire. */
  through(url: string): string {
    const own = new URL(url)
    own.host = `127.0.0.1:${this.port}`
    return own.href
  }

  private join(near: Socket, host: string, port: number): void {
    if (this.cutting === 'drop') return void near.resetAndDestroy()
    const far = connect({ host, port, allowHalfOpen: true })
    const pair = { near, far }
    this.pairs.add(pair)
    const over = () => {
      this.pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) socket.setNoDelay(true).on('error', over).on('close', over)
    near.on('data', part => pass(near, far, part)).on('end', () => far.end())
    far.on('data', part => pass(far, near, part)).on('end', () => near.end())
    if (this.cutting) this.strike(pair)
  }

  cut(how: Cut): void {
    this.cutting = how
    for (const pair of this.pairs) this.strike(pair)
  }

  private strike({ near, far }: { near: Socket; far: Socket }): void {
    if (this.cutting === 'drop') {
      near.resetAndDestroy()
      far.destroy()
    } else if (this.cutting === 'half') {
      near.end()
      far.pause()
    } else {
      near.pause()
      far.pause()
    }
  }

  /** Whole again. `lost`: what stalled stays lost, and only new connections get through. */
  mend({ lost = false } = {}): void {
    this.cutting = null
    for (const pair of this.pairs) {
      if (lost) this.forget(pair)
      else for (const socket of [pair.near, pair.far]) socket.resume()
    }
  }

  /** The database learns that the connection is over, the instance never does. */
  private forget({ near, far }: { near: Socket; far: Socket }): void {
    far.removeAllListeners('close').destroy()
    near.removeAllListeners('data').pause()
  }

  async close(): Promise<void> {
    for (const { near, far } of this.pairs) {
      near.destroy()
      far.destroy()
    }
    await new Promise(resolve => this.server.close(resolve))
  }
}

function pass(from: Socket, to: Socket, part: Buffer): void {
  if (to.destroyed || to.writableEnded || to.write(part)) return
  from.pause()
  to.once('drain', () => from.resume())
}
