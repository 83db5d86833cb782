import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import conduitController from '@opensea/seaport-js/src/artifacts/seaport/contracts/conduit/ConduitController.sol/LocalConduitController.json' with {
  type: 'json',
}
import seaportArtifact from '@opensea/seaport-js/src/artifacts/seaport/contracts/Seaport.sol/Seaport.json' with { type: 'json' }
import { parseEther, ZeroAddress, ZeroHash } from 'ethers'
import type { GasAction } from '../../scripts/snapshots/gasAction.ts'
import { hash } from '../../scripts/snapshots/registryActions.ts'
import { deployPublished, send } from './published.ts'

const ORDER_TYPES = {
  OrderComponents: [
    { name: 'offerer', type: 'address' },
    { name: 'zone', type: 'address' },
    { name: 'offer', type: 'OfferItem[]' },
    { name: 'consideration', type: 'ConsiderationItem[]' },
    { name: 'orderType', type: 'uint8' },
    { name: 'startTime', type: 'uint256' },
    { name: 'endTime', type: 'uint256' },
    { name: 'zoneHash', type: 'bytes32' },
    { name: 'salt', type: 'uint256' },
    { name: 'conduitKey', type: 'bytes32' },
    { name: 'counter', type: 'uint256' },
  ],
  OfferItem: [
    { name: 'itemType', type: 'uint8' },
    { name: 'token', type: 'address' },
    { name: 'identifierOrCriteria', type: 'uint256' },
    { name: 'startAmount', type: 'uint256' },
    { name: 'endAmount', type: 'uint256' },
  ],
  ConsiderationItem: [
    { name: 'itemType', type: 'uint8' },
    { name: 'token', type: 'address' },
    { name: 'identifierOrCriteria', type: 'uint256' },
    { name: 'startAmount', type: 'uint256' },
    { name: 'endAmount', type: 'uint256' },
    { name: 'recipient', type: 'address' },
  ],
}
const [NATIVE, ERC721] = [0, 2]
const [PRICE, ROYALTY] = [parseEther('0.95'), parseEther('0.05')]
const [START, END] = [1n, 4_102_444_799n]

/**
 * Seaport's cheapest way to sell one token of a bare ERC-721 for ether: a signed basic order without zone and conduit, with the
 * author's royalty as its only further recipient. Everybody who is paid had a balance, the buyer and the seller own other tokens.
 */
export async function seaportActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [, seller, buyer, author] = await ethers.getSigners()
  if (seller === undefined || buyer === undefined || author === undefined) throw new Error('four accounts are needed')
  const controller = await deployPublished(ethers, conduitController)
  const seaport = await deployPublished(ethers, seaportArtifact, [await controller.getAddress()])
  const seaportAddress = await seaport.getAddress()
  const tokens = await ethers.deployContract('BareERC721')
  const token = await tokens.getAddress()
  const selling = tokens.connect(seller) as typeof tokens
  await selling.setApprovalForAll(seaportAddress, true)
  // One token stays with the seller, so that no sale empties the counter and earns a refund.
  await tokens.mint(seller.address, hash())

  const { version } = await seaport.getFunction('information')()
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Seaport', version, chainId, verifyingContract: seaportAddress }
  const counter = await seaport.getFunction('getCounter')(seller.address)

  const fill = async () => {
    const id = hash()
    await tokens.mint(seller.address, id)
    const salt = BigInt(hash())
    const paid = (amount: bigint, recipient: string) => ({
      itemType: NATIVE,
      token: ZeroAddress,
      identifierOrCriteria: 0n,
      startAmount: amount,
      endAmount: amount,
      recipient,
    })
    const signature = await seller.signTypedData(domain, ORDER_TYPES, {
      offerer: seller.address,
      zone: ZeroAddress,
      offer: [{ itemType: ERC721, token, identifierOrCriteria: id, startAmount: 1n, endAmount: 1n }],
      consideration: [paid(PRICE, seller.address), paid(ROYALTY, author.address)],
      orderType: 0,
      startTime: START,
      endTime: END,
      zoneHash: ZeroHash,
      salt,
      conduitKey: ZeroHash,
      counter,
    })
    const order = {
      considerationToken: ZeroAddress,
      considerationIdentifier: 0n,
      considerationAmount: PRICE,
      offerer: seller.address,
      zone: ZeroAddress,
      offerToken: token,
      offerIdentifier: id,
      offerAmount: 1n,
      basicOrderType: 0,
      startTime: START,
      endTime: END,
      zoneHash: ZeroHash,
      salt,
      offererConduitKey: ZeroHash,
      fulfillerConduitKey: ZeroHash,
      totalOriginalAdditionalRecipients: 1n,
      additionalRecipients: [{ amount: ROYALTY, recipient: author.address }],
      signature,
    }
    return await send(seaport.connect(buyer), 'fulfillBasicOrder_efficient_6GL6yc', [order], PRICE + ROYALTY)
  }
  return [{ name: 'seaport.fulfillBasicOrder', send: fill }]
}
