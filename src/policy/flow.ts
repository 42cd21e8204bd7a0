import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Invalid, Refusal } from '../errors.ts'
import { readPolicy } from './load.ts'
import { mayTakeBack, nextVersion, stamped } from './publish.ts'
import type { Policy } from './schema.ts'
import { addVersion, publishedText, publishedVersions, takeBack } from './store.ts'

type Known = Pick<Context, 'company' | 'db' | 'books' | 'log'>

/** Texts this program can't read, so that each is complained of once. */
const told = new WeakMap<object, Set<string>>()

/** Takes up what was published since, here or on another instance, and lets go of what was taken back. */
export async function refreshPolicies({ company, db: { prisma }, books, log }: Known): Promise<number> {
  const rows = (await publishedVersions(prisma, company)).filter(({ withdrawnAt }) => withdrawnAt === null)
  const broken = told.get(books) ?? new Set<string>()
  told.set(books, broken)
  const policies: Policy[] = []
  let read = 0
  for (const { name, version } of rows) {
    const known = books.published(name, version)
    const key = `${name} ${version}`
    if (known) policies.push(known)
    if (known || broken.has(key)) continue
    try {
      const text = (await publishedText(prisma, company, name, version)) ?? ''
      policies.push(books.from(readPolicy(text, key, books.zone), text))
      read += 1
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      // Written for another release of this program: work goes on by the version before.
      broken.add(key)
      log.error(
        { policy: name, version, err: error.message },
        'a published policy can not be read: publish it anew; the version before is used instead',
      )
    }
  }
  books.publish(policies)
  return read
}

/**
 * Publishes a text as the next version of the policy it names; returns it as it is kept. It is taken up by `refreshPolicies`
 * once the transaction is over. @throws Invalid with every fault of the text; Refusal where its day is too early
 */
export async function publishPolicy(
  tx: Tx,
  ctx: Context,
  { text, effective, by }: { text: string; effective: string; by: string },
): Promise<Policy> {
  const { company, books, clock } = ctx
  const now = clock.now()
  const { name, zone } = readPolicy(text, 'policy', books.zone)
  const rows = await publishedVersions(tx, company, name)
  // What another instance published a moment ago is not among the books of this one yet.
  const standing = [...books.versionsOf(name), ...rows.filter(({ withdrawnAt }) => withdrawnAt === null)]
  const used = rows.map(one => one.version)
  const version = nextVersion(standing, used, { zone, effective, now })
  const kept = stamped(text, { version, effective })
  const policy = readPolicy(kept, 'policy', books.zone)
  if (policy.name !== name || policy.version !== version || policy.effective !== effective)
    throw new Refusal('policy', '「version」和「effective」各写一行，顶格，只写一次。')
  if (!(await addVersion(tx, company, { name, version, effective, text: kept, by, at: now })))
    throw new Refusal('race', `刚刚有人发布了「${policy.title}」第 ${version} 版。请刷新页面，看过再发布。`)
  return policy
}

/** Takes a version back that is not in force yet. @throws Refusal */
export async function withdrawPolicy(
  tx: Tx,
  { company, books, clock }: Context,
  { name, version, by }: { name: string; version: number; by: string },
): Promise<void> {
  const policy = books.published(name, version)
  if (!policy) throw new Refusal('none', '没有这一版，或者它写在文件里：文件里的由管理员去改。')
  const now = clock.now()
  if (!mayTakeBack(policy, now))
    throw new Refusal('late', `第 ${version} 版已经生效或马上生效，不能撤回。要改请发布新的一版。`)
  if (!(await takeBack(tx, company, { name, version }, { by, now })))
    throw new Refusal('done', `第 ${version} 版已经撤回了。`)
}
