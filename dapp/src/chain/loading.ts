type Clients = typeof import('./clients.ts')

let clients: Clients | undefined
let loading: Promise<void> | undefined
const listeners = new Set<() => void>()

/** Loads the code that asks the chain, once; a load that failed is tried again. */
export function wantClients(): Promise<void> {
  loading ??= import('./clients.ts').then(
    (loaded) => {
      clients = loaded
      for (const listener of listeners) listener()
    },
    (fault: unknown) => {
      loading = undefined
      throw fault
    },
  )
  return loading
}

/** The code, once it is there. */
export function loadedClients(): Clients | undefined {
  return clients
}

export function watchClients(changed: () => void): () => void {
  listeners.add(changed)
  return () => listeners.delete(changed)
}
