import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { type Fingerprint, type FingerprintOptions, fingerprint } from '../../fingerprint/index.ts'
import type { Action } from '../action.ts'
import { EXIT, exitCodeOf } from '../exitCodes.ts'
import { forCommandLine } from '../hints.ts'
import { counted, facts, short } from '../layout.ts'
import type { Session } from '../session.ts'
import { bytes } from '../terminal.ts'

export interface MediaOptions {
  as?: 'image' | 'audio' | 'video' | 'text' | 'data'
}

/** Whether what recognises changed copies is computed as well, beside identity and what goes on chain. */
type Layers = NonNullable<FingerprintOptions['layers']>

/** How a file is to be taken. */
export function mediaOption(): Option {
  return new Option('--as <media>', 'take the file for this; data takes any file, and then recognises exact copies only').choices([
    'image',
    'audio',
    'video',
    'text',
    'data',
  ])
}

export function addFingerprint(program: Command, action: Action): void {
  program
    .command('fingerprint')
    .summary('identify works: SHA-256, ISCC and robust fingerprint')
    .description('Identifies works. The files stay where they are and nothing is sent anywhere.')
    .argument('<file...>', 'files to fingerprint')
    .addOption(mediaOption())
    .option('--features', 'with --json: the features that matching uses as well')
    .action(
      action<[string[]], MediaOptions & { features?: true }>(async (session, options, files) => {
        const done: { file: string; fingerprint?: Fingerprint; error?: ColophonError }[] = []
        for (const file of files) {
          session.signal.throwIfAborted()
          try {
            done.push({ file, fingerprint: await fingerprintFile(session, file, options, options.features ? 'all' : 'signature') })
          } catch (error) {
            // One bad file among many must not hide the others; one alone is an error.
            if (files.length === 1 || !(error instanceof ColophonError) || session.signal.aborted) throw error
            done.push({ file, error: forCommandLine(error) })
          }
        }
        const failed = done.find(({ error }) => error !== undefined)?.error
        const data = done.map(({ file, fingerprint: found, error }) => ({
          file,
          ...(found === undefined ? { error: error!.toJSON() } : options.features ? found : withoutFeatures(found)),
        }))
        return {
          data: files.length === 1 ? data[0] : { files: data },
          text: done
            .map(({ file, fingerprint: found, error }) =>
              found === undefined
                ? `${session.terminal.mark('no')} ${file}\n  ${error!.shortMessage} ${error!.hint ?? ''}`
                : describe(session, file, found),
            )
            .join('\n\n'),
          exitCode: failed === undefined ? EXIT.ok : exitCodeOf(failed),
        }
      }),
    )
}

/** Fingerprints a file with a progress bar. */
export async function fingerprintFile(
  session: Session,
  file: string,
  options: MediaOptions = {},
  layers: Layers = 'all',
): Promise<Fingerprint> {
  const bar = session.terminal.bar(basename(file))
  const media: FingerprintOptions = options.as === undefined ? {} : { media: options.as }
  try {
    return await fingerprint(file, { ...media, layers, signal: session.signal, onProgress: bar.onProgress })
  } finally {
    bar.end()
  }
}

/** Without the features, which are long and for machines. */
export function withoutFeatures(found: Fingerprint): Omit<Fingerprint, 'features'> {
  if (found.media === 'data') return found
  const { features: _, ...rest } = found
  return rest
}

function describe({ terminal, verbose }: Session, file: string, found: Fingerprint): string {
  const { mediaType, size, declaredType, code, plain, iscc, units } = found
  const extent =
    found.media === 'image'
      ? `${found.features.width} × ${found.features.height} pixels`
      : found.media === 'audio'
        ? `${found.features.seconds.toFixed(1)} seconds`
        : found.media === 'video'
          ? `${found.features.width} × ${found.features.height} pixels, ${found.features.seconds.toFixed(1)} seconds`
          : found.media === 'text'
            ? counted(found.features.words, 'word')
            : undefined
  const lines = facts([
    ['type', [mediaType, extent, bytes(size)].filter((part) => part !== undefined).join(', ')],
    ['SHA-256', short(found.sha256, verbose)],
    ['ISCC', verbose ? iscc : short(iscc)],
    [code?.name ?? '', code === undefined ? undefined : short(code.bits, verbose)],
    ['content', verbose ? units.content : undefined],
    ['data', verbose ? units.data : undefined],
    ['instance', verbose ? units.instance : undefined],
  ])
  const remarks = [
    declaredType === undefined ? undefined : `It is named like ${declaredType}, but its bytes are ${mediaType}.`,
    found.media === 'data' ? 'Taken by its identity alone: only exact copies are recognised.' : undefined,
    plain ? 'It is so plain that only exact copies can be told from strangers.' : undefined,
  ]
  return [
    terminal.style('bold', file),
    lines,
    ...remarks.filter((line) => line !== undefined).map((line) => `  ${terminal.style('yellow', line)}`),
  ].join('\n')
}
