import { AbiCoder, type AddressLike, type ContractTransactionReceipt, concat, id, keccak256, toBeHex, ZeroAddress } from 'ethers'
import { network } from 'hardhat'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'

export const WHOLE = 1_000_000n
export const COIN: string = ZeroAddress
/** `Reply` of contracts/test/Tokens.sol and `Manner` of contracts/test/Payees.sol. */
export const REPLY = {
  true: 0,
  nothing: 1,
  false: 2,
  falseButMoves: 3,
  trueButStays: 4,
  revert: 5,
  two: 6,
  short: 7,
  bomb: 8,
  burnEverything: 9,
} as const
export const MANNER = { take: 0, refuse: 1, burnEverything: 2, bomb: 3, callBack: 4 } as const

export interface Payee {
  account: string
  share: number
}

export interface Ancestor {
  workId: bigint
  share: number
}

/** A work's id, by a name. */
export const work = (name: string): bigint => BigInt(id(name))

/** By rising account, as the contract wants them. */
export const split = (...payees: [account: string, share: number][]): Payee[] =>
  payees.map(([account, share]) => ({ account, share })).sort((a, b) => (BigInt(a.account) < BigInt(b.account) ? -1 : 1))

/** What stands for a split, computed without the contract. */
export const splitHash = (payees: Payee[]): string => {
  const words = payees.map(({ account, share }) => AbiCoder.defaultAbiCoder().encode(['address', 'uint32'], [account, share]))
  return toBeHex(BigInt(keccak256(concat(words))) & ((1n << 234n) - 1n), 32)
}

export const lineageHash = (lineage: Ancestor[]): string =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(['tuple(uint256,uint32)[]'], [lineage.map(({ workId, share }): [bigint, number] => [workId, share])]),
  )

export const place = (payees: Payee[], account: string): number => payees.findIndex((payee) => payee.account === account)

/** A fresh chain with a splitter, a plain and a hostile token in its list, and people. Works `one` and `two` belong to `holder`. */
export async function deploySplitter() {
  const { ethers, networkHelpers } = await network.create()
  const [deployer, holder, payer, ann, bob, cyd, channel, stranger, module] = await ethers.getSigners()
  if (!deployer || !holder || !payer || !ann || !bob || !cyd || !channel || !stranger || !module)
    throw new Error('nine accounts are needed')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const rights = await ethers.deployContract('RightsDouble')
  const splitter = await ethers.deployContract('RevenueSplitter', [await authority.getAddress(), await rights.getAddress()])
  const address = await splitter.getAddress()
  const plain = await ethers.deployContract('PlainToken')
  const hostile = await ethers.deployContract('HostileToken')
  const [token, badToken] = [await plain.getAddress(), await hostile.getAddress()]
  const one = work('one')
  const two = work('two')
  for (const each of [one, two]) await rights.give(each, holder.address)
  await splitter.setCurrency(token, true)
  await splitter.setCurrency(badToken, true)
  await splitter.setModules([module.address])
  for (const { address: rich } of [payer, module]) {
    await plain.mint(rich, 10n ** 30n)
    await hostile.mint(rich, 10n ** 30n)
  }
  for (const signer of [payer, module]) {
    await (plain.connect(signer) as typeof plain).approve(address, 10n ** 40n)
    await (hostile.connect(signer) as typeof hostile).approve(address, 10n ** 40n)
  }
  const by = (signer: typeof payer) => splitter.connect(signer) as typeof splitter
  const holderOnly = split([holder.address, 1_000_000])
  const halves = split([ann.address, 500_000], [bob.address, 500_000])
  const thirds = split([ann.address, 333_333], [bob.address, 333_333], [cyd.address, 333_334])

  return {
    ethers,
    time: networkHelpers.time,
    splitter,
    address,
    authority,
    rights,
    plain,
    hostile,
    token,
    badToken,
    one,
    two,
    deployer,
    holder,
    payer,
    ann,
    bob,
    cyd,
    channel,
    stranger,
    module,
    by,
    holderOnly,
    halves,
    thirds,
    /** Pays a work; coins unless a token is named. */
    pay: (workId: bigint, amount: bigint, currency: string = COIN) =>
      by(payer).pay(workId, currency, amount, { value: currency === COIN ? amount : 0n }),
    payDirect: (workId: bigint, payees: Payee[], amount: bigint, currency: string = COIN) =>
      by(payer).payDirect(workId, payees, currency, amount, { value: currency === COIN ? amount : 0n }),
    collect: (workId: bigint, amount: bigint, commission: number, currency: string = COIN, to: string = channel.address) =>
      by(module).collect(workId, payer.address, currency, amount, to, commission, { value: currency === COIN ? amount : 0n }),
    setSplit: (workId: bigint, payees: Payee[]) => by(holder).setSplit(workId, payees),
    /** Claims for a payee; what was sent. */
    claim: async (workId: bigint, payees: Payee[], account: string, currency: string = COIN): Promise<bigint> => {
      const due = await splitter.claimable(workId, payees, place(payees, account), currency)
      if (due > 0n) await splitter.claim(workId, payees, place(payees, account), currency)
      return due
    },
    claimable: (workId: bigint, payees: Payee[], account: string, currency: string = COIN) =>
      splitter.claimable(workId, payees, place(payees, account), currency),
    /** Registers `child` under parents that are all the holder's. */
    derive: async (child: bigint, parents: [parent: bigint, share: number][], lineages: Ancestor[][] = parents.map(() => [])) => {
      await rights.give(child, holder.address)
      for (const [parent] of parents) await rights.give(parent, holder.address)
      const entries = parents
        .map(([parent, share], index) => ({ parent, share, grantor: holder.address, lineage: lineages[index]! }))
        .sort((a, b) => (a.parent < b.parent ? -1 : 1))
      const register = by(holder).registerDerivative(
        child,
        entries,
        entries.map(({ lineage }) => lineage),
      )
      return await register
    },
    hostilePayee: async () => {
      const contract = await ethers.deployContract('HostilePayee')
      return { contract, account: await contract.getAddress() }
    },
    call: (name: string, args: unknown[]): string => splitter.interface.encodeFunctionData(name as 'pay', args as never),
    balance: async (account: AddressLike, currency: string = COIN): Promise<bigint> =>
      currency === COIN
        ? await ethers.provider.getBalance(account)
        : currency === token
          ? await plain.balanceOf(account)
          : await hostile.balanceOf(account),
    /** The lineage that a registration's event tells. */
    lineageIn: (receipt: ContractTransactionReceipt | null): Ancestor[] => {
      for (const log of receipt?.logs ?? []) {
        const parsed = splitter.interface.parseLog(log)
        if (parsed?.name === 'DerivativeRegistered')
          return parsed.args.lineage.map((entry: { workId: bigint; share: bigint }) => ({
            workId: entry.workId,
            share: Number(entry.share),
          }))
      }
      throw new Error('no derivative was registered')
    },
  }
}

export type Splitter = Awaited<ReturnType<typeof deploySplitter>>
