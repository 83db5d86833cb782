import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { captureEvidence, decodeManifest, type Evidence, signManifest, verifyTimestamp } from '../../evidence/index.ts'
import type { Fingerprint } from '../../fingerprint/index.ts'
import { openBlockStore } from '../../storage/index.ts'
import type { Action } from '../action.ts'
import { openWritingChain } from '../chain.ts'
import { folderFor, TOKEN, witnessed, writeFolder } from '../evidenceFolder.ts'
import { facts, moment, short } from '../layout.ts'
import type { Answer, Session } from '../session.ts'
import { fingerprintFile, type MediaOptions, mediaOption } from './fingerprint.ts'
import { wholeNumber } from './stack.ts'

interface CaptureFlags extends MediaOptions {
  work?: string
  out?: string
  tsa?: string
  sign?: true
  browser: boolean | string
  allow?: string[]
  timeout: number
  maxSize: number
  ignoreTlsErrors?: true
}

export function addCapture(program: Command, action: Action): void {
  program
    .command('capture')
    .summary('capture a page as evidence')
    .description(
      `Captures a page and everything in it as a web archive (WACZ) with screenshot, PDF, text, addresses and certificates, compares its media with
your work, and writes a manifest that can be signed, timestamped and named in a claim. Check it later with: colophon verify FOLDER/manifest.json

Exit code 0: captured, and with --work a copy was found; 1: captured, but no copy of the work was found.`,
    )
    .argument('<url>', 'the page')
    .optionsGroup('Capturing:')
    .option('--work <file>', 'your work: every picture and the text of the page are compared with it')
    .addOption(mediaOption())
    .option('--out <folder>', 'folder to write; named after host and time by default')
    .option('--browser <file>', 'a Chromium other than the one that is installed')
    .option('--no-browser', 'capture over plain HTTP, without scripts, pictures or screenshot')
    .option('--timeout <seconds>', 'how long the page may load', wholeNumber(1, 3600), 60)
    .option('--max-size <mebibytes>', 'how much may be loaded', wholeNumber(1, 400), 100)
    .option('--allow <host:port...>', 'addresses that may be captured though they are not public')
    .option('--ignore-tls-errors', 'capture although the certificate is not trusted; it is kept in the evidence')
    .optionsGroup('Witnesses:')
    .option('--sign', 'sign the manifest with the account')
    .option('--tsa <url>', 'time-stamping authority (RFC 3161) that witnesses the manifest')
    .action(
      action<[string], CaptureFlags>(async (session, options, url) => {
        const out = resolve(options.out ?? (await folderFor(url)))
        if (await stat(out).catch(() => undefined))
          throw new ColophonError('OUTPUT_EXISTS', `${out} is there already.`, {
            hint: 'Evidence is never written over: choose another folder with --out.',
            details: { file: out },
          })
        const work = options.work === undefined ? undefined : await fingerprintFile(session, options.work, options)
        const evidence = await capture(session, options, url, work)
        const signature = options.sign ? await signManifest(evidence, (await openWritingChain(session)).account.wallet) : undefined
        await writeFolder(out, evidence, signature)
        const token = options.tsa === undefined ? undefined : await witnessed(session, out, evidence.digest, options.tsa)
        const witness = token === undefined ? undefined : await verifyTimestamp(token, evidence.digest)
        return answerOf(session, out, evidence, {
          work: options.work,
          ...(signature === undefined ? {} : { signer: signature.signer }),
          ...(witness === undefined ? {} : { witness: `${witness.authority}, ${moment(witness.time.getTime() / 1000)}` }),
        })
      }),
    )
}

export function addTimestamp(program: Command, action: Action): void {
  program
    .command('timestamp')
    .summary('have evidence witnessed by an authority')
    .description('Asks a time-stamping authority (RFC 3161) to witness the manifest of captured evidence, and keeps its token beside it.')
    .argument('<evidence>', 'folder that capture wrote')
    .requiredOption('--tsa <url>', 'the authority')
    .action(
      action<[string], { tsa: string }>(async (session, { tsa }, folder) => {
        const { digest } = decodeManifest(await readFile(join(folder, 'manifest.json')).catch(missing(folder)))
        if (existsSync(join(folder, TOKEN)))
          throw new ColophonError('OUTPUT_EXISTS', `${folder} has a timestamp already.`, {
            hint: `An earlier witness is the better one; check it with: colophon verify ${folder}`,
            details: { file: join(folder, TOKEN) },
          })
        const witness = await verifyTimestamp(await witnessed(session, folder, digest, tsa), digest)
        return {
          data: { folder, ...witness },
          text: `${session.terminal.mark('ok')} ${witness.authority} saw the manifest at ${moment(witness.time.getTime() / 1000)}.`,
        }
      }),
    )
}

function missing(folder: string): (cause: unknown) => never {
  return (cause) => {
    throw new ColophonError('SOURCE_NOT_FOUND', `There is no evidence in ${folder}.`, {
      hint: 'Give the folder that capture wrote.',
      details: { path: folder },
      cause,
    })
  }
}

async function capture(session: Session, options: CaptureFlags, url: string, work: Fingerprint | undefined): Promise<Evidence> {
  const storage = await openBlockStore(session.settings.store)
  session.onEnd(() => storage.close())
  const bar = session.terminal.bar('Capturing')
  return await captureEvidence(url, {
    ...(work === undefined ? {} : { work, original: options.work! }),
    ...(options.browser === true ? {} : { browser: options.browser }),
    allow: options.allow ?? [],
    timeout: options.timeout * 1000,
    maxBytes: options.maxSize * 1024 * 1024,
    ignoreTlsErrors: options.ignoreTlsErrors ?? false,
    storage,
    signal: session.signal,
    onProgress: bar.onProgress,
  }).finally(bar.end)
}

function answerOf(
  { terminal, verbose }: Session,
  out: string,
  { manifest, cid, digest }: Evidence,
  { work, signer, witness }: { work: string | undefined; signer?: string; witness?: string },
): Answer {
  const copies = manifest.media.filter(({ match }) => match !== undefined && match.verdict !== 'different')
  return {
    data: {
      folder: out,
      cid,
      digest,
      ...(signer === undefined ? {} : { signer }),
      ...(witness === undefined ? {} : { witness }),
      ...manifest,
    },
    text: [
      `${terminal.mark('ok')} Captured ${manifest.finalUrl}${manifest.mode === 'http' ? ', without a browser' : ''}.`,
      '',
      facts([
        ['title', manifest.title],
        ['captured at', manifest.capturedAt],
        ['archive', `${short(manifest.archive.cid, verbose)}, ${manifest.archive.size.toLocaleString('en')} bytes`],
        ['manifest', short(cid, verbose)],
        ['signed by', signer],
        ['witnessed by', witness],
        ['folder', out],
      ]),
      ...(manifest.gaps.length === 0 ? [] : ['', '  Not captured:', ...manifest.gaps.map((gap) => `    ${gap}`)]),
      ...(work === undefined
        ? []
        : copies.length === 0
          ? ['', `  Nothing on the page is a copy of ${work}.`]
          : [
              '',
              `  Copies of ${work}:`,
              ...copies.flatMap(({ url, match }) => [
                `  ${terminal.mark('ok')} ${url}`,
                `      ${match!.explanation}`,
                ...(match!.picture === undefined ? [] : [`      Side by side: ${join(out, match!.picture.path)}`]),
              ]),
            ]),
      '',
      `  Anyone can check it with: colophon verify ${join(out, 'manifest.json')}`,
    ].join('\n'),
    exitCode: work !== undefined && copies.length === 0 ? 1 : 0,
  }
}
