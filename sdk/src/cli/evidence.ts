import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { decodeManifest, type EvidenceSignature, type EvidenceVerification, verifyEvidence } from '../evidence/index.ts'
import { EXIT } from './exitCodes.ts'
import { facts } from './layout.ts'
import type { Answer, Session } from './session.ts'

/** Manifests of the largest pages have some hundred kilobytes. */
const MAX_MANIFEST = 8 << 20

/** The manifest of evidence that a path, or the folder that `capture` wrote, stands for; undefined for anything else. */
export async function evidenceAt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  const file = found?.isDirectory() === true ? join(path, 'manifest.json') : path
  const size = (await stat(file).catch(() => undefined))?.size ?? Number.POSITIVE_INFINITY
  if (size > MAX_MANIFEST) return undefined
  try {
    decodeManifest(await readFile(file))
    return file
  } catch (fault) {
    // One that was changed is still to be told what is wrong with it.
    if (fault instanceof ColophonError && file.endsWith('manifest.json')) throw fault
    return undefined
  }
}

/** Checks evidence with everything that lies beside its manifest. */
export async function checkEvidence(
  session: Session,
  manifest: string,
  { tsaRoots = [] }: { tsaRoots?: readonly string[] },
): Promise<Answer> {
  const folder = dirname(manifest)
  const beside = async (name: string): Promise<Buffer | undefined> =>
    existsSync(join(folder, name)) ? await readFile(join(folder, name)) : undefined
  const [archive, signature, timestamp] = await Promise.all(['page.wacz', 'signature.json', 'timestamp.tst'].map(beside))
  const roots = await Promise.all(tsaRoots.map(async (path) => derOf(await readFile(path))))
  const result = await verifyEvidence(
    {
      manifest: await readFile(manifest),
      ...(archive === undefined ? {} : { archive }),
      ...(signature === undefined ? {} : { signature: signatureOf(signature) }),
      ...(timestamp === undefined ? {} : { timestamp }),
    },
    roots.length === 0 ? {} : { roots },
  )
  return answerOf(session, result)
}

function signatureOf(bytes: Buffer): EvidenceSignature {
  try {
    return JSON.parse(bytes.toString('utf8')) as EvidenceSignature
  } catch (cause) {
    throw new ColophonError('EVIDENCE_INVALID', 'The signature beside the manifest is not JSON.', {
      hint: 'Use the files as the capture wrote them.',
      cause,
    })
  }
}

/** A certificate as DER, from DER or PEM. */
function derOf(bytes: Buffer): Uint8Array {
  const pem = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/.exec(bytes.toString('latin1'))?.[1]
  return new Uint8Array(pem === undefined ? bytes : Buffer.from(pem, 'base64'))
}

const VERDICTS = {
  verified: { mark: 'ok', text: 'Verified: the evidence is whole and everything given agrees with it.', exitCode: EXIT.ok },
  refuted: { mark: 'no', text: 'Refuted: the evidence was changed, or parts of it belong to something else.', exitCode: EXIT.no },
  incomplete: { mark: 'open', text: 'Incomplete: the archive is not beside the manifest.', exitCode: EXIT.environment },
} as const

function answerOf({ terminal }: Session, { verdict, checks, manifest, digest, timestamp }: EvidenceVerification): Answer {
  const { mark, text, exitCode } = VERDICTS[verdict]
  return {
    data: { verdict, checks, digest, manifest, ...(timestamp === undefined ? {} : { timestamp }) },
    text: [
      `${terminal.mark(mark)} ${terminal.style('bold', text)}`,
      '',
      facts([
        ['page', manifest.finalUrl],
        ['title', manifest.title],
        ['captured at', `${manifest.capturedAt}, by the clock of who captured`],
        ['with', manifest.agent],
      ]),
      '',
      ...checks.map(({ name, status, explanation }) => {
        const sign = terminal.mark(status === 'ok' ? 'ok' : status === 'failed' ? 'no' : 'open')
        return `  ${sign} ${name.padEnd(13)} ${explanation}`
      }),
    ].join('\n'),
    exitCode,
  }
}
