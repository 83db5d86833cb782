import { expect } from 'chai'
import { BrowserProvider, parseEther } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import { compare, fingerprint } from '../../src/fingerprint/index.ts'
import { samplePicture, sampleText, sampleWork, startTestbed, type Testbed } from '../../src/testing/index.ts'
import { expectError } from '../expectError.ts'

describe('testing', () => {
  let bed: Testbed
  before(async () => {
    bed = await startTestbed()
  })
  after(() => bed.stop())

  it('deposits sample works as its accounts, each another', async () => {
    const [one, two] = [await bed.deposit(1), await bed.deposit(1)]
    expect(one.id).to.not.equal(two.id)
    const named = await bed.deposit(2, 'a name')
    expect(named).to.include({ claimant: bed.accounts[2]!.address })
    expect(named.work).to.deep.equal(sampleWork('a name'))
    await expectError('DEPOSIT_EXISTS', () => bed.deposit(2, 'a name'))
    await expectError('INVALID_INPUT', () => bed.deposit(10))
  })

  it('funds new wallets, or not', async () => {
    const rich = await bed.newWallet('1.5')
    expect(await bed.provider.getBalance(rich.address)).to.equal(parseEther('1.5'))
    expect((await bed.deposit(rich)).claimant).to.equal(rich.address)
    const poor = await bed.newWallet()
    await expectError('INSUFFICIENT_FUNDS', () => bed.deposit(poor))
  })

  it('has people verified, and lets that expire', async () => {
    const { address } = bed.accounts[3]!
    const { identity } = bed.as(1)
    expect(await identity.levelAt(address)).to.equal('none')
    await bed.verified(address)
    await bed.verified(bed.accounts[4]!.address, 'high')
    expect(await identity.levelAt(address)).to.equal('substantial')
    expect(await identity.levelAt(bed.accounts[4]!.address)).to.equal('high')
    const restore = await bed.snapshot()
    await bed.pass({ years: 1, days: 1 })
    expect(await identity.levelAt(address)).to.equal('none')
    await restore()
    expect(await identity.levelAt(address)).to.equal('substantial')
    await expectError('SNAPSHOT_GONE', restore)
  })

  it('moves the clock forward and never back', async () => {
    const before = await bed.now()
    expect(await bed.pass({ hours: 1, minutes: 1, seconds: 1 })).to.equal(before + 3661)
    expect(await bed.travelTo(new Date((before + 10_000) * 1000))).to.equal(before + 10_000)
    expect(await bed.now()).to.equal(before + 10_000)
    await expectError('INVALID_INPUT', () => bed.travelTo(before))
    await expectError('INVALID_INPUT', () => bed.pass({ weeks: 1 } as never))
  })

  it('mines and reorganises', async () => {
    const height = await bed.provider.getBlockNumber()
    await bed.mine(3)
    expect(await bed.provider.getBlockNumber()).to.equal(height + 3)
    const { id } = await bed.deposit(1)
    await bed.mine(2)
    await bed.reorganise(3)
    expect(await bed.as(1).deposits.get(id)).to.equal(undefined)
  })

  it('ends with its block', async () => {
    let url: string
    {
      await using own = await startTestbed()
      url = own.url
      expect(url).to.not.equal(bed.url)
    }
    expect(await fetch(url).catch(() => 'gone')).to.equal('gone')
  })

  describe('a wallet of a browser', () => {
    const colophonOf = (
      wallet: ReturnType<Testbed['browserWallet']>,
    ): { provider: BrowserProvider; open(): Promise<ReturnType<typeof createColophon>> } => {
      const provider = new BrowserProvider(wallet, undefined, { cacheTimeout: -1 })
      return { provider, open: async () => createColophon({ signer: await provider.getSigner(), deployment: bed.deployment }) }
    }

    it('signs and sends as its account', async () => {
      const wallet = bed.browserWallet(5)
      const { provider, open } = colophonOf(wallet)
      const { deposits } = await open()
      const receipt = await deposits.create(sampleWork('by a page'))
      expect(receipt.claimant).to.equal(bed.accounts[5]!.address)
      const signed = await deposits.sign(sampleWork('signed by a page'))
      expect((await bed.as(1).deposits.submitSigned(signed)).claimant).to.equal(wallet.address)
      const signer = await provider.getSigner()
      expect(await signer.signMessage('hello')).to.equal(await bed.accounts[5]!.signMessage('hello'))
      expect(wallet.requests).to.include.members(['eth_accounts', 'eth_sendTransaction', 'eth_signTypedData_v4'])
      expect(await wallet.request({ method: 'eth_requestAccounts' })).to.deep.equal([wallet.address])
      provider.destroy()
    })

    it('rejects when it is told to, once', async () => {
      const wallet = bed.browserWallet(5)
      const { provider, open } = colophonOf(wallet)
      const { deposits } = await open()
      wallet.rejectNext()
      await expectError('USER_REJECTED', () => deposits.create(sampleWork('rejected')))
      await deposits.create(sampleWork('rejected'))
      provider.destroy()
    })

    it('is on another chain, disconnected, or without an account', async () => {
      const wallet = bed.browserWallet(6)
      const { provider, open } = colophonOf(wallet)
      const { deposits } = await open()
      const events: unknown[] = []
      for (const event of ['chainChanged', 'disconnect', 'connect', 'accountsChanged'])
        wallet.on(event, (value: never) => events.push(event, value))
      wallet.switchChain(1)
      await expectError('WRONG_CHAIN', () => deposits.create(sampleWork('elsewhere')))
      await wallet.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x7a69' }] })
      await deposits.create(sampleWork('elsewhere'))
      expect(
        await wallet.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x1' }] }).catch((fault) => fault.code),
      ).to.equal(4902)
      wallet.disconnect()
      expect(await wallet.request({ method: 'eth_chainId' }).catch((fault) => fault.code)).to.equal(4900)
      wallet.reconnect()
      wallet.switchAccount(undefined)
      expect(await wallet.request({ method: 'eth_accounts' })).to.deep.equal([])
      wallet.switchAccount(bed.accounts[7])
      expect(await wallet.request({ method: 'eth_accounts' })).to.deep.equal([bed.accounts[7]!.address])
      expect(events.filter((each) => typeof each === 'string' && !each.startsWith('0x'))).to.deep.equal([
        'chainChanged',
        'chainChanged',
        'disconnect',
        'connect',
        'accountsChanged',
        'accountsChanged',
      ])
      provider.destroy()
    })

    it('makes itself known to pages that ask, before and after (EIP-6963)', () => {
      const wallet = bed.browserWallet(1)
      const page = new EventTarget()
      const found: unknown[] = []
      page.addEventListener('eip6963:announceProvider', (event) => found.push((event as CustomEvent).detail.provider))
      const end = wallet.announce(page)
      page.dispatchEvent(new Event('eip6963:requestProvider'))
      end()
      page.dispatchEvent(new Event('eip6963:requestProvider'))
      expect(found).to.deep.equal([wallet, wallet])
    })
  })

  describe('samples', () => {
    it('are the same for the same seed and others for another', () => {
      expect(sampleText(1)).to.deep.equal(sampleText(1)).and.not.deep.equal(sampleText(2))
      expect(samplePicture('a')).to.deep.equal(samplePicture('a')).and.not.deep.equal(samplePicture('b'))
      expect(sampleWork(1)).to.deep.equal(sampleWork(1)).and.not.deep.equal(sampleWork(2))
    })

    it('have fingerprints that tell them apart', async () => {
      const [one, two, text, other] = await Promise.all(
        [samplePicture(1), samplePicture(2), sampleText(1), sampleText(2)].map((bytes) => fingerprint(bytes)),
      )
      expect([one!.media, text!.media]).to.deep.equal(['image', 'text'])
      expect(compare(one!, two!).verdict).to.equal('different')
      expect(compare(text!, other!).verdict).to.equal('different')
    })
  })
})
