declare module 'blockhash-core' {
  /** Hex string of `bits` × `bits` bits. */
  export function bmvbhash(data: { width: number; height: number; data: Uint8Array }, bits: number): string
}
