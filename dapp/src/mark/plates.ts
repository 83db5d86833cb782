/**
 * The printer's mark of a work: its 256-bit code as a picture, four bits a tile on a grid of eight by eight. Two say which of two inks print the tile
 * (none, the first, the second, one over the other), two how its shape lies. Nothing else shows, so that works whose codes
 * are near have marks that are near.
 */
export interface Plates {
  /** SVG paths on a canvas of 64 by 64, one for each ink. */
  first: string
  second: string
}

const TILES = 8
const SIZE = 8

/** A quarter of a circle, in each corner of the tile. */
const SHAPES: ((x: number, y: number) => string)[] = [
  (x, y) => `M${x} ${y}h${SIZE}a${SIZE} ${SIZE} 0 0 1-${SIZE} ${SIZE}z`,
  (x, y) => `M${x + SIZE} ${y}v${SIZE}a${SIZE} ${SIZE} 0 0 1-${SIZE}-${SIZE}z`,
  (x, y) => `M${x + SIZE} ${y + SIZE}h-${SIZE}a${SIZE} ${SIZE} 0 0 1 ${SIZE}-${SIZE}z`,
  (x, y) => `M${x} ${y + SIZE}v-${SIZE}a${SIZE} ${SIZE} 0 0 1 ${SIZE} ${SIZE}z`,
]

/** @param bits 32 bytes in hex; what is shorter is read as if zeros followed */
export function platesOf(bits: string): Plates {
  const digits = bits.replace(/^0x/, '').padEnd(64, '0')
  let first = ''
  let second = ''
  for (let tile = 0; tile < TILES * TILES; tile++) {
    const nibble = Number.parseInt(digits[tile]!, 16)
    const path = SHAPES[nibble & 3]!((tile % TILES) * SIZE, Math.floor(tile / TILES) * SIZE)
    if ((nibble & 4) !== 0) first += path
    if ((nibble & 8) !== 0) second += path
  }
  return { first, second }
}
