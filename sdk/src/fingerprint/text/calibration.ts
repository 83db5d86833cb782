export const PAIRS = 556800
export const THRESHOLDS = { minhash: 8, passages: 11, iscc: 86 } as const
export const REACHED: Readonly<Record<'minhash' | 'passages' | 'iscc', readonly (readonly [score: number, pairs: number])[]>> = {
  minhash: [[7, 1]],
  passages: [[10, 1]],
  iscc: [[92, 1]],
}
