import { sha256 } from '@noble/hashes/sha2.js'
import { bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { Media } from '../fingerprint/index.ts'
import { openSource, type Source } from '../source/index.ts'
import type { FileFacts } from './file.ts'

/** Computes what a file is; `media` is what its depositor took it for, where that is known. Only what is on chain or in the document is asked for. */
export type FingerprintFile = (file: Source, options: { layers: 'signature'; signal?: AbortSignal; media?: Media }) => Promise<FileFacts>

/** What a file gave. */
export interface FileReading {
  sha256: Hex
  facts?: FileFacts
  /** Why the file gives no fingerprint. */
  fault?: ColophonError
  /** The bytes are of another medium than the one the file was to be taken for. */
  otherMedium?: true
}

/** A file that is read when something of it is needed, once for each medium it is taken for. */
export interface ReadFile {
  sha256(): Promise<Hex>
  /** The hash at least; a file that was damaged may no longer decode, and that is an answer too. */
  read(media: Media | undefined): Promise<FileReading>
}

export function readerOf(file: Source, { fingerprint, signal }: { fingerprint?: FingerprintFile; signal?: AbortSignal }): ReadFile {
  const readings = new Map<Media | undefined, Promise<FileReading>>()
  let hash: Promise<Hex> | undefined

  const sha256OfFile = (): Promise<Hex> => {
    hash ??= hashOf(file, signal)
    return hash
  }

  async function read(media: Media | undefined): Promise<FileReading> {
    const compute = fingerprint ?? (await import('../fingerprint/index.ts')).fingerprint
    try {
      const facts = await compute(file, {
        layers: 'signature',
        ...(signal === undefined ? {} : { signal }),
        ...(media === undefined ? {} : { media }),
      })
      return { sha256: bytes32('sha256', facts.sha256), facts }
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError) || fault.code.startsWith('SOURCE_')) throw fault
      return {
        sha256: await sha256OfFile(),
        fault,
        ...(fault.code === 'FINGERPRINT_WRONG_MEDIA' ? { otherMedium: true } : {}),
      }
    }
  }

  return {
    sha256: sha256OfFile,
    read(media) {
      const reading = readings.get(media) ?? read(media)
      readings.set(media, reading)
      return reading
    },
  }
}

/** SHA-256 of any file, whether or not it is a picture or text. */
async function hashOf(file: Source, signal: AbortSignal | undefined): Promise<Hex> {
  const hash = sha256.create()
  for await (const chunk of (await openSource(file)).open()) {
    signal?.throwIfAborted()
    hash.update(chunk)
  }
  return bytes32('sha256', hash.digest())
}
