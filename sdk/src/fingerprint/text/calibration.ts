// Written by bench/texts/calibration.ts from bench/results/robustness.text.json.

/** Unrelated pairs of texts that were compared. */
export const PAIRS = 5131350
/** Where the rate was one in a million, half of it for each of the first two, on the half of the corpus they were chosen on, and a margin; the pairs above are others. */
export const THRESHOLDS = { minhash: 9, passages: 16, iscc: 86 } as const
/** Scores, the rarest first, and how many of the pairs reach them: equal entries of MinHash, winnowed hashes in common, bits between Text-Codes. */
export const REACHED: Readonly<Record<'minhash' | 'passages' | 'iscc', readonly (readonly [score: number, pairs: number])[]>> = {
  minhash: [
    [8, 3],
    [7, 42],
    [6, 225],
    [5, 684],
    [4, 1849],
    [3, 5938],
    [2, 18253],
  ],
  passages: [
    [14, 8],
    [13, 16],
    [12, 30],
    [11, 34],
    [10, 39],
    [9, 79],
    [8, 135],
    [7, 192],
    [6, 446],
    [5, 693],
    [4, 1758],
    [3, 4665],
    [2, 12369],
    [1, 40933],
  ],
  iscc: [
    [87, 2],
    [88, 4],
    [89, 8],
    [90, 16],
    [91, 21],
    [92, 31],
    [93, 42],
    [94, 71],
    [95, 133],
    [96, 195],
    [97, 315],
    [98, 578],
    [99, 944],
    [100, 1415],
    [101, 2199],
    [102, 3465],
    [103, 5433],
    [104, 8314],
    [105, 12590],
    [106, 18828],
    [107, 27070],
    [108, 38223],
  ],
}
