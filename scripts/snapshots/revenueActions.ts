import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { type AddressLike, getAddress, id, type TransactionResponse, ZeroAddress } from 'ethers'
import type { GasAction } from './gasAction.ts'

const WHOLE = 1_000_000
/** Odd on purpose: fractions of a unit are left over everywhere. */
const PRICE = 123_456_789_012_345_679n
const TOKEN_PRICE = 1_234_567_891n

/** An id as a deposit's is: a hash, whose bytes are dear. */
const workId = (name: string): bigint => BigInt(id(`work ${name}`))

/** What the revenue splitter's actions cost, per transaction, with ceilings from the design. Counters are warm: every account was paid before. */
export async function revenueActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const signers = await ethers.getSigners()
  const [deployer, holder, payer, channel] = signers
  if (deployer === undefined || holder === undefined || payer === undefined || channel === undefined || signers.length < 12)
    throw new Error('twelve accounts are needed')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const rights = await ethers.deployContract('RightsDouble')
  const splitter = await ethers.deployContract('RevenueSplitter', [await authority.getAddress(), await rights.getAddress()])
  const token = await ethers.deployContract('PlainToken')
  const [address, currency] = [await splitter.getAddress(), await token.getAddress()]
  const shares = [111_111, 222_222, 333_333, 199_999, 133_335]
  const payees = signers
    .slice(4, 9)
    .map(({ address: account }) => account)
    .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    .map((account, index) => ({ account, share: shares[index]! }))
  const others = payees.map(({ account }, index) => ({ account, share: shares[4 - index]! }))
  const by = (signer: typeof payer) => splitter.connect(signer) as typeof splitter
  const [work, sole, root, child] = [workId('of five'), workId('of one'), workId('root'), workId('child')]

  await splitter.setCurrency(currency, true)
  await splitter.setModules([deployer.address])
  for (const each of [work, sole, root, child]) await rights.give(each, holder.address)
  await by(holder).setSplit(work, payees)
  await by(holder).setSplit(root, payees)
  await by(holder).setSplit(child, [{ account: holder.address, share: WHOLE }])
  await by(holder).registerDerivative(child, [{ parent: root, share: 100_000, grantor: holder.address }], [[]])
  await token.mint(payer.address, 10n ** 18n)
  await (token.connect(payer) as typeof token).approve(address, 10n ** 18n)
  // So that the payee's balance is no new one.
  for (const { account } of payees) await token.mint(account, 1)
  await token.mint(address, 1)

  const pay = (to: bigint) => by(payer).pay(to, ZeroAddress, PRICE, { value: PRICE })
  const payToken = (to: bigint) => by(payer).pay(to, currency, TOKEN_PRICE)
  const collect = (of: AddressLike, value: bigint) =>
    splitter.collect(work, payer.address, of, value === 0n ? TOKEN_PRICE : value, channel.address, 50_000, { value })
  const index = 2

  return [
    { name: 'pay', ceiling: 52_000, send: () => pay(work) },
    { name: 'payWithoutSplit', ceiling: 52_000, send: () => pay(sole) },
    { name: 'payDerivative', ceiling: 52_000, send: () => pay(child) },
    { name: 'payErc20', send: () => payToken(work) },
    {
      name: 'payDirect5',
      ceiling: 86_000,
      send: () => by(payer).payDirect(work, payees, ZeroAddress, PRICE, { value: PRICE }),
    },
    { name: 'collect', send: () => collect(ZeroAddress, PRICE) },
    { name: 'collectErc20', send: () => collect(currency, 0n) },
    {
      name: 'collectSale',
      send: () =>
        splitter.collectSale(work, payer.address, ZeroAddress, 10n ** 16n, payees[0]!.account, PRICE, { value: PRICE + 10n ** 16n }),
    },
    {
      name: 'claim',
      ceiling: 55_000,
      send: async (): Promise<TransactionResponse> => {
        await pay(work)
        return await by(payer).claim(work, payees, index, ZeroAddress)
      },
    },
    {
      name: 'claimErc20',
      send: async (): Promise<TransactionResponse> => {
        await payToken(work)
        return await by(payer).claim(work, payees, index, currency)
      },
    },
    {
      name: 'withdraw',
      send: async (): Promise<TransactionResponse> => {
        await collect(ZeroAddress, PRICE)
        return await by(payer).withdraw(channel.address, ZeroAddress)
      },
    },
    {
      name: 'sweep',
      ceiling: 39_000,
      missed:
        'transaction, calldata, four cold words, two of them written, hashes and event are 38,495, finding function and arguments 511',
      send: async (): Promise<TransactionResponse> => {
        await pay(child)
        return await by(payer).sweep(child, root, ZeroAddress)
      },
    },
    {
      name: 'setSplit5',
      ceiling: 58_000,
      send: async (): Promise<TransactionResponse> => {
        const fresh = workId(`to be split ${await ethers.provider.getBlockNumber()}`)
        await rights.give(fresh, holder.address)
        return await by(holder).setSplit(fresh, payees)
      },
    },
    {
      name: 'setSplit5Again',
      ceiling: 58_000,
      send: async (): Promise<TransactionResponse> => {
        await by(holder).setSplit(sole, others)
        return await by(holder).setSplit(sole, payees)
      },
    },
    {
      name: 'grantDerivative',
      send: async () => await by(holder).grantDerivative(root, workId(`${await ethers.provider.getBlockNumber()}`), 50_000),
    },
    {
      name: 'registerDerivative',
      send: async (): Promise<TransactionResponse> => {
        const fresh = workId(`derived ${await ethers.provider.getBlockNumber()}`)
        await rights.give(fresh, holder.address)
        return await by(holder).registerDerivative(fresh, [{ parent: root, share: 100_000, grantor: getAddress(holder.address) }], [[]])
      },
    },
  ]
}
