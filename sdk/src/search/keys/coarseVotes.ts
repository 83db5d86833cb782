// The first, coarse count of votes, in which several works and places share a cell. Millions of votes into a table of megabytes would each wait for memory; so votes are
// first sorted by the block of cells that their work has, and each block stays in the processor's own cache while its votes are counted (as in radix-partitioned joins).

/** Cells of a block, and how many blocks there are: some cells for each vote. */
const BLOCK_BITS = 15
const BLOCK = 1 << BLOCK_BITS
const MOST_BLOCK_BITS = 7
const CELLS_A_VOTE = 4
/** Votes of a cell from which on they are as good as more. */
const MOST_COUNTED = 0xffff
/** Cells that are counted exactly afterwards. */
const COUNTED = 2048

/** What a pair of equal keys says that says nothing. */
export const NO_VOTE = -1

/** Votes, sorted by block, and how many each cell has. */
export interface Tally {
  /** How many votes there are. */
  count: number
  /** For each of them the number it was given under, and its cell. Those given under one number or a following one for one work are in the order in which they were given. */
  votes: Uint32Array
  cells: Uint32Array
  counts: Uint16Array
}

let given = new Int32Array(0)
let sorted = new Uint32Array(0)
let cellsOf = new Uint32Array(0)
let counts = new Uint16Array(BLOCK)

/** Room for so many votes, each a number of which neighbours are near each other, below 2¹⁶, or {@link NO_VOTE}; good until it is asked for again. */
export function votesFor(count: number): Int32Array {
  if (given.length < count) given = new Int32Array(count * 1.5)
  return given
}

/**
 * Counts votes. Good until the next call.
 *
 * @param works - of each pair
 * @param votes - `each` for a pair, one behind the other
 */
export function countVotes(works: Uint32Array, votes: Int32Array, pairs: number, each: 1 | 2): Tally {
  let bits = 0
  while (bits < MOST_BLOCK_BITS && BLOCK << bits < pairs * each * CELLS_A_VOTE) bits++
  const blocks = 1 << bits
  const ends = new Uint32Array(blocks + 1)
  const shift = 32 - bits
  let count = 0
  for (let pair = 0, at = 0; pair < pairs; pair++) {
    const block = bits === 0 ? 0 : Math.imul(works[pair]!, 0x9e3779b1) >>> shift
    for (let last = at + each; at < last; at++) {
      if (votes[at] === NO_VOTE) continue
      ends[block]!++
      count++
    }
  }
  for (let block = 0, sum = 0; block <= blocks; block++) {
    sum += ends[block]!
    ends[block] = sum - ends[block]!
  }
  if (sorted.length < count) [sorted, cellsOf] = [new Uint32Array(count * 1.5), new Uint32Array(count * 1.5)]
  const [to, cells] = [sorted, cellsOf]
  for (let pair = 0, at = 0; pair < pairs; pair++) {
    const mixed = Math.imul(works[pair]!, 0x9e3779b1)
    const block = bits === 0 ? 0 : mixed >>> shift
    for (let last = at + each; at < last; at++) {
      if (votes[at] === NO_VOTE) continue
      const place = ends[block]!++
      to[place] = at
      cells[place] = block * BLOCK + ((mixed + votes[at]!) & (BLOCK - 1))
    }
  }
  if (counts.length < blocks * BLOCK) counts = new Uint16Array(blocks * BLOCK)
  const all = counts.subarray(0, blocks * BLOCK).fill(0)
  for (let place = 0; place < count; place++) {
    const cell = cells[place]!
    // One more would make it none.
    if (all[cell]! < MOST_COUNTED) all[cell]!++
  }
  return { count, votes: to, cells, counts: all }
}

/** Sum of two neighbouring cells from which on only so many are counted exactly as that takes no time; undefined where none has `least`. */
export function limitOf({ counts }: Tally, least: number): number | undefined {
  const sums = new Uint32Array(1 << 17)
  let most = 0
  for (let block = 0; block < counts.length; block += BLOCK) {
    const last = block + BLOCK - 1
    let here = counts[block]!
    const first = here
    for (let cell = block; cell <= last; cell++) {
      const next = cell === last ? first : counts[cell + 1]!
      const sum = here + next
      here = next
      if (sum < least) continue
      sums[sum]!++
      if (sum > most) most = sum
    }
  }
  if (most === 0) return undefined
  let limit = most
  for (let number = sums[limit]!; limit > least && number + sums[limit - 1]! <= COUNTED; ) number += sums[--limit]!
  return limit
}

/** Whether the cell of a vote and one beside it have so many together. */
export function isPromising({ cells, counts }: Tally, at: number, limit: number): boolean {
  const cell = cells[at]!
  const block = cell & -BLOCK
  const here = counts[cell]!
  return here + counts[block | ((cell + 1) & (BLOCK - 1))]! >= limit || here + counts[block | ((cell - 1) & (BLOCK - 1))]! >= limit
}
