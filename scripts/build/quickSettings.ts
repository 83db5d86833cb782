// The profile `quick` of hardhat.config.ts: the same source, coded the compiler's older way, which takes a tenth of the time of what is
// deployed. For `npm run test:mutation`, which builds some hundred times, and for coverage, whose marks double the code. Neither looks at gas.

export interface CompilerSettings {
  viaIR: boolean
  optimizer: { enabled: boolean; runs: number }
}

export const QUICK: CompilerSettings = { viaIR: false, optimizer: { enabled: true, runs: 1 } }

/** Sources with a function that has too many variables for the older way, and what imports them. */
export const THROUGH_YUL: readonly string[] = ['contracts/claims/InfringementClaims.sol', 'test/claims/InfringementClaims.invariant.t.sol']

/** For these, with the whole optimizer: with less of it, marked code takes the compiler minutes. */
export const YUL: CompilerSettings = { viaIR: true, optimizer: { enabled: true, runs: 1 } }
