import { Socket } from 'node:net'

/**
 * A socket that gives itself up when nothing passes for `ms`. Where a firewall or a switch forgets a connection nobody is
 * told: whoever waits for an answer waits until the kernel gives up, a quarter of an hour or for ever.
 */
export function watchedSocket(ms: number): Socket {
  const socket = new Socket()
  socket.setTimeout(ms, () =>
    socket.destroy(new Error(`the connection was silent for ${ms / 1_000} s and is given up: it was lost on the way`)),
  )
  return socket
}
