/**
 * What the app is configured with: `colophon.json` beside `index.html`. Everything but an RPC is optional.
 */
export interface Settings {
  /** JSON-RPC over HTTP; absolute, or relative to the page. */
  rpcUrl: string
  chainId: number
  /** How the chain is called, and its coin. */
  chainName: string
  currency: string
  /** Where the contracts are; by default what the SDK knows on the chain. */
  contracts?: Record<string, { address: string; block: number }>
  /** IPFS gateways for reading documents, before `/ipfs/CID`; what they give is hashed again. */
  gateways: string[]
  /** A Kubo RPC that takes documents; without one they stay in this browser, to be exported. */
  storage?: string
  /** A sponsor that pays for signed deposits. */
  relay?: string
  /**
   * Where captured pages are replayed, an origin of its own: see docs/dapp.md. `{archive}` in its host stands for part of the archive's hash, so that each
   * archive has one. Without it pages are not replayed.
   */
  replay?: string
  /** For wallets, when the page's own address of the RPC is none that they can use. */
  walletRpcUrl?: string
  /** Accounts of a local development chain, whose keys everybody knows: the dev wallet signs with them. */
  devAccounts?: { name: string; address: string; privateKey: string }[]
}

const LOCAL_CHAIN = 31_337

/** How often the chain is asked for news: a local one is here and has a block for each transaction, others are elsewhere and take seconds for one. */
export function pollingOf({ chainId }: Settings): { pollingInterval: number } {
  return { pollingInterval: chainId === LOCAL_CHAIN ? 150 : 1500 }
}

/** @throws Error that says which field is wrong */
export function parseSettings(value: unknown, base: string): Settings {
  const given = value as Partial<Settings> | null
  if (typeof given !== 'object' || given === null) throw new Error('colophon.json is no object')
  const { chainId } = given
  if (!Number.isSafeInteger(chainId) || chainId! < 1) throw new Error('colophon.json: chainId is no chain id')
  if (given.devAccounts !== undefined && chainId !== LOCAL_CHAIN)
    throw new Error('colophon.json: devAccounts are for local development chains alone; their keys are public')
  const gateways = (given.gateways ?? []).map((url, index) => address(url, base, `gateways[${index}]`))
  return {
    rpcUrl: address(given.rpcUrl, base, 'rpcUrl'),
    chainId: chainId!,
    chainName: given.chainName ?? `Chain ${chainId}`,
    currency: given.currency ?? 'ETH',
    gateways,
    ...(given.contracts === undefined ? {} : { contracts: given.contracts }),
    ...(given.storage === undefined ? {} : { storage: address(given.storage, base, 'storage') }),
    ...(given.relay === undefined ? {} : { relay: address(given.relay, base, 'relay') }),
    ...(given.replay === undefined ? {} : { replay: replayAddress(given.replay, base) }),
    ...(given.walletRpcUrl === undefined ? {} : { walletRpcUrl: address(given.walletRpcUrl, base, 'walletRpcUrl') }),
    ...(given.devAccounts === undefined ? {} : { devAccounts: given.devAccounts }),
  }
}

/** Whatever has another scheme than HTTP is refused. */
function address(value: unknown, base: string, field: string): string {
  // `URL.parse` is younger than browsers that are in use.
  const url = typeof value === 'string' && URL.canParse(value, base) ? new URL(value, base) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw new Error(`colophon.json: ${field} is no address`)
  return url.href.replace(/\/$/, '')
}

/** Replayed pages run there, and could do on the app's own origin whatever the app can. */
function replayAddress(value: unknown, base: string): string {
  const url = new URL(address(typeof value === 'string' ? value.replaceAll('{archive}', '0') : value, base, 'replay'))
  if (url.origin === new URL(base).origin || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new Error('colophon.json: replay is no origin of its own')
  return value as string
}

export async function loadSettings(): Promise<Settings> {
  const answer = await fetch('colophon.json', { cache: 'no-store' })
  if (!answer.ok) throw new Error(`colophon.json cannot be read: status ${answer.status}`)
  return parseSettings(await answer.json(), location.href)
}
