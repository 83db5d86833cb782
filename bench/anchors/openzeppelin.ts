import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { parseEther } from 'ethers'
import paymentSplitter from 'openzeppelin-contracts-4/build/contracts/PaymentSplitter.json' with { type: 'json' }
import type { GasAction } from '../../scripts/snapshots/gasAction.ts'
import { hash } from '../../scripts/snapshots/registryActions.ts'
import { deployPublished, send } from './published.ts'

/**
 * OpenZeppelin: the bare ERC-721 of the release that our own titles build on, compiled with our settings, and the PaymentSplitter that
 * release 4 had, as published. Its payees never change, so a new split is a new contract.
 */
export async function openZeppelinActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [payer, owner, ...others] = await ethers.getSigners()
  const payees = others.slice(0, 5)
  if (payer === undefined || owner === undefined || payees.length < 5) throw new Error('seven accounts are needed')
  const tokens = await ethers.deployContract('BareERC721')
  const shares = [40, 25, 20, 10, 5]
  const split = [payees.map(({ address }) => address), shares]
  const splitter = await deployPublished(ethers, paymentSplitter, split)
  const address = await splitter.getAddress()
  const pay = () => payer.sendTransaction({ to: address, value: parseEther('1') })

  return [
    { name: 'openzeppelin.mint', send: () => (tokens.connect(owner) as typeof tokens).mint(owner.address, hash()) },
    { name: 'openzeppelin.splitterPay', send: pay },
    {
      name: 'openzeppelin.splitterRelease',
      send: async () => {
        await pay()
        return await send(splitter.connect(payees[0]!), 'release(address)', [payees[0]!.address])
      },
    },
    {
      name: 'openzeppelin.splitterDeploy5',
      send: async () => {
        const deployed = await deployPublished(ethers, paymentSplitter, split)
        return deployed.deploymentTransaction()!
      },
    },
  ]
}
