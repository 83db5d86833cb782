import { bmvbhash } from 'blockhash-core'
import type { Pixels } from './pixels.ts'

/** Blocks along each side; 256 bits in all. */
const BLOCKS = 16

/** Blockhash of the picture (blockhash.io, by blockhash-core), 32 bytes. Pictures narrower than 16 pixels have none. */
export function blockhash(pixels: Pixels): Uint8Array<ArrayBuffer> | undefined {
  if (pixels.width < BLOCKS || pixels.height < BLOCKS) return undefined
  const hex = bmvbhash(pixels, BLOCKS)
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16))
}
