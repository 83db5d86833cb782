import { basename } from 'node:path'
import type { Command } from 'commander'
import { sha256 } from 'ethers'
import { idOf, parseSigned, type SignedDeposit, workOf } from '../../deposits/index.ts'
import { type EncodedDocument, pinWork, type WorkDescription } from '../../document/index.ts'
import { ColophonError } from '../../errors/base.ts'
import type { Fingerprint } from '../../fingerprint/index.ts'
import type { DepositReceipt } from '../../receipt/index.ts'
import { createRelayClient } from '../../relay/index.ts'
import { createDryStore, openBlockStore } from '../../storage/index.ts'
import type { Action } from '../action.ts'
import { confirmCost, costOf, openChain, openWritingChain, type WritingChain } from '../chain.ts'
import { addDescriptionOptions, type DescriptionOptions, describeWork } from '../description.ts'
import { dryRun } from '../dryRun.ts'
import { facts, moment, short } from '../layout.ts'
import { openOriginality } from '../originality.ts'
import { checkOutput, readText, writeJson, writeReceipt } from '../output.ts'
import type { Answer, Session } from '../session.ts'
import { fingerprintFile, type MediaOptions, mediaOption } from './fingerprint.ts'
import { wholeNumber } from './stack.ts'

export interface WriteFlags {
  yes?: true
  dryRun?: true
  out?: string
  force?: true
}

interface DepositFlags extends DescriptionOptions, MediaOptions, WriteFlags {
  index?: string
  despiteLookAlikes?: true
  signOnly?: true
  submit?: string
  relay?: string
  validFor: number
}

/** Options of everything that sends a transaction and writes a file. */
export function addWriteOptions(command: Command, file: string, { overwrite = true }: { overwrite?: boolean } = {}): Command {
  command.optionsGroup('Sending:').option('--out <file>', file)
  if (overwrite) command.option('--force', 'write over that file if it is there')
  return command
    .option('--yes', 'agree to the cost beforehand')
    .option('--dry-run', 'say what it would do and cost; send and write nothing')
}

export function addDeposit(program: Command, action: Action): void {
  const command = program
    .command('deposit')
    .summary('deposit a work, or sign one for a sponsor')
    .description(
      `Deposits a work: fingerprints the file, pins its document in the block store, records it on the chain and writes a receipt.
The file itself goes nowhere.

A creator without coin names a relay, which pays: --relay URL. Or signs with --sign-only; whoever pays sends the signed request with --submit.`,
    )
    .argument('[file]', 'the work')
    .addOption(mediaOption())
  addDescriptionOptions(command)
  addWriteOptions(command, 'receipt, or with --sign-only the request; FILE.receipt.json or FILE.request.json by default')
    .optionsGroup('Originality:')
    .option('--index <folder>', 'look for look-alikes in this index first, say in the document what was found, and add the deposit to it')
    .option('--despite-look-alikes', 'deposit it even if there are any')
    .optionsGroup('Sponsored:')
    .option('--relay <url>', 'let this relay pay; what it does is checked on the chain. With --submit: hand the request to it')
    .option('--sign-only', 'sign the deposit and write it to a file; costs nothing and sends nothing')
    .option('--valid-for <hours>', 'how long the signature is good', wholeNumber(1, 24 * 365), 24)
    .option('--submit <request>', 'send and pay for a deposit that somebody signed')
    .action(
      action<[string | undefined], DepositFlags>(async (session, options, file) => {
        if (options.submit !== undefined) {
          if (file !== undefined || options.signOnly)
            throw new ColophonError('USAGE', 'With --submit there is no file to deposit and nothing to sign.', {
              hint: 'Give the request alone: colophon deposit --submit REQUEST',
            })
          return options.relay === undefined
            ? await submit(session, options, options.submit)
            : await handOver(session, options, options.relay, options.submit)
        }
        if (options.relay !== undefined && options.signOnly)
          throw new ColophonError('USAGE', '--relay signs and hands over, --sign-only only signs.', { hint: 'Give one of the two.' })
        if (file === undefined)
          throw new ColophonError('USAGE', 'Which file is to be deposited?', { hint: 'colophon deposit FILE, or --submit REQUEST' })
        if (options.relay !== undefined) return await relayed(session, options, options.relay, file)
        return options.signOnly ? await sign(session, options, file) : await deposit(session, options, file)
      }),
    )
}

/** A work made ready for the chain. */
export interface PreparedWork {
  found: Fingerprint
  /** Makes the document and, unless it is a dry run, pins it. */
  pin(known?: Pick<WorkDescription, 'originality'>): Promise<EncodedDocument>
}

/** Fingerprints a file and reads its description. A dry run leaves no trace. */
export async function prepareWork(
  session: Session,
  file: string,
  options: DescriptionOptions & MediaOptions & Pick<WriteFlags, 'dryRun'>,
): Promise<PreparedWork> {
  const description = await describeWork(session, options, basename(file))
  const found = await fingerprintFile(session, file, options)
  return {
    found,
    async pin(known = {}) {
      const storage = options.dryRun ? createDryStore() : await openBlockStore(session.settings.store)
      session.onEnd(() => storage.close())
      return await pinWork(storage, found, { ...description, ...known }, { fileName: basename(file), signal: session.signal })
    },
  }
}

async function deposit(session: Session, options: DepositFlags, file: string): Promise<Answer> {
  const out = options.out ?? `${file}.receipt.json`
  const chain = await openWritingChain(session)
  const { found, pin } = await prepareWork(session, file, options)
  if (!options.dryRun) await checkOutput(out, options.force)
  const originality = options.index === undefined ? undefined : await openOriginality(session, options.index, found, options)
  const document = await pin(originality?.found)
  const input = { fingerprint: found, document }
  const cost = await costOf(chain, await chain.colophon.deposits.create.estimate(input))
  const id = idOf(chain.address, workOf(input))
  if (options.dryRun) return dryRun(chain, 'deposit', { id, document: document.cid }, cost)
  await confirmCost(session, chain.chainId, 'The deposit', cost, options.yes)
  const receipt = await sending(session, 'Depositing', (long) => chain.colophon.deposits.create(input, long))
  await writeReceipt(out, receipt)
  await originality?.add(receipt.id)
  return depositedAnswer(session, receipt, out, { file })
}

async function sign(session: Session, options: DepositFlags, file: string): Promise<Answer> {
  const out = options.out ?? `${file}.request.json`
  const chain = await openWritingChain(session)
  const { found, pin } = await prepareWork(session, file, options)
  if (!options.dryRun) await checkOutput(out, options.force)
  const originality = options.index === undefined ? undefined : await openOriginality(session, options.index, found, options)
  const document = await pin(originality?.found)
  if (options.dryRun) {
    const id = idOf(chain.address, workOf({ fingerprint: found, document }))
    return dryRun(chain, 'sign', { id, document: document.cid }, { gas: 0n, wei: 0n })
  }
  const deadline = await deadlineOf(chain, options)
  const request = await chain.colophon.deposits.sign({ fingerprint: found, document }, { deadline })
  // The sponsor gets the document too, so that whoever pays can read and keep what it pays for.
  await writeJson(out, { ...request, document: Buffer.from(document.bytes).toString('utf8') })
  return {
    data: { request: out, id: idOf(request.claimant, request.work), claimant: request.claimant, deadline, document: document.cid },
    text: [
      `${session.terminal.mark('ok')} Signed; nothing was sent and nothing was paid.`,
      '',
      facts([
        ['request', out],
        ['claimant', request.claimant],
        ['good until', moment(deadline)],
        ['document', short(document.cid, session.verbose)],
      ]),
      '',
      `  Whoever pays runs: colophon deposit --submit ${out}`,
    ].join('\n'),
  }
}

async function submit(session: Session, options: DepositFlags, path: string): Promise<Answer> {
  const text = await readText(path)
  const request: SignedDeposit = parseSigned(text)
  const out = options.out ?? `${path.replace(/\.request\.json$/, '')}.receipt.json`
  const chain = await openWritingChain(session)
  if (!options.dryRun) await checkOutput(out, options.force)
  const cost = await costOf(chain, await chain.colophon.deposits.submitSigned.estimate(request))
  const id = idOf(request.claimant, request.work)
  if (options.dryRun) return dryRun(chain, 'submit', { id, claimant: request.claimant }, cost)
  await confirmCost(session, chain.chainId, `The deposit for ${request.claimant}`, cost, options.yes)
  await pinEnclosed(session, text, request)
  const receipt = await sending(session, 'Depositing', (long) => chain.colophon.deposits.submitSigned(request, long))
  await writeReceipt(out, receipt)
  return depositedAnswer(session, receipt, out)
}

/** Signs a work and lets a relay pay for it. */
async function relayed(session: Session, options: DepositFlags, url: string, file: string): Promise<Answer> {
  const out = options.out ?? `${file}.receipt.json`
  const chain = await openWritingChain(session)
  const { signer, provider, deployment } = chain
  const relay = createRelayClient({ url, signer, provider, deployment })
  // Asked before the file is read: a relay that is elsewhere is of no use.
  await relay.info({ signal: session.signal })
  const { found, pin } = await prepareWork(session, file, options)
  if (!options.dryRun) await checkOutput(out, options.force)
  const originality = options.index === undefined ? undefined : await openOriginality(session, options.index, found, options)
  const document = await pin(originality?.found)
  const input = { fingerprint: found, document }
  if (options.dryRun)
    return dryRun(chain, 'relay', { id: idOf(chain.address, workOf(input)), document: document.cid }, { gas: 0n, wei: 0n })
  const request = await chain.colophon.deposits.sign(input, { deadline: await deadlineOf(chain, options) })
  const receipt = await sending(session, 'Depositing', async (long) => {
    await relay.submit(request, long)
    return await relay.receipt(request, long)
  })
  await writeReceipt(out, receipt)
  await originality?.add(receipt.id)
  return depositedAnswer(session, receipt, out, { file })
}

/** Hands a request that was signed before to a relay; nobody signs or pays here. */
async function handOver(session: Session, options: DepositFlags, url: string, path: string): Promise<Answer> {
  const text = await readText(path)
  const request = parseSigned(text)
  const out = options.out ?? `${path.replace(/\.request\.json$/, '')}.receipt.json`
  const { provider, deployment } = await openChain(session)
  const relay = createRelayClient({ url, provider, deployment })
  await relay.info({ signal: session.signal })
  if (options.dryRun)
    throw new ColophonError('USAGE', 'A request that is handed to a relay costs nothing: there is nothing to try.', {
      hint: 'Leave --dry-run out.',
    })
  await checkOutput(out, options.force)
  await pinEnclosed(session, text, request)
  const receipt = await sending(session, 'Depositing', async (long) => {
    await relay.submit(request, long)
    return await relay.receipt(request, long)
  })
  await writeReceipt(out, receipt)
  return depositedAnswer(session, receipt, out)
}

/** When a signature made now ends, by the clock of the chain. */
async function deadlineOf({ provider }: WritingChain, { validFor }: DepositFlags): Promise<number> {
  const head = await provider.getBlock('latest')
  return (head?.timestamp ?? Math.floor(Date.now() / 1000)) + validFor * 3600
}

/** Pins the document that came with a request, if it is the one that was signed. */
async function pinEnclosed(session: Session, text: string, request: SignedDeposit): Promise<void> {
  const { document } = JSON.parse(text) as { document?: unknown }
  if (typeof document !== 'string') return
  const bytes = new TextEncoder().encode(document)
  if (sha256(bytes) !== request.work.metadata)
    throw new ColophonError('REQUEST_DOCUMENT_WRONG', 'The document in the request is not the one that was signed.', {
      hint: 'Ask the claimant for the request as it was written; nothing was sent.',
      details: { signed: request.work.metadata, found: sha256(bytes) },
    })
  const storage = await openBlockStore(session.settings.store)
  session.onEnd(() => storage.close())
  await storage.putBlock(bytes)
}

/** Runs a write with a progress bar. */
export async function sending<Result>(
  session: Session,
  label: string,
  run: (long: { signal: AbortSignal; onProgress: ReturnType<Session['terminal']['bar']>['onProgress'] }) => Promise<Result>,
): Promise<Result> {
  const bar = session.terminal.bar(label)
  try {
    return await run({ signal: session.signal, onProgress: bar.onProgress })
  } finally {
    bar.end()
  }
}

const KINDS: Record<DepositReceipt['kind'], string> = {
  direct: 'Deposited.',
  signed: 'Deposited for its claimant, who has paid nothing.',
  unsealed: 'Unsealed: the deposit is good from the time of the seal.',
  lifted: 'Lifted: the deposit has a record of its own, with the time of the anchor.',
  anchored: 'Anchored.',
}

/** What is said after a deposit. */
export function depositedAnswer(
  { terminal, verbose }: Session,
  receipt: DepositReceipt,
  out: string,
  { file, said = KINDS[receipt.kind] }: { file?: string; said?: string } = {},
): Answer {
  return {
    data: { receipt: out, ...receipt },
    text: [
      `${terminal.mark('ok')} ${said}`,
      '',
      facts([
        ['id', receipt.id],
        ['claimant', receipt.claimant],
        ['good from', moment(receipt.depositedAt)],
        ['document', receipt.document === undefined ? undefined : short(receipt.document, verbose)],
        ['transaction', receipt.record === undefined ? undefined : short(receipt.record.transaction, verbose)],
        ['receipt', out],
      ]),
      '',
      `  Anyone can check it with: colophon verify ${file === undefined ? out : `${out} --file ${file}`}`,
    ].join('\n'),
  }
}
