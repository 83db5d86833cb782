import { HDNodeWallet } from 'ethers'

/** The mnemonic that every development chain funds; everybody knows it. */
const MNEMONIC = 'test test test test test test test test test test test junk'

/** An account of local development chains. Its key is public: on any other chain whatever it owns is lost. */
export interface DevAccount {
  address: string
  privateKey: string
}

/**
 * Development account number `index`; 0 to 9 are funded on a fresh local chain.
 */
export function devAccount(index: number): DevAccount {
  const { address, privateKey } = HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`)
  return { address, privateKey }
}
