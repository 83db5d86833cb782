import { FetchRequest, formatEther, JsonRpcProvider, Network, type Wallet } from 'ethers'
import { chainIdOf } from '../client/connection.ts'
import { type Colophon, createColophon } from '../client/index.ts'
import { type Deployment, deploymentOn, LOCAL_CHAIN_ID } from '../contracts/deployments.ts'
import { addressOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { publicUrl } from '../errors/publicUrl.ts'
import { type Account, openAccount } from './account.ts'
import { EXIT } from './exitCodes.ts'
import { ask, canAsk } from './prompt.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** A chain to read from. */
export interface ReadingChain {
  provider: JsonRpcProvider
  chainId: number
  deployment: Deployment
  colophon: Colophon
}

/** A chain to write to. */
export interface WritingChain extends ReadingChain {
  account: Account
  address: string
  /** The account, connected. */
  signer: Wallet
}

/** Milliseconds to wait for an answer of the RPC. */
const PATIENCE = 30_000

/**
 * Connects to the RPC and finds the deployment there.
 * @throws NETWORK_UNREACHABLE, WRONG_CHAIN, DEPLOYMENT_UNKNOWN
 */
export async function openChain(session: Session): Promise<ReadingChain> {
  const { settings } = session
  const { provider, chainId } = await connect(session)
  const deployment = deploymentFor(settings, chainId)
  if (deployment === undefined)
    throw new ColophonError('DEPLOYMENT_UNKNOWN', `No deployment is known on chain ${chainId}.`, {
      hint: 'Give the address of the registry with --registry or COLOPHON_REGISTRY.',
      details: { chainId, rpcUrl: publicUrl(settings.rpcUrl) },
    })
  return { provider, chainId, deployment, colophon: createColophon({ provider, deployment }) }
}

/**
 * The same with an account that signs; says when it is a development account.
 * @throws as `openChain` and `openAccount`
 */
export async function openWritingChain(session: Session): Promise<WritingChain> {
  const chain = await openChain(session)
  const account = await openAccount(session, chain.chainId)
  const { address } = account.wallet
  if (account.development)
    session.terminal.note(`Signing with ${account.source} of the local chain, ${address}. Its key is public: use it for nothing else.`)
  const signer = account.wallet.connect(chain.provider)
  return {
    ...chain,
    account,
    address,
    signer,
    colophon: createColophon({ provider: chain.provider, signer, deployment: chain.deployment }),
  }
}

/** Connects and asks for the chain's id; the provider is closed when the session ends. */
export async function connect({ settings, onEnd }: Session): Promise<{ provider: JsonRpcProvider; chainId: number }> {
  const request = (): FetchRequest => {
    const made = new FetchRequest(settings.rpcUrl)
    made.timeout = PATIENCE
    return made
  }
  const probe = new JsonRpcProvider(request())
  let chainId: number
  try {
    chainId = await chainIdOf(probe)
  } catch (fault) {
    const error = chainError(fault)
    throw new ColophonError(error.code, `${error.shortMessage.replace(/\.$/, '')}: ${publicUrl(settings.rpcUrl)}.`, {
      hint:
        error.code !== 'NETWORK_UNREACHABLE'
          ? error.hint!
          : settings.origins.rpcUrl === 'default'
            ? 'Start a local chain with: colophon stack. Or name an RPC with --rpc or COLOPHON_RPC_URL.'
            : 'Check the address and that the node runs.',
      details: { rpcUrl: publicUrl(settings.rpcUrl) },
      cause: fault,
    })
  } finally {
    probe.destroy()
  }
  if (settings.chainId !== undefined && settings.chainId !== chainId)
    throw new ColophonError('WRONG_CHAIN', `The RPC is on chain ${chainId}, but the settings ask for chain ${settings.chainId}.`, {
      hint: 'Check --rpc and --chain; nothing was sent.',
      details: { expected: settings.chainId, found: chainId, rpcUrl: publicUrl(settings.rpcUrl) },
    })
  const local = chainId === LOCAL_CHAIN_ID
  const provider = new JsonRpcProvider(request(), chainId, {
    staticNetwork: Network.from(chainId),
    pollingInterval: local ? 50 : 2000,
    ...(local ? { cacheTimeout: -1 } : {}),
  })
  onEnd(() => provider.destroy())
  return { provider, chainId }
}

/** The deployment that the settings or this SDK know. */
export function deploymentFor({ registry, registryBlock }: Settings, chainId: number): Deployment | undefined {
  if (registry === undefined) return deploymentOn(chainId)
  return { chainId, contracts: { CopyrightRegistry: { address: addressOf('registry', registry), block: registryBlock ?? 0 } } }
}

/** What a transaction would cost. */
export interface Cost {
  gas: bigint
  /** Wei at the present fee; undefined when the RPC names none. */
  wei: bigint | undefined
}

/** Room above the estimate that writes leave, in percent. */
const GAS_MARGIN = 10n

/**
 * What a transaction would cost, once it is known that the account can pay it.
 * @throws INSUFFICIENT_FUNDS
 */
export async function costOf({ provider, address, chainId }: WritingChain, gas: bigint): Promise<Cost> {
  const [{ gasPrice, maxFeePerGas }, balance] = await Promise.all([provider.getFeeData(), provider.getBalance(address)]).catch(
    (fault: unknown) => {
      throw chainError(fault, { action: 'asking for the fee' })
    },
  )
  const price = gasPrice ?? maxFeePerGas
  const wei = price === null ? undefined : gas * price
  // Nodes want the highest fee to be covered, with the room that is left above the estimate.
  const most = (gas * (100n + GAS_MARGIN) * (maxFeePerGas ?? price ?? 0n)) / 100n
  if (balance < most)
    throw new ColophonError(
      'INSUFFICIENT_FUNDS',
      `The account ${address} has ${formatEther(balance)} of the coin of chain ${chainId}; up to ${formatEther(most)} may be needed.`,
      {
        hint: 'Fund it, or sign the deposit for a sponsor, which costs nothing: colophon deposit FILE --sign-only',
        details: { address, chainId, balance: balance.toString(), needed: most.toString() },
      },
    )
  return { gas, wei }
}

export function costText({ gas, wei }: Cost): string {
  return `${gas.toLocaleString('en')} gas${wei === undefined ? '' : `, about ${formatEther(wei)} of the chain's coin`}`
}

/**
 * Asks before real money is spent: on every chain but the local one, unless `--yes` was given.
 * @throws CONFIRMATION_NEEDED when nobody can answer, CANCELLED
 */
export async function confirmCost(session: Session, chainId: number, what: string, cost: Cost, yes: boolean | undefined): Promise<void> {
  if (yes === true || chainId === LOCAL_CHAIN_ID) return
  if (!canAsk())
    throw new ColophonError('CONFIRMATION_NEEDED', `${what} on chain ${chainId} costs ${costText(cost)}, and nobody is there to agree.`, {
      hint: 'Give --yes to agree beforehand; --dry-run shows the cost.',
      details: { chainId, gas: cost.gas.toString(), ...(cost.wei === undefined ? {} : { wei: cost.wei.toString() }) },
    })
  const answer = await ask(`${what} on chain ${chainId} costs ${costText(cost)}. Go on? [y/N] `, { signal: session.signal })
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new ColophonError('CANCELLED', 'Cancelled; nothing was sent.', { hint: 'Answer y to go on.', details: { exit: EXIT.usage } })
}
