// Writes the rates that compare() states from what `npm run bench:robustness:text` counted. Runs by itself too, on the results that are there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Counted {
  pairs: { reportedOn: number }
  thresholds: { minhash: number; passages: number; iscc: number }
  negatives: Record<'minhash' | 'passages' | 'iscc', (number | null)[]>
}

const root = join(import.meta.dirname, '..', '..')

/** Scores at which the rate changes, from the most ordinary to the rarest, with the pairs that reach them. */
export function writeCalibration({ pairs, thresholds, negatives }: Counted): void {
  const steps = (layer: keyof Counted['negatives']): string => {
    const scores = [...negatives[layer].entries()].filter(([, count]) => (count ?? 0) > 0) as [number, number][]
    const rarestFirst = layer === 'iscc' ? scores : scores.reverse()
    let reached = 0
    const found: string[] = []
    for (const [score, count] of rarestFirst) {
      reached += count
      if (reached > pairs.reportedOn / 100) break
      found.push(`[${score}, ${reached}]`)
    }
    return `[${found.join(', ')}]`
  }
  writeFileSync(
    join(root, 'sdk', 'src', 'fingerprint', 'text', 'calibration.ts'),
    `// Written by bench/texts/calibration.ts from bench/results/robustness.text.json.

/** Unrelated pairs of texts that were compared. */
export const PAIRS = ${pairs.reportedOn}
/** Where the rate was one in a million, half of it for each of the first two, on the half of the corpus they were chosen on, and a margin; the pairs above are others. */
export const THRESHOLDS = ${JSON.stringify(thresholds)} as const
/** Scores, the rarest first, and how many of the pairs reach them: equal entries of MinHash, winnowed hashes in common, bits between Text-Codes. */
export const REACHED: Readonly<Record<'minhash' | 'passages' | 'iscc', readonly (readonly [score: number, pairs: number])[]>> = {
  minhash: ${steps('minhash')},
  passages: ${steps('passages')},
  iscc: ${steps('iscc')},
}
`,
  )
}

if (import.meta.main) writeCalibration(JSON.parse(readFileSync(join(root, 'bench', 'results', 'robustness.text.json'), 'utf8')))
