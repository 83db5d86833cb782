import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { buildDapp, built } from '../../scripts/dapp/build.ts'

/** What the start page may cost, in bytes of JavaScript as they travel. */
const BUDGET = 220_000

describe('dApp: the first load', function () {
  this.timeout(300_000)

  it('has the script of the start page in 220 KB, and none of what computes fingerprints', function () {
    if (!buildDapp()) this.skip()
    const assets = join(built, 'assets')
    const html = readFileSync(join(built, 'index.html'), 'utf8')
    // What the page names, the worker that reads the chain for it, and what any of these imports.
    const named = [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map(([, file]) => file!)
    const readers = readdirSync(assets).filter((file) => /^reader-.*\.js$/.test(file))
    expect(readers.length).to.equal(1)
    const queue = [...named, ...readers]
    const loaded = new Set<string>()
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (loaded.has(file)) continue
      loaded.add(file)
      const source = readFileSync(join(assets, file), 'utf8')
      for (const [, name] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) queue.push(name!)
    }
    const bytes = [...loaded].reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file))).length, 0)
    expect(loaded.size).to.be.greaterThan(2)
    expect(bytes, [...loaded].join(' ')).to.be.at.most(BUDGET)
    expect([...loaded].filter((file) => /worker|clients|fingerprint|certificate|storage/i.test(file))).to.deep.equal([])
    expect([...loaded].some((file) => readFileSync(join(assets, file), 'utf8').includes('react.suspense'))).to.equal(true)
    console.log(`      ${bytes.toLocaleString('en')} bytes gzip in ${loaded.size} files`)
  })
})
