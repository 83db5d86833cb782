import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { formatEther, type Provider } from 'ethers'
import { isGenuine } from '../../contracts/code.ts'
import { type ContractName, LOCAL_CHAIN_ID } from '../../contracts/deployments.ts'
import { ColophonError } from '../../errors/base.ts'
import { publicUrl, withPublicUrls } from '../../errors/publicUrl.ts'
import { findAnvil } from '../../stack/index.ts'
import { openBlockStore } from '../../storage/index.ts'
import { openAccount } from '../account.ts'
import type { Action } from '../action.ts'
import { connect, deploymentFor } from '../chain.ts'
import { EXIT } from '../exitCodes.ts'
import { table } from '../layout.ts'
import type { Session } from '../session.ts'

/** One thing looked at. */
interface Finding {
  name: string
  status: 'ok' | 'warning' | 'failed'
  found: string
  /** What to do about it. */
  cure?: string
}

export function addDoctor(program: Command, action: Action): void {
  program
    .command('doctor')
    .summary('look for what could go wrong')
    .description('Checks Node, optional packages, configuration, RPC, contracts, account and block store, and names a cure for each fault.')
    .action(
      action<[], object>(async (session) => {
        const findings = [
          node(),
          await sharp(),
          await nodeAv(),
          anvil(),
          configuration(session),
          await store(session),
          ...(await chain(session)),
        ]
        const failed = findings.filter(({ status }) => status === 'failed').length
        const warnings = findings.filter(({ status }) => status === 'warning').length
        const mark = { ok: 'ok', warning: 'open', failed: 'no' } as const
        const { terminal } = session
        return {
          data: { ok: failed === 0, findings },
          text: [
            table(findings.map(({ name, status, found }) => [terminal.mark(mark[status]), name, found])),
            ...findings.flatMap(({ cure, name }) => (cure === undefined ? [] : [`\n  ${terminal.style('bold', name)}: ${cure}`])),
            '',
            failed > 0 ? `  ${failed} to cure.` : warnings > 0 ? '  Works; see the notes.' : '  Everything is in order.',
          ].join('\n'),
          exitCode: failed === 0 ? EXIT.ok : EXIT.no,
        }
      }),
    )
}

function node(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  return major >= 20
    ? { name: 'Node.js', status: 'ok', found: process.version }
    : { name: 'Node.js', status: 'failed', found: process.version, cure: 'Install Node.js 20 or newer.' }
}

async function sharp(): Promise<Finding> {
  try {
    const { versions } = (await import('sharp')).default
    return { name: 'sharp', status: 'ok', found: `${versions.sharp}, decodes pictures` }
  } catch {
    return {
      name: 'sharp',
      status: 'warning',
      found: 'not there',
      cure: 'Pictures cannot be fingerprinted without it: npm install sharp',
    }
  }
}

async function nodeAv(): Promise<Finding> {
  try {
    const { getFFmpegInfo } = await import('node-av/lib')
    return { name: 'node-av', status: 'ok', found: `FFmpeg ${getFFmpegInfo().version}, decodes recordings` }
  } catch {
    return {
      name: 'node-av',
      status: 'warning',
      found: 'not there',
      cure: 'Recordings cannot be fingerprinted without it: npm install node-av',
    }
  }
}

function anvil(): Finding {
  try {
    return {
      name: 'anvil',
      status: 'ok',
      found: `${findAnvil().includes('node_modules') ? 'from its package' : 'from the path'}, for colophon stack`,
    }
  } catch (fault) {
    return { name: 'anvil', status: 'warning', found: 'not there', cure: `Only colophon stack needs it. ${(fault as ColophonError).hint}` }
  }
}

function configuration({ settings }: Session): Finding {
  return { name: 'configuration', status: 'ok', found: settings.file ?? 'no file; flags, environment and defaults' }
}

async function store({ settings }: Session): Promise<Finding> {
  const name = 'block store'
  const folder = settings.store
  try {
    let there = folder
    while (!existsSync(there)) there = dirname(there)
    // First, since a folder with something in it is no store.
    if (there === folder) await (await openBlockStore(folder)).close()
    // Writing to the user's store would leave a block behind, so a store of its own is made beside it.
    const trial = await mkdtemp(join(there, '.doctor-')).catch((cause: Error) => {
      throw new ColophonError('STORAGE_NOT_WRITABLE', `${folder} cannot be written: ${cause.message}.`, {
        hint: 'Check its permissions and free space.',
      })
    })
    try {
      const storage = await openBlockStore(trial)
      const bytes = randomBytes(64)
      const { cid } = await storage.putBlock(bytes)
      const back = await storage.get(cid)
      await storage.close()
      if (Buffer.compare(back, bytes) !== 0) throw new ColophonError('STORAGE_DAMAGED', 'It does not give back what was put in.')
    } finally {
      await rm(trial, { recursive: true, force: true })
    }
    return { name, status: 'ok', found: `${folder}, ${there === folder ? 'readable and writable' : 'will be made when it is needed'}` }
  } catch (fault) {
    const { message, hint } = told(fault)
    return { name, status: 'failed', found: message, cure: hint ?? 'Choose another folder with --store or COLOPHON_STORE.' }
  }
}

async function chain(session: Session): Promise<Finding[]> {
  const { settings } = session
  let provider: Provider
  let chainId: number
  try {
    ;({ provider, chainId } = await connect(session))
  } catch (fault) {
    const { message, hint } = told(fault)
    return [{ name: 'RPC', status: 'failed', found: message, ...(hint === undefined ? {} : { cure: hint }) }]
  }
  const local = chainId === LOCAL_CHAIN_ID ? ', a local chain' : ''
  return [
    { name: 'RPC', status: 'ok', found: `${publicUrl(settings.rpcUrl)}, chain ${chainId}${local}` },
    await contracts(session, provider, chainId),
    await account(session, provider, chainId),
  ]
}

async function contracts({ settings }: Session, provider: Provider, chainId: number): Promise<Finding> {
  const name = 'contracts'
  const deployment = deploymentFor(settings, chainId)
  if (deployment === undefined)
    return {
      name,
      status: 'failed',
      found: `none known on chain ${chainId}`,
      cure: 'Give the address of the registry with --registry or COLOPHON_REGISTRY.',
    }
  try {
    const found: string[] = []
    for (const [contract, at] of Object.entries(deployment.contracts)) {
      const code = await provider.getCode(at!.address)
      if (code === '0x')
        return {
          name,
          status: 'failed',
          found: `no code at ${at!.address} (${contract})`,
          cure: chainId === LOCAL_CHAIN_ID ? 'Start the local chain with: colophon stack' : 'Check the address and the chain.',
        }
      if (!isGenuine(contract as ContractName, code))
        return {
          name,
          status: 'warning',
          found: `other code than expected at ${at!.address} (${contract})`,
          cure: 'It is another version of the contract, or none of ours: use it only if you know why.',
        }
      found.push(`${contract} at ${at!.address}`)
    }
    // The registry comes first; with it the others can be told from the deployment.
    const [first, ...others] = found
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return { name, status: 'ok', found: `${first}${more}, with the expected code` }
  } catch (fault) {
    return { name, status: 'failed', found: told(fault).message, cure: 'Check the RPC.' }
  }
}

async function account(session: Session, provider: Provider, chainId: number): Promise<Finding> {
  const name = 'account'
  try {
    const { wallet, source } = await openAccount(session, chainId)
    const balance = await provider.getBalance(wallet.address)
    const found = `${wallet.address}, ${formatEther(balance)} of the chain's coin (${source})`
    return balance > 0n
      ? { name, status: 'ok', found }
      : { name, status: 'warning', found, cure: 'It cannot pay. Fund it, or sign deposits for a sponsor with --sign-only.' }
  } catch (fault) {
    const { message, hint } = told(fault)
    const missing = fault instanceof ColophonError && fault.code === 'ACCOUNT_MISSING'
    return { name, status: missing ? 'warning' : 'failed', found: message, ...(hint === undefined ? {} : { cure: hint }) }
  }
}

function told(fault: unknown): { message: string; hint?: string } {
  if (fault instanceof ColophonError)
    return fault.hint === undefined ? { message: fault.shortMessage } : { message: fault.shortMessage, hint: fault.hint }
  return { message: withPublicUrls((fault as Error).message.split('\n')[0]!) }
}
