import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Asked } from '../processes.ts'

/** So many statements of each kind for one request, BEGIN and COMMIT not counted. */
const shape = z.object({ select: z.int(), insert: z.int(), update: z.int(), remove: z.int() })
export type Mix = z.infer<typeof shape>

export const readMix = (text: string | undefined): Mix => shape.parse(JSON.parse(text ?? ''))

/**
 * What a bare server does for one request where the service asked `asked` for so many: all but one BEGIN and COMMIT become
 * reads, so that the number is the same.
 */
export function mixOf(asked: Asked, requests: number): Mix {
  const of = (...words: string[]) => Math.round(words.reduce((sum, word) => sum + (asked[word] ?? 0), 0) / requests)
  const [insert, update, remove] = [of('INSERT'), of('UPDATE'), of('DELETE')]
  const all = of(...Object.keys(asked))
  return { select: Math.max(all - 2 - insert - update - remove, 0), insert, update, remove }
}

export const statementsIn = ({ select, insert, update, remove }: Mix): number => 2 + select + insert + update + remove

export const schema = `
  CREATE TABLE IF NOT EXISTS bare_row (id int PRIMARY KEY, body jsonb NOT NULL, version int NOT NULL);
  CREATE TABLE IF NOT EXISTS bare_fact (id uuid PRIMARY KEY, body jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
  INSERT INTO bare_row SELECT n, '{"name": "王女士", "address": "示例路 1 号", "fault": "不制冷"}', 0
    FROM generate_series(0, 9999) n ON CONFLICT DO NOTHING;`

const fact = JSON.stringify({ fact: 'accepted', by: randomUUID(), via: 'text', words: '接单 1001' })

type Query = (text: string, values?: unknown[]) => Promise<unknown>

/** One request's statements, one after the other, each by a primary key. */
export async function transaction({ select, insert, update, remove }: Mix, query: Query): Promise<void> {
  const any = () => Math.floor(Math.random() * 10_000)
  await query('BEGIN')
  for (let n = 0; n < select; n++) await query('SELECT id, body, version FROM bare_row WHERE id = $1', [any()])
  for (let n = 0; n < insert; n++) await query('INSERT INTO bare_fact (id, body) VALUES ($1, $2)', [randomUUID(), fact])
  // In the order of ids, so that no two wait for each other.
  for (const id of Array.from({ length: update }, any).sort((a, b) => a - b))
    await query('UPDATE bare_row SET version = version + 1 WHERE id = $1', [id])
  for (let n = 0; n < remove; n++) await query('DELETE FROM bare_fact WHERE id = $1', [randomUUID()])
  await query('COMMIT')
}
