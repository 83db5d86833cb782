import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { serveReplaySite, writeReplaySite } from '../../scripts/dapp/replaySite.ts'
import { fetchReplayViewer } from '../../scripts/setup/replayViewer.ts'
import { temporaryFolder } from '../../scripts/temporary.ts'
import { contentSecurityPolicy } from '../build/policy.ts'
import { replayHeaders } from '../build/replayPolicy.ts'
import { replayOrigin } from '../src/replay/origin.ts'
import { parseSettings } from '../src/settings/settings.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const HASH = `0x${'AB01'.repeat(16)}`

describe('dApp: parts of the replay', () => {
  it('replays on an origin of its own, one for each archive if it is told so', () => {
    const parsed = (replay: unknown): string | undefined =>
      parseSettings({ rpcUrl: 'https://rpc.example', chainId: 10, replay }, 'https://app.example/dapp/').replay
    expect(parsed(undefined)).to.equal(undefined)
    expect(replayOrigin(parsed('https://replay.example')!, HASH)).to.equal('https://replay.example')
    expect(replayOrigin(parsed('https://{archive}.replay.example/')!, HASH)).to.equal(`https://${'ab01'.repeat(10)}.replay.example`)
    for (const wrong of [
      'https://app.example',
      'https://app.example/replay/',
      'https://replay.example/folder',
      'javascript:1',
      '/replay',
      7,
    ])
      expect(() => parsed(wrong), String(wrong)).to.throw(/replay/)
  })

  it('frames nothing but that origin, and nothing at all without one', () => {
    expect(contentSecurityPolicy([])).to.not.include('frame-src')
    expect(contentSecurityPolicy([], { replay: ['https://*.replay.example'] })).to.include('; frame-src https://*.replay.example;')
  })

  it('goes on serving whatever it is asked for', async () => {
    const folder = join(temporaryFolder('replay-served'), 'site')
    writeReplaySite(folder, { viewer: undefined, embedders: [] })
    const server = await serveReplaySite(folder, 0)
    const status = (path: string, host = `127.0.0.1:${server.port}`): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port: server.port, path, headers: { host } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
        asked.on('error', reject).end()
      })
    try {
      for (const path of ['//', '/\\\\', 'http://[', '/%', '/..%2f..%2fetc/passwd', '/../../../../etc/passwd', '/viewer'])
        expect(await status(path), path).to.equal(404)
      expect(await status('/', 'evil.example:80')).to.equal(403)
      for (const path of ['/', '/?x', '/host.js', '/viewer/guard.js', '/replay.json']) expect(await status(path), path).to.equal(200)
    } finally {
      await server.close()
    }
  })

  it('empties no folder that has anything else in it', () => {
    const folder = temporaryFolder('replay-taken')
    const written = join(folder, 'site')
    for (let turn = 0; turn < 2; turn++) writeReplaySite(written, { viewer: undefined, embedders: [] })
    writeFileSync(join(folder, 'thesis.txt'), 'years of work')
    expect(() => writeReplaySite(folder, { viewer: undefined, embedders: [] })).to.throw(/other things/)
    const asked = [join(ROOT, 'scripts', 'dapp', 'replay.ts'), '--origin', 'https://replay.example']
    const run = (...more: string[]): number | null => spawnSync(process.execPath, [...asked, ...more]).status
    expect(run('--out', folder, '--embedder', 'https://app.example')).to.equal(2)
    expect(run('--out', join(folder, 'new'), '--embedder', 'https://*.example')).to.equal(2)
    expect(readdirSync(folder).sort()).to.deep.equal(['site', 'thesis.txt'])
  })

  it('is written for a static host with its headers, and with the viewer as it was published', function () {
    this.timeout(120_000)
    const viewer = fetchReplayViewer()
    if (viewer === undefined) this.skip()
    const out = join(temporaryFolder('replay-site'), 'site')
    const run = (...args: string[]): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'dapp', 'replay.ts'), ...args], {
        encoding: 'utf8',
      })
      return { status, said: stdout + stderr }
    }
    expect(run('--out', out, '--origin', 'https://app.example', '--embedder', 'https://app.example').status).to.equal(2)
    expect(run('--out', out, '--origin', 'https://replay.example/', '--embedder', 'https://app.example').status).to.equal(2)
    const { status, said } = run('--out', out, '--origin', 'https://replay.example', '--embedder', 'https://app.example')
    expect(status, said).to.equal(0)
    const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
    for (const file of ['ui.js', 'sw.js', 'LICENSE']) expect(hash(join(out, 'viewer', file)), file).to.equal(hash(join(viewer, file)))
    expect(JSON.parse(readFileSync(join(out, 'replay.json'), 'utf8'))).to.deep.equal({ embedders: ['https://app.example'] })
    const headers = readFileSync(join(out, '_headers'), 'utf8')
    const guide = readFileSync(join(ROOT, 'docs', 'dapp.md'), 'utf8')
    for (const [name, value] of Object.entries(replayHeaders('https://replay.example', ['https://app.example']))) {
      expect(headers).to.include(`  ${name}: ${value}\n`)
      expect(guide, 'the guide').to.include(`${name}: ${value}\n`)
    }
  })
})
