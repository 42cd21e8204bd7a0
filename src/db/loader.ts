import DataLoader from 'dataloader'
import { current, type Mark } from './direct.ts'

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
export function loaded<K, V>(
  about: string,
  key: K,
  load: Load<K, V>,
  { keep = false }: LoaderOptions = {},
): Promise<V> {
  const mark = current.getStore()
  if (!mark?.open) return load([key]).then(([answer]) => answer as V)
  const own = loaders.get(mark) ?? new Map<string, DataLoader<unknown, unknown>>()
  loaders.set(mark, own)
  const known = own.get(about) as DataLoader<K, V> | undefined
  const loader = known ?? new DataLoader(load, { cache: keep })
  own.set(about, loader as DataLoader<unknown, unknown>)
  return loader.load(key)
}

/** For whoever changes what is answered to what begins so. */
export function forget(about: string): void {
  const mark = current.getStore()
  for (const [name, loader] of (mark && loaders.get(mark)) ?? []) if (name.startsWith(about)) loader.clearAll()
}
