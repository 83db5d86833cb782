import { expect } from 'chai'
import { lazyClient } from '../../src/client/lazy.ts'
import type { Write } from '../../src/client/write.ts'
import { createColophon } from '../../src/index.ts'
import { createLicenses } from '../../src/licenses/index.ts'

interface Sample {
  read(): Promise<number>
  send: Write<string, string, string>
}

describe('client: loaded on demand', () => {
  const sample: Sample = {
    read: async () => 7,
    send: Object.assign(async (input: string) => `sent ${input}`, {
      simulate: async (input: string) => `would send ${input}`,
      estimate: async () => 5n,
      populate: async (input: string) => ({ to: input, data: '0x' }),
    }),
  }

  it('loads once, and passes everything on', async () => {
    let loads = 0
    const client = lazyClient<Sample>(
      async () => {
        loads += 1
        return sample
      },
      { read: 'call', send: 'write' },
    )
    expect(loads).to.equal(0)
    expect(await Promise.all([client.read(), client.send('a'), client.send.simulate('b'), client.send.estimate('c')])).to.deep.equal([
      7,
      'sent a',
      'would send b',
      5n,
    ])
    expect(await client.send.populate('0x1')).to.deep.equal({ to: '0x1', data: '0x' })
    expect(loads).to.equal(1)
    // Destructured members work, and a misspelt one is simply not there.
    const { read } = client
    expect(await read()).to.equal(7)
    expect((client as never as Record<string, unknown>).sned).to.equal(undefined)
    expect((client as never as Record<string, unknown>).then).to.equal(undefined)
  })

  it('tries again when loading failed', async () => {
    let broken = true
    const client = lazyClient<Sample>(
      async () => {
        if (broken) throw new Error('offline')
        return sample
      },
      { read: 'call', send: 'write' },
    )
    expect(await client.read().catch((fault: Error) => fault.message)).to.equal('offline')
    broken = false
    expect(await client.read()).to.equal(7)
  })

  it('has the members of the client itself, for every contract', async () => {
    const options = { provider: { call: async () => '0x' } as never }
    const colophon = createColophon(options)
    const direct: Record<string, object> = {
      titles: (await import('../../src/titles/index.ts')).createTitles(options),
      licenses: createLicenses(options),
      revenue: (await import('../../src/revenue/index.ts')).createRevenue(options),
      agreements: (await import('../../src/agreements/index.ts')).createAgreements(options),
      exchange: (await import('../../src/exchange/index.ts')).createExchange(options),
      claims: (await import('../../src/claims/index.ts')).createClaims(options),
      identity: (await import('../../src/identity/index.ts')).createIdentity(options),
      alliance: (await import('../../src/alliance/index.ts')).createAlliance(options),
    }
    for (const [name, client] of Object.entries(direct)) {
      const lazy = colophon[name as 'titles'] as never as Record<string, object>
      expect(Object.keys(lazy).sort(), name).to.deep.equal(Object.keys(client).sort())
      for (const [member, value] of Object.entries(client))
        expect(Object.keys(lazy[member]!).sort(), `${name}.${member}`).to.deep.equal(Object.keys(value).sort())
    }
  })
})
