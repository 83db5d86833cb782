import { blake3 } from './blake3.ts'
import { canonicalJson, type JsonValue } from './canonicalJson.ts'
import { encodeUnit } from './codec.ts'
import { checkBits, isccError } from './errors.ts'
import { multihash } from './instanceCode.ts'
import { createSimHash } from './simhash.ts'
import { textClean, textCollapse, textRemoveNewlines, textTrim } from './text.ts'

const NAME_BYTES = 128
const DESCRIPTION_BYTES = 4096
const META_BYTES = 128_000
const NGRAM_CHARACTERS = 3
const NGRAM_BYTES = 4

/** What a Meta-Code is made from besides the name. */
export interface MetaCodeOptions {
  /** Tells works of the same name apart; cleaned and cut to 4,096 bytes. */
  description?: string
  /** Extended metadata, hashed instead of the description: an object (canonicalised by RFC 8785) or a data URL, up to 128,000 bytes. */
  meta?: string | { readonly [key: string]: JsonValue }
  /** Multiple of 32 from 32 to 256; 64 by default. */
  bits?: number
}

export interface MetaCode {
  iscc: string
  /** The name as hashed: cleaned, one line, at most 128 bytes. */
  name: string
  /** The description as cleaned and cut; absent if empty. */
  description?: string
  /** The extended metadata as a data URL. */
  meta?: string
  /** BLAKE3 multihash, in hex, of `meta`'s bytes or of name and description. */
  metahash: string
}

/**
 * Meta-Code: similarity of names and descriptions.
 *
 * @throws ColophonError `ISCC_INVALID_INPUT` for a name that is empty after cleaning, or metadata that is too long, no data URL or no JSON; `ISCC_INVALID_BITS`
 */
export function genMetaCode(name: string, options: MetaCodeOptions = {}): MetaCode {
  const bits = checkBits(options.bits ?? 64)
  const cleanName = textTrim(textRemoveNewlines(textClean(name)), NAME_BYTES)
  if (cleanName === '') {
    throw isccError('ISCC_INVALID_INPUT', 'The name is empty once white space and control characters are removed.', {
      hint: 'Give the work a name.',
    })
  }
  const description = textTrim(textClean(options.description ?? ''), DESCRIPTION_BYTES)
  const meta = readMeta(options.meta)
  const digest = softHashMeta(cleanName, meta === undefined ? description : meta.payload)
  const hashed = meta?.payload ?? new TextEncoder().encode(`${cleanName} ${description}`.trimEnd())
  return {
    iscc: encodeUnit({ mainType: 'META', bits, digest }),
    name: cleanName,
    ...(description === '' ? {} : { description }),
    ...(meta === undefined ? {} : { meta: meta.url }),
    metahash: multihash(blake3(hashed)),
  }
}

/**
 * The 256-bit similarity hash behind a Meta-Code: 3-grams of the collapsed name's characters; with `extra`, its 3-grams of
 * characters (text) or 4-grams of bytes hashed apart and interleaved with the name's by 32 bits.
 *
 * @param name - cleaned and trimmed
 * @param extra - cleaned and trimmed text, or bytes in a canonical form
 */
export function softHashMeta(name: string, extra: string | Uint8Array = ''): Uint8Array<ArrayBuffer> {
  const nameHash = hashText(name)
  if (extra.length === 0) return nameHash
  const extraHash = typeof extra === 'string' ? hashText(extra) : hashBytes(extra)
  const digest = new Uint8Array(32)
  for (let i = 0; i < 16; i++) {
    const at = (i >>> 2) * 8 + (i & 3)
    digest[at] = nameHash[i]!
    digest[at + 4] = extraHash[i]!
  }
  return digest
}

function hashText(text: string): Uint8Array<ArrayBuffer> {
  const characters = Array.from(textCollapse(text))
  const encoder = new TextEncoder()
  const votes = createSimHash(32)
  for (let i = 0; i === 0 || i + NGRAM_CHARACTERS <= characters.length; i++) {
    votes.add(blake3(encoder.encode(characters.slice(i, i + NGRAM_CHARACTERS).join(''))))
  }
  return votes.digest()
}

function hashBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const votes = createSimHash(32)
  for (let i = 0; i === 0 || i + NGRAM_BYTES <= bytes.length; i++) votes.add(blake3(bytes.subarray(i, i + NGRAM_BYTES)))
  return votes.digest()
}

function readMeta(meta: MetaCodeOptions['meta']): { payload: Uint8Array; url: string } | undefined {
  if (meta === undefined || meta === '') return undefined
  if (typeof meta === 'string') return { payload: checkSize(decodeDataUrl(meta)), url: meta }
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) {
    throw isccError('ISCC_INVALID_INPUT', 'Extended metadata must be an object or a data URL.', { details: { type: typeof meta } })
  }
  // As in the reference, an object without entries is no metadata.
  if (Object.keys(meta).length === 0) return undefined
  const payload = checkSize(new TextEncoder().encode(canonicalJson(meta)))
  const type = '@context' in meta ? 'application/ld+json' : 'application/json'
  return { payload, url: `data:${type};base64,${encodeBase64(payload)}` }
}

function checkSize(payload: Uint8Array): Uint8Array {
  if (payload.length <= META_BYTES) return payload
  throw isccError('ISCC_INVALID_INPUT', `Extended metadata has ${payload.length} bytes; the standard hashes at most ${META_BYTES}.`, {
    hint: 'Leave large parts such as thumbnails out, or refer to them.',
    details: { bytes: payload.length, limit: META_BYTES },
  })
}

/** RFC 2397: `data:[type][;parameter=value…][;base64],data`. */
function decodeDataUrl(url: string): Uint8Array {
  const match = /^data:(?<head>[^,]*),(?<data>.*)$/isu.exec(url)
  const { head = '', data = '' } = match?.groups ?? {}
  try {
    if (match === null) throw new Error('no data URL')
    const plain = decodePercent(data)
    return /;base64$/i.test(head) ? decodeBase64(new TextDecoder('utf-8', { fatal: true }).decode(plain)) : plain
  } catch (cause) {
    throw isccError('ISCC_INVALID_INPUT', 'Extended metadata is a string but no well-formed data URL.', {
      hint: 'Pass an object, or a string such as data:application/json;base64,e30=',
      details: { start: url.slice(0, 80) },
      cause,
    })
  }
}

function decodePercent(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const out = new Uint8Array(bytes.length)
  let size = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte !== 0x25) {
      out[size++] = byte
      continue
    }
    const hex = String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0)
    if (!/^[0-9a-f]{2}$/i.test(hex)) throw new Error('broken percent escape')
    out[size++] = Number.parseInt(hex, 16)
    i += 2
  }
  return out.subarray(0, size)
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}

function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(binary)
}
