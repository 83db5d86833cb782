import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openBlockStore } from '../../src/storage/index.ts'
import { type Ran, run } from '../cli/command.ts'
import { startKuboLike, startPinningService, TOKEN } from './servers.ts'

describe('cli: pin', function () {
  this.timeout(60_000)
  let cwd: string
  before(() => {
    cwd = mkdtempSync(join(tmpdir(), 'colophon-pin-'))
  })
  after(() => rmSync(cwd, { recursive: true, force: true }))

  it('shows what is kept where, and mends what is lost', async () => {
    const kubo = await startKuboLike()
    const service = await startPinningService()
    const places = ['--kubo', kubo.url, '--service', service.url, '--copy', 'second']
    const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: { COLOPHON_STORE: 'first', COLOPHON_PIN_TOKEN: TOKEN } })
    try {
      const store = await openBlockStore(join(cwd, 'first'))
      const { cid } = await store.put(new Uint8Array(1_200_000).map((_, at) => at >> 4))
      await store.close()
      // A copy that is not there yet, or whose disk is not mounted, is one that keeps nothing; looking makes none.
      const before = await colophon('pin', 'status', '--copy', 'second', '--json')
      expect([before.code, before.json().files[0].here, before.json().files[0].replicas[0].holding]).to.deep.equal([1, 'whole', 'missing'])
      expect(readdirSync(cwd)).to.not.include('second')
      const spread = await colophon('pin', 'repair', ...places)
      expect(spread.code, spread.out + spread.err).to.equal(0)
      expect(spread.out).to.include('kept by at least 3 of 3')
      expect(service.records.map(({ pin }) => pin.cid)).to.deep.equal([cid])

      const shards = join(cwd, 'first', 'blocks')
      const [shard] = readdirSync(shards)
      writeFileSync(join(shards, shard!, readdirSync(join(shards, shard!))[0]!), 'damaged')
      kubo.blocks.clear()
      const seen = await colophon('pin', 'status', cid, ...places, '--json')
      expect([seen.code, seen.json().files[0].here, seen.json().files[0].kept]).to.deep.equal([1, 'damaged', 2])
      const mended = await colophon('pin', 'repair', ...places)
      expect(mended.code, mended.out + mended.err).to.equal(0)
      expect(mended.out).to.include('repaired')
      expect((await colophon('pin', 'status', ...places)).code).to.equal(0)
    } finally {
      await kubo.stop()
      await service.stop()
    }
    const down = await colophon('pin', 'status', '--kubo', kubo.url, '--needed', '2', '--json')
    expect([down.code, down.json().error.code]).to.deep.equal([2, 'USAGE'])
    const none = await run(['pin', 'status', '--service', 'https://pins.example', '--json'], { cwd, env: { COLOPHON_STORE: 'first' } })
    expect(JSON.stringify(none.json().error)).to.include('token')
  })
})
