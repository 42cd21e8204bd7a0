// npm run resend: sends what could not be delivered once more. Talks to the running service, since the embedded
// database can be opened by one process only. Reads PORT and API_TOKEN from the environment or .env.
import { existsSync } from 'node:fs'

if (existsSync('.env')) process.loadEnvFile('.env')
const { PORT = '3000', API_TOKEN } = process.env
if (!API_TOKEN) {
  console.error(
    'API_TOKEN is not set: give the token the service was started with (in the sandbox its start prints one).',
  )
  process.exit(2)
}
const answer = await fetch(`http://127.0.0.1:${PORT}/api/v1/outbox/resend`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${API_TOKEN}` },
}).catch(error => ({
  ok: false,
  text: async () => `the service does not answer on port ${PORT}: ${error.cause?.code ?? error.message}`,
}))
console.log(answer.ok ? `${(await answer.json()).resent} message(s) will be sent again.` : await answer.text())
process.exit(answer.ok ? 0 : 1)
