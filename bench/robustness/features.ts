// What is measured of a picture, kept on disk: computing it takes most of the benchmark's time.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { decodeFeatures, fingerprint, type ImageFingerprint, type LocalFeatures } from '@colophon/sdk/fingerprint'
import { decodeUnit } from '@colophon/sdk/iscc'

/** Raise when extraction changes, so that nothing old is read. */
const EXTRACTION = 'v2'
const cache = join(import.meta.dirname, '..', '..', '.colophon', 'robustness', EXTRACTION)

export interface PictureFeatures {
  pdq: Uint8Array
  /** All zeros for pictures narrower than 16 pixels, which have none. */
  blockhash: Uint8Array
  iscc: Uint8Array
  plain: boolean
  local: LocalFeatures
}

const HEAD = 97

/** Name under which the features of a picture, or of what an attack makes of it, are kept. */
export function keyOf(id: string, attack = 'original'): string {
  return join(id.slice(0, 2), id, attack.replaceAll(/[^\w.+-]+/g, '_'))
}

export function isCached(key: string): boolean {
  return existsSync(join(cache, `${key}.bin`))
}

/** Features under a key, from disk or by fingerprinting what `make` makes. */
export async function cachedFeatures(key: string, make: () => Promise<Uint8Array>): Promise<PictureFeatures> {
  const file = join(cache, `${key}.bin`)
  if (!isCached(key)) {
    const print = (await fingerprint(new Uint8Array(await make()))) as ImageFingerprint
    const { pdq, blockhash, local: features } = print.features
    const head = Buffer.alloc(HEAD)
    head.write(pdq.slice(2), 0, 'hex')
    if (blockhash !== undefined) head.write(blockhash.slice(2), 32, 'hex')
    head.set(decodeUnit(print.units.content!).digest, 64)
    head[96] = print.plain ? 1 : 0
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.part`, Buffer.concat([head, Buffer.from(features!, 'base64url')]))
    renameSync(`${file}.part`, file)
  }
  const bytes = new Uint8Array(readFileSync(file))
  return {
    pdq: bytes.subarray(0, 32),
    blockhash: bytes.subarray(32, 64),
    iscc: bytes.subarray(64, 96),
    plain: bytes[96] === 1,
    local: decodeFeatures(bytes.subarray(HEAD)),
  }
}
