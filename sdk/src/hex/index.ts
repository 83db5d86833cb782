/** Bytes as lower-case hexadecimal with `0x`. */
export function bytesToHex(bytes: Uint8Array): `0x${string}` {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return `0x${text}`
}

/** The bytes of `0x` hexadecimal. */
export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: (hex.length - 2) / 2 }, (_, index) => Number.parseInt(hex.slice(2 + index * 2, 4 + index * 2), 16))
}
