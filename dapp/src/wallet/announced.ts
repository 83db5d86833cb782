import type { Eip1193, WalletChoice } from './provider.ts'

interface Announcement {
  info?: { uuid?: unknown; name?: unknown; icon?: unknown; rdns?: unknown }
  provider?: { request?: unknown }
}

const MOST_WALLETS = 20
/** Pictures only, and from the announcement itself: a remote one would tell a server who visits. */
const ICON = /^data:image\/(png|jpeg|webp|gif|svg\+xml)[;,]/

/** Listens for wallets that announce themselves (EIP-6963) and asks those that are there to do so. What they say of themselves is not believed, only shown. */
export function watchWallets(onChange: (wallets: WalletChoice[]) => void): () => void {
  const wallets = new Map<string, WalletChoice>()
  const hear = (event: Event): void => {
    const choice = readAnnouncement((event as CustomEvent<unknown>).detail)
    if (choice === undefined || wallets.size >= MOST_WALLETS) return
    wallets.set(choice.id, choice)
    onChange([...wallets.values()])
  }
  addEventListener('eip6963:announceProvider', hear)
  dispatchEvent(new Event('eip6963:requestProvider'))
  return () => removeEventListener('eip6963:announceProvider', hear)
}

export function readAnnouncement(detail: unknown): WalletChoice | undefined {
  const { info, provider } = (detail ?? {}) as Announcement
  if (typeof info?.rdns !== 'string' || typeof info.name !== 'string' || typeof provider?.request !== 'function') return undefined
  const icon = typeof info.icon === 'string' && info.icon.length < 200_000 && ICON.test(info.icon) ? { icon: info.icon } : {}
  return { id: info.rdns.slice(0, 100), name: info.name.slice(0, 60), ...icon, provider: provider as Eip1193 }
}
