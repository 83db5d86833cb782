import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { ContractFactory, getCreateAddress } from 'ethers'
import { CopyrightRegistryBytecode } from '../../src/contracts/bytecode.ts'
import {
  CopyrightRegistry__factory,
  CopyrightRegistryAbi,
  deploymentOn,
  isGenuine,
  knownChains,
  LOCAL_CHAIN_ID,
} from '../../src/contracts/index.ts'
import { recipe, replayRecipe } from '../../src/stack-recipe/index.ts'
import { startChain, startInProcessChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

describe('contracts', () => {
  let chain: TestChain
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())

  const address = (): string => chain.deployment.contracts.CopyrightRegistry!.address

  it('gives typed access to a deployed contract', async () => {
    const registry = CopyrightRegistry__factory.connect(address(), chain.provider)
    const work = newWork()
    const hash: string = await registry.idOf(chain.accounts[0]!.address, work)
    expect(hash).to.match(/^0x[0-9a-f]{64}$/)
    expect(CopyrightRegistry__factory.createInterface().getFunction('deposit').name).to.equal('deposit')
    expect(CopyrightRegistry__factory.abi).to.equal(CopyrightRegistryAbi)
  })

  it('knows deployments by chain', () => {
    expect(deploymentOn(LOCAL_CHAIN_ID)).to.deep.equal(chain.deployment)
    expect(deploymentOn(987_654_321)).to.equal(undefined)
    expect(knownChains()).to.include(LOCAL_CHAIN_ID)
  })

  it('knows a genuine contract whatever its immutables, and no other', async () => {
    const code = await chain.provider.getCode(address())
    expect(isGenuine('CopyrightRegistry', code)).to.equal(true)
    const elsewhere = await startChain({ bare: true, args: ['--chain-id', '777'] })
    try {
      const factory = new ContractFactory(CopyrightRegistryAbi as never, CopyrightRegistryBytecode, elsewhere.accounts[3]!)
      const other = await elsewhere.provider.getCode(await (await factory.deploy()).getAddress())
      expect(other).not.to.equal(code)
      expect(isGenuine('CopyrightRegistry', other)).to.equal(true)
    } finally {
      await elsewhere.stop()
    }
    expect(isGenuine('CopyrightRegistry', '0x')).to.equal(false)
    expect(isGenuine('CopyrightRegistry', `${code}00`)).to.equal(false)
    expect(isGenuine('CopyrightRegistry', `0x00${code.slice(4)}`)).to.equal(false)
  })

  it('keeps bytecode out of what the core loads', () => {
    const loaded = new Set<string>()
    const visit = (file: string): void => {
      if (loaded.has(file)) return
      loaded.add(file)
      for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)(?! type)[^'\n]*?'(\.[^']+)'/gm))
        visit(join(dirname(file), path!))
    }
    visit(join(import.meta.dirname, '..', '..', 'src', 'index.ts'))
    expect([...loaded].some((file) => file.endsWith('generated/CopyrightRegistry.ts'))).to.equal(true)
    for (const file of loaded) expect(readFileSync(file, 'utf8').includes(CopyrightRegistryBytecode.slice(0, 200)), file).to.equal(false)
  })
})

describe('stack recipe', () => {
  it('names addresses that follow from the deployer and its nonces', () => {
    const created = recipe.transactions.flatMap(({ to }, nonce) =>
      to === null ? [getCreateAddress({ from: recipe.deployer, nonce })] : [],
    )
    expect(created).to.include.members(Object.values(recipe.addresses))
  })

  it('sets up a fresh chain, and leaves one alone that is set up', async () => {
    const chain = await startChain({ bare: true })
    try {
      const steps: number[] = []
      const deployment = await replayRecipe(chain.provider, { onProgress: ({ done }) => steps.push(done) })
      expect(steps.at(-1)).to.equal(recipe.transactions.length)
      for (const [name, { address }] of Object.entries(deployment.contracts))
        expect(isGenuine(name as 'CopyrightRegistry', await chain.provider.getCode(address))).to.equal(true)
      const nonce = await chain.provider.getTransactionCount(recipe.deployer)
      expect(await replayRecipe(chain.provider)).to.deep.equal(deployment)
      expect(await chain.provider.getTransactionCount(recipe.deployer)).to.equal(nonce)
    } finally {
      await chain.stop()
    }
  })

  it('gives the same addresses on Hardhat', async () => {
    const chain = await startInProcessChain()
    try {
      const { address } = chain.deployment.contracts.CopyrightRegistry!
      expect(isGenuine('CopyrightRegistry', await chain.provider.getCode(address))).to.equal(true)
    } finally {
      await chain.stop()
    }
  })

  it('refuses chains that were used, that are not local, and stops when asked', async () => {
    const used = await startChain({ bare: true })
    try {
      const reason = new Error('stop')
      expect(await replayRecipe(used.provider, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(reason)
      await (await used.accounts[0]!.sendTransaction({ to: used.accounts[0]!.address })).wait()
      const error = await expectError('STACK_NOT_FRESH', () => replayRecipe(used.provider))
      expect(error.details.nonce).to.equal(1)
    } finally {
      await used.stop()
    }
    await expectError('NETWORK_UNREACHABLE', () => replayRecipe(used.connect()))
    const foreign = await startChain({ bare: true, args: ['--chain-id', '777'] })
    try {
      await expectError('WRONG_CHAIN', () => replayRecipe(foreign.provider))
    } finally {
      await foreign.stop()
    }
  })
})
