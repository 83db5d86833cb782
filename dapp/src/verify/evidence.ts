import type { DepositReceipt } from '@colophon/sdk'
import type { Media } from '@colophon/sdk/fingerprint'
import type { Verification } from '@colophon/sdk/verify'
import type { Chain } from '../chain/index.ts'
import { fingerprintFile } from '../fingerprinting/index.ts'
import type { Reader } from '../store/documents.ts'

/** What somebody gives to be checked. */
export type Given =
  | { kind: 'file'; file: File }
  | { kind: 'receipt'; file: File; receipt: DepositReceipt }
  | { kind: 'certificate'; file: File; bytes: Uint8Array<ArrayBuffer> }

const MOST_RECEIPT_BYTES = 1 << 20
const MOST_CERTIFICATE_BYTES = 32 << 20

/** What a file is, by its content: a certificate of ours, a receipt, or else the work. */
export async function recognise(file: File): Promise<Given> {
  const head = new TextDecoder().decode(await file.slice(0, 64).arrayBuffer())
  if (head.startsWith('%PDF-') && file.size <= MOST_CERTIFICATE_BYTES) {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const { readCertificate } = await import('@colophon/sdk/certificate')
    try {
      readCertificate(bytes)
      return { kind: 'certificate', file, bytes }
    } catch {
      // A certificate that was damaged still says that it is one; any other PDF is a text.
      if (new TextDecoder('latin1').decode(bytes).includes('colophon-certificate')) return { kind: 'certificate', file, bytes }
    }
  }
  if (/^\s*\{/.test(head) && file.size <= MOST_RECEIPT_BYTES) {
    const text = await file.text()
    if (text.includes('colophon-deposit-receipt')) return { kind: 'receipt', file, receipt: JSON.parse(text) as DepositReceipt }
  }
  return { kind: 'file', file }
}

/** Checks everything that was given against each other and the chain. */
export async function examine(
  given: readonly Given[],
  id: string | undefined,
  { provider, deployment }: Pick<Chain, 'provider' | 'deployment'>,
  reader: Reader,
  signal: AbortSignal,
): Promise<Verification> {
  const file = given.find((each) => each.kind === 'file')?.file
  const receipt = given.find((each) => each.kind === 'receipt')?.receipt
  const certificate = given.find((each) => each.kind === 'certificate')?.bytes
  const options = {
    provider,
    ...(deployment === undefined ? {} : { deployment }),
    storage: reader,
    signal,
    // In a worker, as everywhere in the app.
    fingerprint: async (source: unknown, { media, layers }: { media?: Media; layers: 'signature' }) =>
      await fingerprintFile(source as File, { layers, signal, ...(media === undefined ? {} : { media }) }),
  }
  if (certificate !== undefined) {
    const { verifyCertificate } = await import('@colophon/sdk/certificate')
    return await verifyCertificate(certificate, { ...options, ...(file === undefined ? {} : { file }) })
  }
  const { verify } = await import('@colophon/sdk/verify')
  return await verify(
    {
      ...(file === undefined ? {} : { file }),
      ...(receipt === undefined ? {} : { receipt }),
      ...(id === undefined ? {} : { id }),
    },
    options,
  )
}
