import { App, LogLevel } from '@slack/bolt'
import { ready } from '../processes.ts'
import { secret } from '../slack.ts'

/** Slack's own framework takes a signed message and looks what it says; no database. */
export async function serveBolt(): Promise<void> {
  const app = new App({
    ...{ signingSecret: secret, logLevel: LogLevel.ERROR },
    authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0', botUserId: 'U0' }),
  })
  app.message(/^(接单|到达|已联系|完工) (\d+)/, async () => {})
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  const address = server.address()
  ready(typeof address === 'object' && address ? address.port : 0)
  process.on('SIGTERM', () => process.exit(0))
}
