import type { Queued } from './queue.ts'

/** Photos the service does not have yet, in the browser's database: they outlive a reload and a dead battery. */

export interface Kept extends Queued {
  picture: Blob
  /** Whose phone it is: another one who signs in here sends nothing of his. */
  owner: string
}

const name = 'paigong.photos'

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore('photos', { keyPath: 'id' })
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = db.transaction('photos', mode)
      const request = work(transaction.objectStore('photos'))
      // Written only when the transaction is through: before that a reload would lose it.
      transaction.oncomplete = () => done(request.result)
      transaction.onerror = () => fail(transaction.error)
      transaction.onabort = () => fail(transaction.error)
    })
  } finally {
    db.close()
  }
}

export const allKept = (): Promise<Kept[]> => run('readonly', store => store.getAll() as IDBRequest<Kept[]>)
export const keep = (photo: Kept): Promise<unknown> => run('readwrite', store => store.put(photo))
export const forget = (id: string): Promise<unknown> => run('readwrite', store => store.delete(id))
