/**
 * What the app keeps in this browser: drafts of deposits, receipts, blocks of documents. IndexedDB, so that files of any size fit and two tabs see the same.
 */
export type StoreName = 'drafts' | 'receipts' | 'blocks' | 'openings'

const STORES: StoreName[] = ['drafts', 'receipts', 'blocks', 'openings']

let opening: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('colophon', 1)
    request.onupgradeneeded = () => {
      for (const name of STORES) if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name)
    }
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      // Another tab may bring a newer version of the app.
      request.result.onversionchange = () => {
        request.result.close()
        opening = undefined
      }
      resolve(request.result)
    }
  })
  return opening
}

async function run<Result>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open()
  return await new Promise<Result>((resolve, reject) => {
    const transaction = database.transaction(name, mode)
    const request = work(transaction.objectStore(name))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error)
    transaction.onerror = () => reject(transaction.error)
  })
}

export async function keep(name: StoreName, key: string, value: unknown): Promise<void> {
  await run(name, 'readwrite', (store) => store.put(value, key))
}

export async function kept<Value>(name: StoreName, key: string): Promise<Value | undefined> {
  return (await run(name, 'readonly', (store) => store.get(key))) as Value | undefined
}

export async function keptAll<Value>(name: StoreName): Promise<Value[]> {
  return (await run(name, 'readonly', (store) => store.getAll())) as Value[]
}

export async function forget(name: StoreName, key: string): Promise<void> {
  await run(name, 'readwrite', (store) => store.delete(key))
}
