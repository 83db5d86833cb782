/** One fault put into a contract on purpose. Tests that stay green with it do not guard what they seem to. */
export interface Mutation {
  /** What the fault lets happen, as a hostile reader would say it. */
  fault: string
  /** Relative to the root. */
  file: string
  /** Text of the file, found there exactly `times` times. */
  find: string
  replace: string
  /** Default 1. */
  times?: number
  /** Why no test can notice it, for a fault that changes nothing anybody could see. */
  accepted?: string
}

/** The faults of one contract and the tests that must notice each. */
export interface MutationSet {
  /** Mocha test files, relative to the root. */
  mocha: string[]
  /** Solidity test files, run only for faults that Mocha's did not notice. */
  solidity: string[]
  mutations: Mutation[]
}
