import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import {
  type CertificateLanguage,
  createCertificate,
  type IdentityStatement,
  identityAt,
  previewOf,
  type RoleFont,
} from '../../certificate/index.ts'
import { createConnection } from '../../client/connection.ts'
import { ColophonError } from '../../errors/base.ts'
import { fingerprint } from '../../fingerprint/index.ts'
import { type DepositReceipt, parseReceipt } from '../../receipt/index.ts'
import { openBlockStore } from '../../storage/index.ts'
import type { Action } from '../action.ts'
import { connect, deploymentFor } from '../chain.ts'
import { facts, moment, short } from '../layout.ts'
import { checkOutput, readText, writeBytes } from '../output.ts'
import type { Session } from '../session.ts'

interface CertificateFlags {
  file?: string
  document?: string
  lang: CertificateLanguage
  out?: string
  force?: true
  verifyAt?: string
  font?: string[]
  identity?: true
}

export function addCertificate(program: Command, action: Action): void {
  program
    .command('certificate')
    .summary('make a PDF of a deposit, to show and to check')
    .description(
      `Makes the certificate of a deposit: one page A4 (PDF/A-3) with title, creators, times, hashes and a QR code, and receipt and document
attached. colophon verify FILE.pdf makes it again from these and compares every byte.`,
    )
    .argument('<receipt>', 'receipt of the deposit')
    .option('--file <file>', 'the work: its picture, frames, waveform or first words are shown to everybody who sees the certificate')
    .option('--document <file>', 'the deposit document, if the block store does not have it')
    .addOption(new Option('--lang <language>', 'language of the page').choices(['en', 'zh']).default('en'))
    .option('--verify-at <url>', 'where the QR code leads; {chain}, {registry} and {id} are filled in')
    .option('--font <file...>', 'TrueType fonts for characters that the standard ones lack')
    .option('--identity', 'say how well the claimant is known, as the identity registry has it')
    .option('-o, --out <file>', 'certificate; RECEIPT.pdf by default')
    .option('--force', 'write over that file if it is there')
    .action(
      action<[string], CertificateFlags>(async (session, options, receiptFile) => {
        const receipt = parseReceipt(await readText(receiptFile))
        const out = options.out ?? `${receiptFile.replace(/(\.receipt)?\.json$/i, '')}.pdf`
        await checkOutput(out, options.force)
        const document = await documentFor(session, receipt, options.document)
        const preview = options.file === undefined ? undefined : await previewFor(session, options.file, receipt)
        const identity = options.identity === true ? await identityFor(session, receipt) : undefined
        const pdf = await createCertificate(
          {
            receipt,
            language: options.lang,
            ...(document === undefined ? {} : { document }),
            ...(preview === undefined ? {} : { preview }),
            ...(identity === undefined ? {} : { identity }),
            ...(options.verifyAt === undefined ? {} : { verifyAt: options.verifyAt }),
          },
          { fonts: await fontsOf(options.font) },
        )
        await writeBytes(out, pdf)
        return {
          data: { certificate: out, size: pdf.length, id: receipt.id, language: options.lang, shows: preview?.kind ?? 'fingerprint' },
          text: [
            `${session.terminal.mark('ok')} ${session.terminal.style('bold', `The certificate is in ${out}.`)}`,
            facts([
              ['deposit', short(receipt.id, session.verbose)],
              ['good from', moment(receipt.depositedAt)],
              [
                'shows',
                {
                  picture: 'the picture',
                  frames: 'frames of the film',
                  waveform: 'the waveform',
                  excerpt: 'the beginning of the text',
                  fingerprint: 'the fingerprint',
                }[preview?.kind ?? 'fingerprint'],
              ],
              ['check it', `colophon verify ${out}`],
            ]),
          ].join('\n'),
        }
      }),
    )
}

/** From the file given, or from the block store; a certificate without the document has no title. */
async function documentFor(session: Session, receipt: DepositReceipt, file: string | undefined): Promise<Uint8Array | undefined> {
  if (file !== undefined) return await bytesOf(file)
  if (receipt.document === undefined) return undefined
  if (existsSync(session.settings.store)) {
    const store = await openBlockStore(session.settings.store)
    session.onEnd(() => store.close())
    if (await store.has(receipt.document)) return await store.get(receipt.document)
  }
  throw new ColophonError(
    'CERTIFICATE_DOCUMENT_MISSING',
    'The deposit document, which has title and creators, is not in the block store.',
    {
      hint: 'Give it with --document FILE, or name the store with --store.',
      details: { document: receipt.document, store: session.settings.store },
    },
  )
}

/** Only the work itself may be shown on its certificate. */
async function previewFor(session: Session, file: string, receipt: DepositReceipt): ReturnType<typeof previewOf> {
  const found = await fingerprint(file, {
    signal: session.signal,
    ...(receipt.work.fingerprintType === 0 ? { media: 'data' as const } : {}),
  })
  if (found.sha256 !== receipt.work.contentHash)
    throw new ColophonError('CERTIFICATE_FILE_FOREIGN', `${basename(file)} is not the work that was deposited.`, {
      hint: 'Give the file as it was when it was deposited; its SHA-256 must be that of the receipt.',
      details: { expected: receipt.work.contentHash, found: found.sha256 },
    })
  return await previewOf(file, found.media, { signal: session.signal })
}

async function identityFor(session: Session, receipt: DepositReceipt): Promise<IdentityStatement | undefined> {
  const { provider, chainId } = await connect(session)
  const deployment = deploymentFor(session.settings, chainId)
  return await identityAt(createConnection({ provider, ...(deployment === undefined ? {} : { deployment }) }), receipt)
}

/** Fonts from files, each standing in for what the standard ones lack. */
export async function fontsOf(files: readonly string[] = []): Promise<RoleFont[]> {
  return await Promise.all(files.map(async (file) => ({ name: basename(file), bytes: await bytesOf(file) })))
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return new Uint8Array(
    await readFile(file).catch((cause: unknown) => {
      throw new ColophonError('SOURCE_NOT_FOUND', `${file} cannot be read.`, { hint: 'Check the path.', details: { path: file }, cause })
    }),
  )
}
