import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { JsonRpcProvider } from 'ethers'
import { chainError } from '../../src/errors/index.ts'
import { publicUrl, withPublicUrls } from '../../src/errors/publicUrl.ts'
import { type Ran, run } from '../cli/command.ts'

const KEY = 'k3yThatNobodyMaySee0123456789abcdef'

describe('errors: addresses that hold keys', () => {
  it('shows where an RPC is and nothing more', () => {
    const shown: [string, string][] = [
      [`https://mainnet.infura.io/v3/${KEY}`, 'https://mainnet.infura.io/…'],
      [`https://rpc.example/?apikey=${KEY}`, 'https://rpc.example/…'],
      [`https://user:${KEY}@rpc.example:8443`, 'https://rpc.example:8443'],
      [`https://user:p@${KEY}@rpc.example/x`, 'https://rpc.example/…'],
      [`https://${KEY}.rpc.example`, 'https://….rpc.example'],
      [`wss://rpc.example/#${KEY}`, 'wss://rpc.example/…'],
      [`rpc.example/v3/${KEY}`, 'rpc.example/…'],
      [`${KEY}@rpc.example`, 'rpc.example'],
      [KEY, '…'],
      [`https://a b:${KEY}/`, 'https://…'],
      ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
      ['http://[::1]:8545/', 'http://[::1]:8545'],
      ['localhost:8545', 'localhost:8545'],
      ['', '…'],
    ]
    for (const [url, expected] of shown) expect(publicUrl(url), url).to.equal(expected)
    const docs = 'https://github.com/colophon-dev/colophon/blob/main/docs/errors.md#usage'
    expect(withPublicUrls(`see ${docs}, "wss://h.example/${KEY}", x`)).to.equal(`see ${docs}, "wss://h.example/…", x`)
  })

  it('keeps them out of errors of the chain', async () => {
    const server = createServer((_, response) => response.writeHead(418, { 'content-type': 'text/plain' }).end('no')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const provider = new JsonRpcProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/${KEY}`, 1, { staticNetwork: true })
    try {
      const fault = await provider.getBlockNumber().catch((error: unknown) => error)
      expect(JSON.stringify(chainError(fault))).to.not.include(KEY)
      const other = chainError(new Error(`odd answer from https://rpc.example/v3/${KEY}`))
      expect(other.shortMessage).to.include('odd answer').and.not.include(KEY)
    } finally {
      provider.destroy()
      server.close()
    }
  })

  describe('on the command line', () => {
    let cwd: string
    before(() => {
      cwd = mkdtempSync(join(tmpdir(), 'colophon-keys-'))
    })
    after(() => rmSync(cwd, { recursive: true, force: true }))
    const silent = ({ out, err }: Ran): void => {
      expect(out + err).to.not.equal('')
      expect(out + err).to.not.include(KEY)
    }

    it('keeps them out of whatever is said about settings', async () => {
      writeFileSync(join(cwd, 'odd.json'), JSON.stringify({ rpcUrl: [`https://rpc.example/${KEY}`] }))
      writeFileSync(join(cwd, 'broken.json'), `{ "rpcUrl": "rpc.example/v3/${KEY}"`)
      writeFileSync(join(cwd, 'quoted.json'), `{ "rpcUrl": ${KEY} }`)
      for (const args of [
        ['doctor', '--rpc', `wss://rpc.example/${KEY}`],
        ['doctor', '--rpc', `rpc.example/v3/${KEY}`],
        ['doctor', '--rpc', `https://user:${KEY}@127.0.0.1:1/${KEY}`],
        ['doctor', `--rcp=https://rpc.example/${KEY}`],
        ...['odd', 'broken', 'quoted'].map((name) => ['doctor', '--config', `${name}.json`]),
      ])
        silent(await run([...args, '--json'], { cwd, env: { COLOPHON_DEBUG: '1' } }))
    })

    it('writes the address where it is needed, and shows it nowhere', async () => {
      const rpcUrl = `https://rpc.example/v3/${KEY}`
      const ran = await run(['init', '--rpc', rpcUrl, '--json'], { cwd })
      silent(ran)
      expect(ran.json().config.rpcUrl).to.equal('https://rpc.example/…')
      expect(ran.err).to.include('may hold a key')
      silent(await run(['init', '--rpc', rpcUrl, '--force'], { cwd }))
      expect(JSON.parse(readFileSync(join(cwd, 'colophon.config.json'), 'utf8')).rpcUrl).to.equal(rpcUrl)
    })
  })
})
