import type { IncomingMessage, ServerResponse } from 'node:http'

/** So long a client may go on sending what nobody reads any more, to have a chance to read the answer. */
const lingerMs = 5_000

/** Ends the connection of a request that was answered before all of it had come, and goes on coming. */
export function endUnfinished(req: IncomingMessage, res: ServerResponse): void {
  res.once('finish', () => {
    if (req.complete) return
    const { socket } = req
    const timer = setTimeout(() => socket.destroy(), lingerMs)
    // The socket may live on for many more requests.
    const come = () => {
      clearTimeout(timer)
      req.off('end', come)
      socket.off('close', come)
    }
    req.once('end', come)
    socket.once('close', come)
  })
}

/** Two hosts are two addresses, and a proxy may have taken the other one (RFC 9112 §3.2 wants 400). */
export const hasTwoHosts = ({ rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1
