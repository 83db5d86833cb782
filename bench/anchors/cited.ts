/** A figure that this benchmark doesn't measure, because no package carries the contract's bytecode. */
interface CitedFigure {
  /** Gas of one transaction. */
  gas: number
  /** What it paid for. */
  does: string
  /** Where the contracts are. */
  source: string
}

const story = 'https://github.com/storyprotocol/protocol-core-v1'
const splits = 'https://github.com/0xSplits/splits-contracts-monorepo'

/** Measured once on a local chain, from the public contracts, when Colophon was designed. */
export const cited: Readonly<Record<string, CitedFigure>> = {
  'story.registerIpAsset': { gas: 325_531, does: 'a work registered', source: story },
  'story.licenseTerms': { gas: 701_371, does: 'license terms registered and attached', source: story },
  'story.mintLicense': { gas: 642_088, does: 'a license minted and paid', source: story },
  'story.transferRoyalty': { gas: 205_382, does: "a parent's share moved", source: story },
  'story.raiseDispute': { gas: 293_203, does: 'a dispute raised', source: story },
  'story.ruling': { gas: 100_831, does: 'a dispute decided', source: story },
  '0xsplits.pushDistribute5': { gas: 131_671, does: 'a payment pushed to five', source: splits },
  '0xsplits.withdraw': { gas: 49_061, does: 'one payee withdraws', source: splits },
  '0xsplits.create5': { gas: 170_866, does: 'a split of five created', source: splits },
}
