import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { expect } from 'chai'
import { installPeer } from '../../scripts/setup/peers.ts'
import { ROOT, TUNE } from './app.ts'

describe('dApp: the works it starts with', function () {
  this.timeout(300_000)

  it('have the fingerprint of the recording that FFmpeg gives, which a fresh clone does not have', async function () {
    if (!installPeer('node-av')) this.skip()
    const kept = JSON.parse(readFileSync(join(ROOT, 'scripts', 'dapp', 'tune.fingerprint.json'), 'utf8')) as unknown
    expect(JSON.parse(JSON.stringify(await fingerprint(TUNE)))).to.deep.equal(kept)
  })
})
