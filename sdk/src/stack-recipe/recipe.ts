/** The transactions that set up the contracts on a fresh local chain, as Ignition makes them. */
export interface StackRecipe {
  /** First account of the development mnemonic; addresses follow from it and its nonces. */
  deployer: string
  /** Contract name → address. */
  addresses: Record<string, string>
  /** To be sent in this order, from `deployer`, whose nonce must be zero. */
  transactions: readonly { to: string | null; data: string; value: string }[]
}
