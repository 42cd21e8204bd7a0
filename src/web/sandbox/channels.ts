import type { SandboxLogEntry } from '../../sandbox/wire.ts'

/** What the log calls the ways a message travels. */
export const CHANNELS: Record<SandboxLogEntry['channel'], string> = {
  api: '接口',
  callback: '回调',
  socket: '长连接',
  webhook: 'Webhook',
}
