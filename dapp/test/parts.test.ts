import { ColophonError } from '@colophon/sdk'
import { expect } from 'chai'
import fc from 'fast-check'
import { contentSecurityPolicy } from '../build/policy.ts'
import { descriptionOf, type FormValues, formFaults, titleOf } from '../src/deposit/description.ts'
import { formatsOf } from '../src/i18n/formats.ts'
import { LANGUAGES } from '../src/i18n/language.ts'
import { platesOf } from '../src/mark/plates.ts'
import { parseSettings } from '../src/settings/settings.ts'
import { asError, isBusy, nextState, type TransactionEvent, type TransactionState } from '../src/transaction/state.ts'
import { readAnnouncement } from '../src/wallet/announced.ts'

const BASE = 'http://127.0.0.1:5173/'

describe('dApp: transactions', () => {
  const after = (...events: TransactionEvent<string>[]): TransactionState<string> =>
    events.reduce<TransactionState<string>>(nextState<string>, { status: 'idle' })
  const progress = (stage: string): TransactionEvent<string> => ({
    type: 'progress',
    progress: { stage, done: 0, total: 1, unit: 'steps' },
  })
  const fault = (code: string, details = {}): TransactionEvent<string> => ({
    type: 'fault',
    fault: new ColophonError(code, 'What.', { details }),
  })

  it('go from simulating over the wallet to the chain', () => {
    expect(after({ type: 'start' }).status).to.equal('simulating')
    expect(after({ type: 'start' }, progress('approve')).status).to.equal('approving')
    expect(after({ type: 'start' }, progress('send')).status).to.equal('signing')
    expect(after({ type: 'start' }, { type: 'sent', hash: '0x1' })).to.deep.equal({ status: 'pending', hash: '0x1' })
    expect(after({ type: 'sent', hash: '0x1' }, { type: 'done', result: 'id' })).to.deep.equal({
      status: 'confirmed',
      result: 'id',
      hash: '0x1',
    })
  })

  it('are stuck when they take long, and confirmed all the same when they come', () => {
    const stuck = after({ type: 'sent', hash: '0x1' }, { type: 'late' })
    expect(stuck).to.deep.equal({ status: 'stuck', hash: '0x1' })
    expect(nextState(stuck, { type: 'done', result: 'id' }).status).to.equal('confirmed')
    expect(after({ type: 'start' }, { type: 'late' }).status).to.equal('simulating')
  })

  it('tell a refusal, a replacement and a wait from a failure', () => {
    expect(after({ type: 'start' }, fault('USER_REJECTED'))).to.deep.equal({ status: 'rejected' })
    expect(after({ type: 'sent', hash: '0x1' }, fault('TRANSACTION_REPLACED', { replacement: '0x2' }))).to.include({
      status: 'replaced',
      hash: '0x1',
      replacement: '0x2',
    })
    expect(after({ type: 'start' }, fault('TRANSACTION_PENDING', { transactionHash: '0x3' }))).to.deep.equal({
      status: 'stuck',
      hash: '0x3',
    })
    expect(after({ type: 'start' }, fault('INSUFFICIENT_FUNDS'))).to.include({ status: 'failed' })
  })

  it('never go back to the wallet once they are sent', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('simulate', 'approve', 'send', 'confirm')), (stages) => {
        expect(after({ type: 'sent', hash: '0x1' }, ...stages.map(progress)).status).to.equal('pending')
      }),
    )
  })

  it('are busy exactly while something is under way', () => {
    expect((['simulating', 'signing'] as const).every((status) => isBusy({ status }))).to.equal(true)
    expect(isBusy({ status: 'rejected' }) || isBusy({ status: 'idle' }) || isBusy({ status: 'stuck', hash: '0x1' })).to.equal(false)
  })

  it('turn whatever was thrown into an error with a hint', () => {
    expect(asError(new Error('Boom'))).to.include({ code: 'APP_FAULT', shortMessage: 'Boom' })
    expect(asError({ code: 'IMAGE_UNREADABLE', shortMessage: 'No.', hint: 'Try.' }))
      .to.be.instanceOf(ColophonError)
      .and.include({ code: 'IMAGE_UNREADABLE', hint: 'Try.' })
  })
})

describe('dApp: settings', () => {
  const minimal = { rpcUrl: 'rpc', chainId: 10 }

  it('need an RPC and a chain, and resolve addresses against the page', () => {
    expect(parseSettings(minimal, BASE)).to.include({ rpcUrl: 'http://127.0.0.1:5173/rpc', chainId: 10, chainName: 'Chain 10' })
    expect(() => parseSettings({ chainId: 10 }, BASE)).to.throw('rpcUrl')
    expect(() => parseSettings({ ...minimal, chainId: '10' }, BASE)).to.throw('chainId')
    expect(() => parseSettings(null, BASE)).to.throw('object')
  })

  it('refuse addresses that run code', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 7])
      for (const field of ['rpcUrl', 'relay', 'storage', 'walletRpcUrl'])
        expect(() => parseSettings({ ...minimal, [field]: url }, BASE)).to.throw(field)
    expect(() => parseSettings({ ...minimal, gateways: ['ftp://x'] }, BASE)).to.throw('gateways[0]')
  })

  it('allow public keys to sign on local chains alone', () => {
    const devAccounts = [{ name: 'Ada', address: '0x', privateKey: '0x' }]
    expect(() => parseSettings({ ...minimal, devAccounts }, BASE)).to.throw('devAccounts')
    expect(parseSettings({ ...minimal, chainId: 31_337, devAccounts }, BASE).devAccounts).to.have.length(1)
  })
})

describe('dApp: dates', () => {
  it('has words for every time that a file may name', () => {
    for (const language of LANGUAGES) {
      const { date, moment } = formatsOf(language)
      expect(moment(1_700_000_000)).to.include('2023')
      // The deadline of a termination is a uint256; the last period of an agreement begins at a uint40 and sixty uint40 more.
      for (const seconds of [Number(2n ** 256n - 1n), 61 * 2 ** 40, Number.POSITIVE_INFINITY])
        for (const said of [date(seconds), moment(seconds)]) expect(said).to.match(/27\D?5\D?7(60|59)/)
      expect([date(Number.NaN), moment(Number.NaN)]).to.deep.equal(['–', '–'])
    }
  })
})

describe('dApp: marks', () => {
  const bits = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`)
  const drawn = (code: string): string => JSON.stringify(platesOf(code))

  it('show every bit that says how a tile is printed: other inks are another mark', () => {
    fc.assert(
      fc.property(bits, fc.nat({ max: 63 }), fc.constantFrom(4, 8), (code, tile, ink) => {
        const other = flipped(code, tile, ink)
        expect(drawn(other)).to.not.equal(drawn(code))
        expect(drawn(flipped(other, tile, ink))).to.equal(drawn(code))
      }),
    )
  })

  it('show how a tile lies wherever it is printed', () => {
    fc.assert(
      fc.property(bits, fc.nat({ max: 63 }), fc.constantFrom(1, 2), (code, tile, turn) => {
        const printed = (Number.parseInt(code[2 + tile]!, 16) & 12) !== 0
        expect(drawn(flipped(code, tile, turn)) !== drawn(code)).to.equal(printed)
      }),
    )
  })

  function flipped(code: string, tile: number, bit: number): string {
    const at = 2 + tile
    return `${code.slice(0, at)}${(Number.parseInt(code[at]!, 16) ^ bit).toString(16)}${code.slice(at + 1)}`
  }
})

describe('dApp: the form of a deposit', () => {
  const form: FormValues = {
    ...{
      title: ' Coffee ',
      creator: 'Ada',
      role: '',
      created: '2026-11',
      about: '',
      language: 'en',
      keywords: 'cup, wood，cup',
      published: '',
      country: '',
    },
    ...{ priorWork: '', aiGeneration: 'none', aiTraining: 'unsaid' },
  }

  it('becomes what the SDK takes, without what is empty', () => {
    expect(formFaults(form)).to.deep.equal({})
    expect(descriptionOf(form, undefined)).to.deep.equal({
      title: 'Coffee',
      creators: [{ name: 'Ada' }],
      created: '2026-11',
      language: 'en',
      keywords: ['cup', 'wood'],
      aiGeneration: 'none',
    })
  })

  it('says what is wrong, field by field', () => {
    expect(formFaults({ ...form, title: ' ', created: '2026-13', language: 'e', country: 'Germany', priorWork: '0x1' })).to.deep.equal({
      title: 'required',
      created: 'date',
      language: 'language',
      country: 'country',
      priorWork: 'work',
    })
  })

  it('takes the title from the name of the file', () => {
    expect(titleOf('my-best_photo.final.jpg')).to.equal('My best photo final')
    expect(titleOf('六点的港口.png')).to.equal('六点的港口')
  })
})

describe('dApp: wallets that announce themselves', () => {
  const provider = { request: async () => null }

  it('are taken as they are, without pictures from elsewhere', () => {
    const info = { rdns: 'org.example', name: 'Example', icon: 'https://elsewhere.example/x.png' }
    expect(readAnnouncement({ info, provider })).to.deep.equal({ id: 'org.example', name: 'Example', provider })
    expect(readAnnouncement({ info: { ...info, icon: 'data:image/png;base64,AAAA' }, provider })).to.have.property('icon')
    expect(readAnnouncement({ info: { ...info, icon: 'data:text/html,<script>' }, provider })).to.not.have.property('icon')
  })

  it('are left out when they are none', () => {
    for (const detail of [
      undefined,
      null,
      {},
      { info: {} },
      { info: { rdns: 'a', name: 'b' } },
      { info: { rdns: 'a', name: 'b' }, provider: {} },
    ])
      expect(readAnnouncement(detail)).to.equal(undefined)
  })
})

describe('dApp: the security policy', () => {
  it('allows nothing from elsewhere but the addresses it is given', () => {
    const policy = contentSecurityPolicy(['https://rpc.example'], { header: true })
    expect(policy)
      .to.include("connect-src 'self' https://rpc.example;")
      .and.to.include("frame-ancestors 'none'")
      .and.to.include("default-src 'none'")
    expect(policy).to.not.match(/unsafe-inline|'unsafe-eval'|\*/)
    expect(policy.replace('https://rpc.example', '')).to.not.match(/https?:/)
  })
})
