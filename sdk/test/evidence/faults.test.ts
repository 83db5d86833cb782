import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { decodeManifest, verifyEvidence } from '../../src/evidence/index.ts'
import { openBlockStore } from '../../src/storage/index.ts'
import { type Ran, run, start } from '../cli/command.ts'
import { PHOTO } from '../fingerprint/media.ts'
import { startKuboLike } from '../storage/servers.ts'
import { mountSmallDisk } from '../storage/smallDisk.ts'
import { type Site, startSite } from './site.ts'

/** Folders of evidence, whole or not. */
const evidences = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.evidence'))

describe('evidence: killed and full', function () {
  this.timeout(240_000)
  let site: Site
  let cwd: string
  before(async () => {
    site = await startSite()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-killed-'))
    copyFileSync(PHOTO, join(cwd, 'photo.jpg'))
  })
  after(async () => {
    await site?.stop()
    if (cwd !== undefined) rmSync(cwd, { recursive: true, force: true })
  })
  const capture = (out: string): string[] => [
    ...['capture', `${site.origin}/photo.jpg`, '--work', 'photo.jpg', '--no-browser', '--allow', site.host, '--out', out],
  ]

  it('leaves evidence whole or not there, whenever a capture is killed, and the same command makes it then', async () => {
    const began = performance.now()
    expect((await run(capture('whole.evidence'), { cwd })).code).to.equal(0)
    const whole = performance.now() - began
    let killed = 0
    // The last moments are those in which files are written.
    for (const part of [0.5, 0.75, 0.88, 0.96]) {
      const name = `killed-${part}.evidence`
      const { child, ended } = start(capture(name), { cwd })
      const timer = setTimeout(() => child.kill('SIGKILL'), whole * part)
      const { code } = await ended
      clearTimeout(timer)
      if (code === null) killed++
      else expect(code).to.equal(0)
      if (existsSync(join(cwd, name))) {
        const read = (file: string): Uint8Array => new Uint8Array(readFileSync(join(cwd, name, file)))
        const { checks } = await verifyEvidence({ manifest: read('manifest.json'), archive: read('page.wacz') })
        expect(checks.filter(({ status }) => status === 'failed')).to.deep.equal([])
      } else {
        const again = await run(capture(name), { cwd })
        expect(again.code, again.err).to.equal(0)
      }
    }
    expect(killed).to.be.greaterThan(0)
    // Whatever the store was doing then, all that it has pinned is there and itself.
    const store = await openBlockStore(join(cwd, '.colophon', 'store'))
    try {
      for (const cid of await store.pins()) expect(await store.has(cid)).to.equal(true)
      for (const name of evidences(cwd)) {
        const { manifest } = decodeManifest(readFileSync(join(cwd, name, 'manifest.json')))
        expect(await store.has(manifest.archive.cid)).to.equal(true)
      }
    } finally {
      await store.close()
    }
  })

  it('says so when the disk is full, keeps nothing half, and goes on when there is room', async function () {
    const disk = mountSmallDisk(40 << 10)
    if (disk === undefined) this.skip()
    try {
      const out = join(disk.path, 'x.evidence')
      const failed = await run([...capture(out), '--json'], { cwd })
      expect([failed.code, failed.json().error.code]).to.deep.equal([3, 'OUTPUT_UNWRITABLE'])
      expect(readdirSync(disk.path)).to.deep.equal([])
      const store = { COLOPHON_STORE: join(disk.path, 'store') }
      const full = await run([...capture('elsewhere.evidence'), '--json'], { cwd, env: store })
      expect([full.code, full.json().error.code]).to.deep.equal([3, 'STORAGE_FULL'])
      expect(existsSync(join(cwd, 'elsewhere.evidence'))).to.equal(false)
      expect(spawnSync('mount', ['-o', 'remount,size=8m', disk.path]).status).to.equal(0)
      expect((await run(capture(out), { cwd, env: store })).code).to.equal(0)
      expect(readdirSync(out).sort()).to.include.members(['manifest.json', 'page.wacz'])
    } finally {
      disk.unmount()
    }
  })

  it('takes up a replication that was killed, and sends what is missing', async () => {
    const kubo = await startKuboLike()
    const home = join(cwd, 'replicated')
    mkdirSync(home)
    const store = await openBlockStore(join(home, 'store'))
    const { cid } = await store.put(Uint8Array.from({ length: 12 << 20 }, (_, at) => (at * 2_654_435_761) >>> (7 + ((at >>> 20) & 7))))
    await store.close()
    const env = { COLOPHON_STORE: 'store' }
    const places = ['--kubo', kubo.url, '--copy', 'second']
    try {
      const { child, ended } = start(['pin', 'repair', ...places], { cwd: home, env })
      const watching = setInterval(() => {
        if (kubo.blocks!.size >= 3) child.kill('SIGKILL')
      }, 2)
      const killed: Ran = await ended
      clearInterval(watching)
      expect(killed.code, killed.out).to.equal(null)
      const seen = await run(['pin', 'status', cid, ...places, '--json'], { cwd: home, env })
      expect([seen.code, seen.json().files[0].here]).to.deep.equal([1, 'whole'])
      expect(seen.json().files[0].kept).to.be.lessThan(2)
      const arrived = kubo.blocks!.size
      const repaired = await run(['pin', 'repair', ...places], { cwd: home, env })
      expect(repaired.code, repaired.out + repaired.err).to.equal(0)
      expect(kubo.blocks!.size).to.be.greaterThan(arrived)
      const after = await run(['pin', 'status', cid, ...places, '--json'], { cwd: home, env })
      expect([after.code, after.json().files[0].kept]).to.deep.equal([0, 2])
    } finally {
      await kubo.stop()
    }
  })
})
