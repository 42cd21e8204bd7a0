import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { dump } from '../backup/dump.ts'
import { packed } from '../backup/file.ts'
import { bearerOf } from './access.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'

/** One at a time on an instance: the embedded database is copied for it. */
const running = new WeakSet<object>()

/** `/api/v1/backup`: everything there is, for the operator. */
export const backupRoutes = [
  route({
    ...{ method: 'post', path: '/backup', id: 'makeBackup', tag: 'admin', scope: 'admin' },
    summary: 'Everything in the database as one file, as it is at this moment',
    description:
      'What `npm run backup` asks a running service for; `npm run restore` reads it. Not encrypted, and all of it, secrets ' +
      'of others too: only for API_TOKEN itself, no token made by it. Check that it is whole before you rely on it.',
    answers: { 200: { file: 'application/octet-stream' } },
    problems: [409],
    async handle({ db, clock, log }, { http }) {
      const { id, name } = bearerOf(http)
      if (id !== null)
        throw new HttpProblem(403, 'Not with this token', `"${name}" is given no backup; only API_TOKEN itself is.`)
      if (running.has(db.prisma))
        throw new HttpProblem(409, 'Not possible now', 'A backup is being made already. Come again when it is done.')
      running.add(db.prisma)
      const session = await db.session().catch(error => ended(db.prisma, error))
      const at = clock.now()
      const made = await dump(session, { at, database: db.kind }).catch(async error => {
        await session.close()
        return ended(db.prisma, error)
      })
      log.info({}, 'a backup is being sent')
      const body = Readable.from(packed(made), { objectMode: false })
      finished(body)
        .then(() => log.info({}, 'a backup was sent'))
        .catch(error => log.warn({ err: String(error) }, 'a backup was not sent to its end'))
        .then(() => session.close())
        .catch(error => log.error({ err: String(error) }, 'the session of a backup was not closed'))
        .finally(() => running.delete(db.prisma))
      http.type = 'application/octet-stream'
      http.set('Cache-Control', 'no-store')
      http.attachment(`paigong-${at.toISOString().replaceAll(/[:.]/g, '-')}.backup`)
      return body
    },
  }),
]

function ended(prisma: object, error: unknown): never {
  running.delete(prisma)
  throw error
}
