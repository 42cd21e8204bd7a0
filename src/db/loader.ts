import DataLoader from 'dataloader'
import { type Mark, markOf } from './mark.ts'
import type { Tx } from './tx.ts'

type Load<K, V> = (keys: readonly K[]) => Promise<readonly V[]>

export interface LoaderOptions {
  /** What was asked before in the transaction is not asked again, until `forget`. */
  keep?: boolean
}

const loaders = new WeakMap<Mark, Map<string, DataLoader<unknown, unknown>>>()

/**
 * Asks for what several in one transaction want at the same time in one statement: `load` gets all their keys and answers in
 * their order. `about` says what is asked; the first to ask in a transaction says how.
 */
export async function loaded<K, V>(
  tx: Tx,
  about: string,
  key: K,
  load: Load<K, V>,
  options?: LoaderOptions,
): Promise<V> {
  const [answer] = await loadedAll(tx, about, [key], load, options)
  return answer as V
}

/** The same for several keys of one who asks, also where there is no transaction. */
export async function loadedAll<K, V>(
  tx: Tx,
  about: string,
  keys: readonly K[],
  load: Load<K, V>,
  { keep = false }: LoaderOptions = {},
): Promise<readonly V[]> {
  if (keys.length === 0) return []
  const mark = markOf(tx)
  if (!mark?.open) return load(keys)
  const own = loaders.get(mark) ?? new Map<string, DataLoader<unknown, unknown>>()
  loaders.set(mark, own)
  const loader = (own.get(about) as DataLoader<K, V> | undefined) ?? new DataLoader(load, { cache: keep })
  own.set(about, loader as DataLoader<unknown, unknown>)
  return Promise.all(keys.map(key => loader.load(key)))
}

/** For whoever changes what is answered to what begins so. */
export function forget(tx: Tx, about: string): void {
  const mark = markOf(tx)
  for (const [name, loader] of (mark && loaders.get(mark)) ?? []) if (name.startsWith(about)) loader.clearAll()
}
