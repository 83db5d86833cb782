import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Provider } from 'ethers'
import { type CertificateData, verifyCertificate } from '../../certificate/index.ts'
import type { Deployment } from '../../contracts/deployments.ts'
import { ColophonError } from '../../errors/base.ts'
import { fingerprint, type Media } from '../../fingerprint/index.ts'
import type { Source } from '../../source/index.ts'
import { openBlockStore } from '../../storage/index.ts'
import { type Check, type FileFacts, type Subject, type Verdict, type Verification, verify } from '../../verify/index.ts'
import type { Action } from '../action.ts'
import { announces } from '../announces.ts'
import { connect, deploymentFor } from '../chain.ts'
import { checkEvidence, evidenceAt } from '../evidence.ts'
import { EXIT } from '../exitCodes.ts'
import { facts, moment, short } from '../layout.ts'
import { readText } from '../output.ts'
import type { Answer, Session } from '../session.ts'
import { fontsOf } from './certificate.ts'

interface VerifyFlags {
  file?: string
  receipt?: string
  document?: string
  offline?: true
  blockHash?: string
  tsaRoots?: string[]
  font?: string[]
}

export function addVerify(program: Command, action: Action): void {
  program
    .command('verify')
    .summary('check a deposit from the outside')
    .description(
      `Checks a deposit, trusting nobody but the RPC: recomputes hash, fingerprint, ISCC, document CID and id, and compares the record, its
event and block time, the Merkle proof, the seal and the signature. A file with its receipt beside it (FILE.receipt.json) is checked with it.

Exit code 0: verified; 1: refuted or not found; 3: the chain could not be asked.`,
    )
    .argument('<what>', 'a file, a receipt, a certificate, the id of a deposit, or evidence that capture wrote')
    .option('--file <file>', 'the work, when a receipt, a certificate or an id is given')
    .option('--receipt <file>', 'the receipt, when a file is given')
    .option('--document <file>', 'the deposit document, if the block store does not have it')
    .option('--offline', 'check only what needs no chain')
    .option('--block-hash <hash>', 'a block hash that you trust: a receipt with a proof then needs no RPC')
    .option('--font <file...>', 'for certificates: fonts they were set in, if the SDK does not have them')
    .option('--tsa-roots <file...>', 'for evidence: certificates of time-stamping authorities to trust, PEM or DER')
    .action(
      action<[string], VerifyFlags>(async (session, options, what) => {
        const evidence = await evidenceAt(what)
        if (evidence !== undefined) return await checkEvidence(session, evidence, options)
        const certificate = await certificateAt(what)
        const { subject, used } = certificate === undefined ? await subjectOf(what, options) : { subject: {}, used: undefined }
        const chain = options.offline || options.blockHash !== undefined ? trustedOffline(session) : await reach(session)
        // A store that is not there has nothing; opening it would make a folder.
        const storage = existsSync(session.settings.store) ? await openBlockStore(session.settings.store) : undefined
        if (storage !== undefined) session.onEnd(() => storage.close())
        const bar = session.terminal.bar('Verifying')
        const long = {
          ...chain,
          ...(storage === undefined ? {} : { storage }),
          ...(options.blockHash === undefined ? {} : { blockHash: options.blockHash }),
          fingerprint: factsOf,
          signal: session.signal,
          onProgress: bar.onProgress,
        }
        if (certificate !== undefined) {
          const file = options.file === undefined ? {} : { file: await fileAt(options.file) }
          const checked = { ...long, ...file, fonts: await fontsOf(options.font) }
          const { content, ...result } = await verifyCertificate(certificate, checked).finally(bar.end)
          return answerOf(session, result, undefined, content?.data)
        }
        return answerOf(session, await verify(subject, long).finally(bar.end), used)
      }),
    )
}

/** A PDF that says of itself to be a certificate, in more than one place, so that no single change hides it. */
async function certificateAt(path: string): Promise<Uint8Array | undefined> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0
  if (size === 0 || size > MAX_CERTIFICATE) return undefined
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined) return undefined
  const marks = [
    '%PDF-1.7',
    '(certificate.json)',
    '"colophon-certificate"',
    '(deposit.receipt.json)',
    '"colophon-deposit-receipt"',
    '%%EOF',
  ]
  return marks.filter((mark) => bytes.includes(mark)).length >= 4 ? new Uint8Array(bytes) : undefined
}

/** Bytes; pictures on certificates are small. */
const MAX_CERTIFICATE = 32 << 20

/** What is given, told apart: an id by its form, a receipt by what the file says of itself, anything else is the work. */
async function subjectOf(what: string, options: VerifyFlags): Promise<{ subject: Subject; used?: string }> {
  const subject: Subject = {}
  let used: string | undefined
  if (/^0x[0-9a-fA-F]{64}$/.test(what) && !existsSync(what)) subject.id = what
  else if (await announces(what, 'colophon-deposit-receipt')) subject.receipt = await readText(what)
  else subject.file = await fileAt(what)

  if (options.file !== undefined) {
    if (subject.file !== undefined) throw tooMany('--file')
    subject.file = await fileAt(options.file)
  }
  if (options.receipt !== undefined) {
    if (subject.receipt !== undefined) throw tooMany('--receipt')
    subject.receipt = await readText(options.receipt)
  } else if (subject.receipt === undefined && subject.id === undefined && existsSync(`${what}.receipt.json`)) {
    used = `${what}.receipt.json`
    subject.receipt = await readText(used)
  }
  if (options.document !== undefined)
    subject.document = await readFile(options.document).catch((cause: unknown) => {
      throw new ColophonError('SOURCE_NOT_FOUND', `The document ${options.document} cannot be read.`, { hint: 'Check the path.', cause })
    })
  return used === undefined ? { subject } : { subject, used }
}

function tooMany(option: string): ColophonError {
  return new ColophonError('USAGE', `${option} is given twice: the argument is one already.`, { hint: 'Leave one of them out.' })
}

/** The path, if there is a file. */
async function fileAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true)
    throw new ColophonError('SOURCE_NOT_FOUND', `There is no file ${path}.`, {
      hint: 'Give a file, a receipt, or the id of a deposit: 0x and 64 hex digits.',
      details: { path },
    })
  return path
}

/** What goes on chain. A file that was damaged may no longer decode, and data never did: then its identity alone is compared. */
async function factsOf(path: Source, long: { layers: 'signature'; signal?: AbortSignal; media?: Media }): Promise<FileFacts> {
  try {
    return await fingerprint(path, long)
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    if (fault.code === 'FINGERPRINT_EMPTY') return { sha256: SHA256_OF_NOTHING }
    if (fault.code === 'FINGERPRINT_WRONG_MEDIA' || !/^(FINGERPRINT_|IMAGE_|AUDIO_|VIDEO_|TEXT_)/.test(fault.code)) throw fault
    return await fingerprint(path, { ...long, media: 'data' })
  }
}

const SHA256_OF_NOTHING = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** An RPC that cannot be reached leaves the checks that need no chain. */
async function reach(session: Session): Promise<{ provider?: Provider; deployment?: Deployment }> {
  try {
    const { provider, chainId } = await connect(session)
    const deployment = deploymentFor(session.settings, chainId)
    return { provider, ...(deployment === undefined ? {} : { deployment }) }
  } catch (fault) {
    if (!(fault instanceof ColophonError) || !/^(NETWORK_|RATE_LIMITED)/.test(fault.code)) throw fault
    session.terminal.note(`${fault.shortMessage} Only what needs no chain is checked. ${fault.hint ?? ''}`)
    return {}
  }
}

/** The registry that the settings name, when a chain is named too; without an RPC nothing else tells which chain they mean. */
function trustedOffline({ settings }: Session): { deployment?: Deployment } {
  if (settings.registry === undefined || settings.chainId === undefined) return {}
  const deployment = deploymentFor(settings, settings.chainId)
  return deployment === undefined ? {} : { deployment }
}

const VERDICTS: Record<Verdict, { mark: 'ok' | 'no' | 'open'; text: string; exitCode: number }> = {
  verified: { mark: 'ok', text: 'Verified: the deposit is on the chain and everything given agrees with it.', exitCode: EXIT.ok },
  refuted: { mark: 'no', text: 'Refuted: what was given does not agree with the deposit.', exitCode: EXIT.no },
  'not-found': { mark: 'no', text: 'Not found: the chain has no such deposit.', exitCode: EXIT.no },
  incomplete: {
    mark: 'open',
    text: 'Incomplete: nothing speaks against it, but no trusted registry was asked.',
    exitCode: EXIT.environment,
  },
}

const INCOMPLETE_CERTIFICATE = 'Incomplete: nothing speaks against it, but not all that it shows could be checked.'

function answerOf({ terminal, verbose }: Session, result: Verification, used?: string, certificate?: CertificateData): Answer {
  const { verdict, checks, receipt, others } = result
  const { mark, text: said, exitCode } = VERDICTS[verdict]
  const text = certificate !== undefined && verdict === 'incomplete' ? INCOMPLETE_CERTIFICATE : said
  const made = checks.filter((check) => check.status !== 'skipped')
  const left = checks.filter((check) => check.status === 'skipped')
  return {
    data: certificate === undefined ? result : { ...result, certificate },
    text: [
      `${terminal.mark(mark)} ${terminal.style('bold', text)}`,
      ...(used === undefined ? [] : [`  With the receipt ${used}.`]),
      '',
      ...(receipt === undefined
        ? []
        : [
            facts([
              ['id', receipt.id],
              ['claimant', receipt.claimant],
              ['good from', moment(receipt.depositedAt)],
              ['kind', receipt.kind],
              ['document', receipt.document === undefined ? undefined : short(receipt.document, verbose)],
            ]),
            '',
          ]),
      ...made.map((check) => line(check)),
      ...(certificate === undefined
        ? []
        : ['', `  Its QR code leads to ${certificate.verifyAt}, which its issuer chose: it proves nothing.`]),
      ...(left.length === 0
        ? []
        : verbose || (certificate !== undefined && verdict === 'incomplete')
          ? ['', ...left.map((check) => line(check))]
          : ['', `  Not checked: ${left.map(({ name }) => name).join(', ')} (--verbose says why).`]),
      ...(others.length === 0
        ? []
        : [
            '',
            `  ${others.length === 1 ? 'One other deposit' : `${others.length} other deposits`} of the same file (one earlier than this is wrong about it):`,
            ...others.map(({ claimant, depositedAt }) => `    ${claimant}  ${moment(depositedAt)}`),
          ]),
    ].join('\n'),
    exitCode,
  }

  /** Hashes shortened wherever they stand in a sentence. */
  function shortened(text = ''): string {
    return text.replace(/\w{40,}/g, (value) => short(value, verbose))
  }

  function line({ name, status, explanation, expected, found }: Check): string {
    const sign = terminal.mark(status === 'ok' ? 'ok' : status === 'failed' ? 'no' : 'open')
    const head = `  ${sign} ${name.padEnd(16)}  ${explanation}`
    if (status !== 'failed') return head
    return `${head}\n${' '.repeat(22)}expected ${shortened(expected)}\n${' '.repeat(22)}found    ${shortened(found)}`
  }
}
