import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import publicLock from '@unlock-protocol/contracts/dist/abis/PublicLock/PublicLockV15.json' with { type: 'json' }
import unlockArtifact from '@unlock-protocol/contracts/dist/abis/Unlock/UnlockV14.json' with { type: 'json' }
import { MaxUint256, parseEther, ZeroAddress } from 'ethers'
import erc20 from 'openzeppelin-contracts-4/build/contracts/ERC20PresetFixedSupply.json' with { type: 'json' }
import transparentProxy from 'openzeppelin-contracts-4/build/contracts/TransparentUpgradeableProxy.json' with { type: 'json' }
import type { GasAction } from '../../scripts/snapshots/gasAction.ts'
import { deployPublished, send } from './published.ts'

const PRICE = parseEther('0.1')
const YEAR = 31_536_000n
const VERSION = 15
const PURCHASE = 'purchase((uint256,address,address,address,address,bytes,uint256)[])'
const NOBODY = { referrer: ZeroAddress, protocolReferrer: ZeroAddress, keyManager: ZeroAddress }

/**
 * Unlock: keys that expire. Unlock and its locks stand behind transparent proxies, as they do on public chains. No protocol fee,
 * referrer, hook or price oracle is set: each would cost more.
 */
export async function unlockActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [creator, admin, buyer] = await ethers.getSigners()
  if (creator === undefined || admin === undefined || buyer === undefined) throw new Error('three accounts are needed')
  const implementation = await deployPublished(ethers, unlockArtifact)
  const initialize = implementation.interface.encodeFunctionData('initialize', [creator.address])
  const proxy = await deployPublished(ethers, transparentProxy, [await implementation.getAddress(), admin.address, initialize])
  const unlock = implementation.attach(await proxy.getAddress()).connect(creator)
  const template = await deployPublished(ethers, publicLock)
  await send(unlock, 'addLockTemplate', [await template.getAddress(), VERSION])
  await send(unlock, 'setLockTemplate', [await template.getAddress()])

  const token = await deployPublished(ethers, erc20, ['Bare', 'BARE', parseEther('1000'), buyer.address])
  const tokenAddress = await token.getAddress()
  const lockPricedIn = async (currency: string) => {
    const terms = template.interface.encodeFunctionData('initialize', [creator.address, YEAR, currency, PRICE, MaxUint256, 'Lock'])
    const address = await unlock.getFunction('createUpgradeableLockAtVersion(bytes,uint16)').staticCall(terms, VERSION)
    await send(unlock, 'createUpgradeableLockAtVersion(bytes,uint16)', [terms, VERSION])
    const lock = template.attach(address).connect(creator)
    // A buyer's second key, so that the buyer's counters are warm.
    await send(lock, 'updateLockConfig', [YEAR, MaxUint256, 100])
    return lock.connect(buyer)
  }
  const [native, priced] = [await lockPricedIn(ZeroAddress), await lockPricedIn(tokenAddress)]
  await send(token.connect(buyer), 'approve', [await priced.getAddress(), MaxUint256])

  const buy = (value: bigint) => [[{ value, recipient: buyer.address, ...NOBODY, data: '0x', additionalPeriods: 0 }]]
  return [
    { name: 'unlock.purchaseNative', send: () => send(native, PURCHASE, buy(0n), PRICE) },
    { name: 'unlock.purchaseErc20', send: () => send(priced, PURCHASE, buy(PRICE)) },
  ]
}
