/** A figure that this benchmark doesn't measure, because no package carries the contract's bytecode. */
interface CitedFigure {
  /** Gas of all transactions it takes. */
  gas: number
  /** What was paid for. */
  does: string
  /** Where the contracts are. */
  source: string
  /** How they were compiled and measured. */
  how: string
}

const story = {
  source: 'https://github.com/storyprotocol/protocol-core-v1',
  how: 'measured once on a local chain when Colophon was designed',
}
const splits = {
  source: 'https://github.com/0xSplits/splits-contracts-monorepo/tree/71f09d309aabf967994ef623340129f186c340fd/packages/splits-v2',
  how: 'measured once on an in-process Hardhat chain: solc 0.8.23 through IR with 5,000,000 runs for Shanghai, as their profile "optimized" says; OpenZeppelin 4.9.6, Solady 0.0.155; warm counters',
}

export const cited: Readonly<Record<string, CitedFigure>> = {
  'story.registerIpAsset': { gas: 325_531, does: 'a work registered', ...story },
  'story.licenseTerms': { gas: 701_371, does: 'license terms registered and attached', ...story },
  'story.mintLicense': { gas: 642_088, does: 'a license minted and paid', ...story },
  'story.transferRoyalty': { gas: 205_382, does: "a parent's share moved", ...story },
  'story.raiseDispute': { gas: 293_203, does: 'a dispute raised', ...story },
  'story.ruling': { gas: 100_831, does: 'a dispute decided', ...story },
  '0xsplits.create5': { gas: 170_998, does: 'a split of five that nobody can change, created', ...splits },
  '0xsplits.push5Native': { gas: 114_798, does: 'ether sent to a push split (22,038) and distributed to five (92,760)', ...splits },
  '0xsplits.push5Erc20': { gas: 133_252, does: 'an ERC-20 sent to a push split (34,356) and distributed to five (98,896)', ...splits },
  '0xsplits.withdrawNative': { gas: 40_016, does: 'one payee withdraws ether from the warehouse', ...splits },
  '0xsplits.withdrawErc20': { gas: 49_282, does: 'one payee withdraws an ERC-20 from the warehouse', ...splits },
}
