import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import {
  AbstractSigner,
  BrowserProvider,
  Contract,
  FetchRequest,
  type HDNodeWallet,
  Interface,
  JsonRpcProvider,
  type Provider,
  type TransactionRequest,
  Wallet,
} from 'ethers'
import { CopyrightRegistry__factory, type Deployment } from '../../src/contracts/index.ts'
import { ContractError, chainError, revertError } from '../../src/errors/index.ts'
import { createDeposits } from '../../src/index.ts'
import { startChain, startInProcessChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

describe('errors: faults of the chain', () => {
  let chain: TestChain
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())

  const count = (address: string): Promise<number> => chain.provider.getTransactionCount(address)

  it('an account without money', async () => {
    const poor = Wallet.createRandom().connect(chain.provider)
    const error = await expectError('INSUFFICIENT_FUNDS', () => createDeposits({ signer: poor }).create(newWork()))
    expect(error.cause).to.be.instanceOf(Error)
    expect(error.details.from).to.equal(poor.address)
    const other = await startInProcessChain()
    try {
      const signer = Wallet.createRandom().connect(other.provider)
      await expectError('INSUFFICIENT_FUNDS', () => createDeposits({ signer }).create(newWork()))
    } finally {
      await other.stop()
    }
  })

  it('no signer, a signer without provider, no provider', async () => {
    await expectError('SIGNER_MISSING', () => createDeposits({ provider: chain.provider }).create(newWork()))
    await expectError('SIGNER_MISSING', () => createDeposits({ provider: chain.provider, signer: Wallet.createRandom() }).create(newWork()))
    await expectError('PROVIDER_MISSING', () => createDeposits({}))
    await expectError('PROVIDER_MISSING', () => createDeposits({ signer: Wallet.createRandom() }))
  })

  it('a chain without a known deployment, the wrong chain, no contract at the address, no address', async () => {
    const elsewhere = await startChain({ bare: true, args: ['--chain-id', '777'] })
    try {
      const signer = elsewhere.accounts[0]!
      const unknown = await expectError('DEPLOYMENT_UNKNOWN', () => createDeposits({ signer }).create(newWork()))
      expect(unknown.details).to.deep.equal({ chainId: 777, knownChains: [31_337] })
      const wrong = await expectError('WRONG_CHAIN', () => createDeposits({ signer, deployment: chain.deployment }).create(newWork()))
      expect(wrong.details).to.deep.equal({ expected: 31_337, found: 777 })
      // Reads from the right chain, signs on the wrong one.
      await expectError('WRONG_CHAIN', () => createDeposits({ provider: chain.provider, signer }).create(newWork()))
      const deployment: Deployment = { chainId: 777, contracts: { CopyrightRegistry: { address: signer.address, block: 0 } } }
      await expectError('CONTRACT_MISSING', () => createDeposits({ signer, deployment }).create(newWork()))
      await expectError('CONTRACT_MISSING', () => createDeposits({ signer, deployment: { chainId: 777, contracts: {} } }).create(newWork()))
      expect(await elsewhere.provider.getTransactionCount(signer.address)).to.equal(0)
    } finally {
      await elsewhere.stop()
    }
    const bare = await startChain({ bare: true })
    try {
      const error = await expectError('CONTRACT_MISSING', () => createDeposits({ signer: bare.accounts[0]! }).create(newWork()))
      expect(error.hint).to.include('colophon stack')
    } finally {
      await bare.stop()
    }
  })

  it('a wallet that changes chains between two calls', async () => {
    const elsewhere = await startChain({ bare: true, args: ['--chain-id', '777'] })
    try {
      let at = chain
      const wallet = new BrowserProvider({ request: ({ method, params }) => at.provider.send(method, (params ?? []) as unknown[]) }, 'any')
      const deposits = createDeposits({ signer: await wallet.getSigner(), deployment: chain.deployment })
      await deposits.create(newWork())
      at = elsewhere
      await expectError('WRONG_CHAIN', () => deposits.create(newWork()))
      at = chain
      await deposits.create(newWork())
      wallet.destroy()
    } finally {
      await elsewhere.stop()
    }
  })

  it('a request rejected in the wallet', async () => {
    const rejecting = new BrowserProvider({
      request: async ({ method, params }) => {
        if (method === 'eth_sendTransaction' || method === 'eth_signTypedData_v4')
          throw Object.assign(new Error('User rejected the request.'), { code: 4001 })
        return await chain.provider.send(method, (params ?? []) as unknown[])
      },
    })
    const deposits = createDeposits({ signer: await rejecting.getSigner() })
    const error = await expectError('USER_REJECTED', () => deposits.create(newWork()))
    expect(error.walk((cause) => (cause as { code?: unknown }).code === 'ACTION_REJECTED')).not.to.equal(undefined)
    await expectError('USER_REJECTED', () => deposits.sign(newWork()))
    rejecting.destroy()
  })

  it('is told by what is said, not by what the bytes of the transaction spell', async () => {
    const account = chain.accounts[6]!
    const fixed = new FixedNonce(account, 0)
    await createDeposits({ signer: fixed }).create(newWork())
    // ethers quotes the whole transaction, and these bytes are a word in hex.
    const contentHash: `0x${string}` = `0x${'fee'.repeat(21)}0`
    await expectError('NONCE_USED', () => createDeposits({ signer: fixed }).create({ ...newWork(), contentHash }))
  })

  it('a nonce that was used, and one that is waiting', async () => {
    const account = chain.accounts[5]!
    const fixed = new FixedNonce(account, 0)
    await createDeposits({ signer: fixed }).create(newWork())
    await expectError('NONCE_USED', () => createDeposits({ signer: fixed }).create(newWork()))
    await chain.provider.send('evm_setAutomine', [false])
    try {
      await account.sendTransaction({ to: account.address, nonce: 1 })
      await expectError('REPLACEMENT_UNDERPRICED', () => createDeposits({ signer: new FixedNonce(account, 1) }).create(newWork()))
    } finally {
      await chain.provider.send('evm_setAutomine', [true])
      await chain.provider.send('evm_mine', [])
    }
  })

  it('stops waiting for an RPC that never answers, before anything is sent', async () => {
    const account = chain.accounts[7]!
    // Answers nothing, for as long as it is asked.
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const provider = new JsonRpcProvider(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, 31_337, { staticNetwork: true })
    const deposits = createDeposits({ signer: account.connect(provider) })
    const reason = new Error('enough')
    try {
      for (const call of [
        (signal: AbortSignal) => deposits.create(newWork(), { signal }),
        (signal: AbortSignal) => deposits.find(newWork().contentHash, { signal }),
      ]) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(reason), 30)
        expect(await call(controller.signal).catch((fault: unknown) => fault)).to.equal(reason)
      }
    } finally {
      provider.destroy()
      silent.closeAllConnections()
      silent.close()
    }
  })

  describe('after sending', () => {
    beforeEach(() => chain.provider.send('evm_setAutomine', [false]))
    afterEach(async () => {
      await chain.provider.send('evm_setAutomine', [true])
      await chain.provider.send('evm_mine', [])
    })

    it('gives the hash when it takes too long or is aborted, and the receipts later', async () => {
      const deposits = createDeposits({ signer: chain.accounts[3]! })
      const late = await expectError('TRANSACTION_PENDING', () => deposits.create(newWork(), { timeout: 50 }))
      const stop = new AbortController()
      const reason = new Error('closing the page')
      const aborted = await expectError('TRANSACTION_PENDING', () =>
        deposits.create(newWork(), { signal: stop.signal, onSent: () => stop.abort(reason) }),
      )
      expect(aborted.cause).to.equal(reason)
      await expectError('TRANSACTION_PENDING', () => deposits.receipts(late.details.transactionHash as string))
      await chain.provider.send('evm_mine', [])
      for (const { details } of [late, aborted]) expect(await deposits.receipts(details.transactionHash as string)).to.have.length(1)
    })

    it('gives the hash even when the caller fails to keep it', async () => {
      const deposits = createDeposits({ signer: chain.accounts[3]! })
      const full = new Error('the disk is full')
      const error = await expectError('TRANSACTION_PENDING', () =>
        deposits.create(newWork(), {
          onSent: () => {
            throw full
          },
        }),
      )
      expect(error.cause).to.equal(full)
      await chain.provider.send('evm_mine', [])
      expect(await deposits.receipts(error.details.transactionHash as string)).to.have.length(1)
    })

    it('decodes why a transaction failed when it was mined', async () => {
      // Both pass their simulation, and only one can be first.
      const deposits = createDeposits({ signer: chain.accounts[4]! })
      const work = newWork()
      let waiting = 0
      const ready = (): Promise<void> => {
        if (++waiting === 2) return chain.provider.send('evm_mine', [])
        return Promise.resolve()
      }
      const nonce = await count(chain.accounts[4]!.address)
      const another = createDeposits({ signer: new FixedNonce(chain.accounts[4]!, nonce + 1) })
      const first = deposits.create(work, { onSent: ready })
      const error = await expectError('DEPOSIT_EXISTS', async () => {
        await Promise.all([first, another.create(work, { onSent: ready })])
      })
      expect(error).to.have.property('details').that.includes.keys('transactionHash', 'block', 'gasUsed', 'earlier')
      expect((error.details.earlier as { transaction: string }).transaction).to.equal((await first).record!.transaction)
    })

    it('follows a transaction that was sped up, and reports one that was replaced', async () => {
      const account = chain.accounts[6]!
      const deposits = createDeposits({ signer: account })
      const replaceWith =
        (change: (request: TransactionRequest) => TransactionRequest) =>
        async (hash: string): Promise<void> => {
          const waiting = (await chain.provider.getTransaction(hash))!
          const { to, data, nonce, gasLimit } = waiting
          const fees = { maxFeePerGas: waiting.maxFeePerGas! * 3n, maxPriorityFeePerGas: waiting.maxPriorityFeePerGas! * 3n }
          await account.sendTransaction(change({ to, data, nonce, gasLimit, ...fees }))
          setTimeout(() => void chain.provider.send('evm_mine', []), 100)
        }
      const work = newWork()
      const receipt = await deposits.create(work, { onSent: replaceWith((request) => request) })
      expect(receipt.work).to.deep.equal(work)
      const replaced = await expectError('TRANSACTION_REPLACED', () =>
        deposits.create(newWork(), { onSent: replaceWith((request) => ({ ...request, to: account.address, data: '0x' })) }),
      )
      expect(replaced.details).to.include.keys('transactionHash', 'replacement', 'reason')
    })
  })

  it('a transaction that runs out of gas', async () => {
    const starved = new LittleGas(chain.accounts[7]!)
    const error = await expectError('TRANSACTION_FAILED', () => createDeposits({ signer: starved }).create(newWork()))
    expect(error.hint).to.include('gas')
  })

  describe('the network', () => {
    it('nobody listens', async () => {
      const server = createServer()
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      server.close()
      await once(server, 'close')
      const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`)
      await expectError('NETWORK_UNREACHABLE', () => createDeposits({ provider }).get(newWork().contentHash))
      provider.destroy()
    })

    it('the node goes away between two calls', async () => {
      const short = await startChain()
      const deposits = createDeposits({ signer: short.accounts[1]! })
      await deposits.create(newWork())
      await short.stop()
      const provider = new JsonRpcProvider(short.url, 31_337, { staticNetwork: true })
      const error = await expectError('NETWORK_UNREACHABLE', () => createDeposits({ provider }).find(newWork().contentHash))
      expect(error.cause).not.to.equal(undefined)
      provider.destroy()
    })

    it('the server answers with HTTP errors', async () => {
      const answers: [number, string][] = [
        [503, 'NETWORK_UNREACHABLE'],
        [429, 'RATE_LIMITED'],
      ]
      for (const [status, code] of answers) {
        const server: Server = createServer((_, response) => {
          response.writeHead(status, { 'retry-after': '0' })
          response.end()
        })
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        // ethers repeats a request that meets 429 by itself, for minutes; once is enough here.
        const request = new FetchRequest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
        request.setThrottleParams({ maxAttempts: 1 })
        const provider = new JsonRpcProvider(request, 31_337, { staticNetwork: true })
        try {
          await expectError(code, () => createDeposits({ provider }).find(newWork().contentHash))
        } finally {
          provider.destroy()
          server.closeAllConnections()
          server.close()
        }
      }
    })
  })

  describe('contracts', () => {
    it('decodes a refusal with its name and values', async () => {
      const registry = CopyrightRegistry__factory.connect(chain.deployment.contracts.CopyrightRegistry!.address, chain.accounts[1])
      // ethers itself leaves these undecoded.
      const root = newWork().contentHash
      const fault = await registry.lift.estimateGas(root, newWork(), []).catch((error: unknown) => error)
      const error = chainError(fault, { interfaces: [registry.interface] }) as ContractError
      expect(error).to.be.instanceOf(ContractError)
      expect(error).to.include({ code: 'ANCHOR_NOT_FOUND', errorName: 'CopyrightRegistry_AnchorMissing' })
      expect(error.args).to.deep.equal({ root })
    })

    it('says what it can about errors it does not know', () => {
      const other = new Interface(['error Surprise(uint256 size)', 'error CopyrightRegistry_DepositExists(bytes32 id)'])
      const unknown = revertError(other.encodeErrorResult('Surprise', [7]), undefined)
      expect(unknown).to.include({ code: 'CONTRACT_ERROR_UNKNOWN' })
      const named = revertError(other.encodeErrorResult('Surprise', [7]), undefined, { interfaces: [other] }) as ContractError
      expect(named).to.include({ code: 'CONTRACT_ERROR_UNKNOWN', errorName: 'Surprise' })
      expect(named.details).to.deep.equal({ size: '7', contractError: 'Surprise' })
      const standard = new Interface(['error Error(string)', 'error Panic(uint256)'])
      expect(revertError(standard.encodeErrorResult('Error', ['too late']), undefined).shortMessage).to.include('too late')
      expect(revertError(standard.encodeErrorResult('Panic', [0x11]), undefined).details).to.deep.equal({ panic: 17 })
      // Truncated data is no reason to throw something else.
      expect(revertError('0x08c379a0', undefined)).to.include({ code: 'CONTRACT_ERROR_UNKNOWN' })
      expect(revertError('0x12', undefined)).to.include({ code: 'CONTRACT_ERROR_UNKNOWN' })
    })

    it('a contract that is not the registry', async () => {
      // The registry's own address as another contract's: a call it does not know reverts without data.
      const { address } = chain.deployment.contracts.CopyrightRegistry!
      const stranger = new Contract(address, ['function nothing() view'], chain.provider)
      const fault = await stranger
        .getFunction('nothing')
        .staticCall()
        .catch((error: unknown) => error)
      expect(chainError(fault)).to.include({ code: 'CONTRACT_REVERTED' })
    })
  })

  it('leaves nothing untyped', () => {
    expect(chainError('nonsense')).to.include({ code: 'CHAIN_FAULT' })
    expect(chainError(undefined)).to.include({ code: 'CHAIN_FAULT' })
    expect(chainError(new Error('odd'), { action: 'trying' }).shortMessage).to.equal('The chain call failed while trying: odd')
    const known = chainError(new Error('x'))
    expect(chainError(known)).to.equal(known)
    const circular: { error?: unknown } = {}
    circular.error = circular
    expect(chainError(circular)).to.include({ code: 'CHAIN_FAULT' })
    const cases: [object, string][] = [
      [{ code: 'TIMEOUT', message: 'x' }, 'NETWORK_TIMEOUT'],
      [{ code: 4100, message: 'x' }, 'SIGNER_MISSING'],
      [{ code: 4900, message: 'x' }, 'NETWORK_UNREACHABLE'],
      [{ code: 4901, message: 'x' }, 'WRONG_CHAIN'],
      [{ code: 'NETWORK_ERROR', message: 'network changed: 1 => 5' }, 'WRONG_CHAIN'],
      [{ code: 'BAD_DATA', message: 'x' }, 'BAD_CHAIN_DATA'],
      [{ info: { error: { code: 4001 } } }, 'USER_REJECTED'],
      [{ error: { data: { data: '0x' } } }, 'CONTRACT_REVERTED'],
      [{ code: 'UNKNOWN_ERROR', error: { code: -32_000, message: 'insufficient funds for gas * price + value' } }, 'INSUFFICIENT_FUNDS'],
      [{ message: 'TypeError: Failed to fetch' }, 'NETWORK_UNREACHABLE'],
    ]
    for (const [fault, code] of cases) expect(chainError(fault).code, JSON.stringify(fault)).to.equal(code)
  })
})

/** Signs like the wallet it is given, with one nonce always. */
class FixedNonce extends AbstractSigner<Provider> {
  readonly #wallet: HDNodeWallet
  readonly #nonce: number
  constructor(wallet: HDNodeWallet, nonce: number) {
    super(wallet.provider!)
    this.#wallet = wallet
    this.#nonce = nonce
  }
  override getAddress = (): Promise<string> => this.#wallet.getAddress()
  override connect = (): never => {
    throw new Error('not needed')
  }
  override signTransaction = (request: TransactionRequest): Promise<string> => this.#wallet.signTransaction(request)
  override signMessage = (message: string): Promise<string> => this.#wallet.signMessage(message)
  override signTypedData = (...args: Parameters<HDNodeWallet['signTypedData']>): Promise<string> => this.#wallet.signTypedData(...args)
  override sendTransaction(request: TransactionRequest): ReturnType<HDNodeWallet['sendTransaction']> {
    return this.#wallet.sendTransaction({ ...request, nonce: this.#nonce })
  }
}

/** Sends with too little gas, whatever it is told. */
class LittleGas extends FixedNonce {
  readonly #signer: HDNodeWallet
  constructor(wallet: HDNodeWallet) {
    super(wallet, 0)
    this.#signer = wallet
  }
  override sendTransaction(request: TransactionRequest): ReturnType<HDNodeWallet['sendTransaction']> {
    return this.#signer.sendTransaction({ ...request, gasLimit: 30_000 })
  }
}
