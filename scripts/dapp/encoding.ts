import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Ways to send a file smaller, the one that saves most first, by their names in HTTP. */
const ENCODERS = {
  br: (bytes: Uint8Array, text: boolean) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_MODE]: text ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 9 }),
} as const
export type Encoding = keyof typeof ENCODERS

/** What packs; fonts are packed already. */
const PACKS = /^(text\/|application\/json|image\/svg)/
/** Below it the header costs what packing saves. */
const LEAST_BYTES = 512

/**
 * How a file is best sent to whoever takes these encodings; undefined: as it is.
 * @param accepted the request's `Accept-Encoding`, e.g. `gzip, br;q=0.9, *;q=0`
 */
export function encodingFor(accepted: string | undefined, type: string, size: number): Encoding | undefined {
  if (!PACKS.test(type) || size < LEAST_BYTES) return undefined
  const weights = new Map<string, number>()
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim())
    const weight = parameters.find((each) => each.startsWith('q='))?.slice(2)
    if (name !== '') weights.set(name, weight === undefined ? 1 : Number(weight))
  }
  const weightOf = (name: Encoding): number => weights.get(name) ?? weights.get('*') ?? 0
  const taken = (Object.keys(ENCODERS) as Encoding[]).filter((name) => weightOf(name) > 0)
  return taken.sort((a, b) => weightOf(b) - weightOf(a))[0]
}

/** Packs each file once for each encoding; a file that has changed (another `version`) is packed again. */
export function createPacker(): (
  path: string,
  version: string,
  bytes: Uint8Array,
  encoding: Encoding,
  type: string,
) => Promise<Uint8Array> {
  const packed = new Map<string, { version: string; bytes: Promise<Uint8Array> }>()
  return async (path, version, bytes, encoding, type) => {
    const key = `${encoding} ${path}`
    const known = packed.get(key)
    if (known?.version === version) return await known.bytes
    const made = ENCODERS[encoding](bytes, type.startsWith('text/'))
    packed.set(key, { version, bytes: made })
    return await made
  }
}
