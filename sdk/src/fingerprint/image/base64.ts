const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const STANDARD: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(`${CHARACTERS}+/`)
const URL_SAFE: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(`${CHARACTERS}-_`)
const PADDING = 61

/** Six bits for each character of base64url, 64 for all others. */
const VALUES: Uint8Array = /* @__PURE__ */ (() => {
  const values = new Uint8Array(128).fill(64)
  for (const [value, character] of URL_SAFE.entries()) values[character] = value
  return values
})()

/** Bytes as base64 (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  const padding = (3 - (bytes.length % 3)) % 3
  const characters = encoded(bytes, STANDARD, padding)
  characters.fill(PADDING, characters.length - padding)
  return new TextDecoder().decode(characters)
}

/** Bytes as base64url (RFC 4648, section 5) without padding. */
export function base64url(bytes: Uint8Array): string {
  return new TextDecoder().decode(encoded(bytes, URL_SAFE, 0))
}

/** By hand, into bytes: of the features of a film `btoa` would take a hundred megabytes on the way. */
function encoded(bytes: Uint8Array, alphabet: Uint8Array, padding: number): Uint8Array {
  const characters = new Uint8Array(Math.ceil((bytes.length * 4) / 3) + padding)
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    // Beyond the last byte there are zeros, and what is written beyond the last character goes nowhere.
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    characters[to] = alphabet[group >> 18]!
    characters[to + 1] = alphabet[(group >> 12) & 63]!
    characters[to + 2] = alphabet[(group >> 6) & 63]!
    characters[to + 3] = alphabet[group & 63]!
  }
  return characters
}

/** The bytes again; undefined when the text is no base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let group = 0
  for (let at = 0, to = 0; at < text.length; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? 64
    if (value === 64) return undefined
    group = (group << 6) | value
    if (at % 4 === 0) continue
    bytes[to++] = (group >> (6 - 2 * (at % 4))) & 255
  }
  return bytes
}
