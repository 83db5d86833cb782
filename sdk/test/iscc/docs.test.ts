import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

describe('iscc: docs/iscc.md', () => {
  it('has an example that runs', function () {
    this.timeout(60_000)
    const page = readFileSync(new URL('../../../docs/iscc.md', import.meta.url), 'utf8')
    const example = /```ts\n(.*?)```/s.exec(page)![1]!
    const index = fileURLToPath(new URL('../../src/iscc/index.ts', import.meta.url))
    const script = example.replace("'@colophon/sdk/iscc'", JSON.stringify(index))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
    })
    expect(status, stderr).to.equal(0)
    const lines = stdout.trim().split('\n')
    expect(lines[0]).to.match(/^ISCC:K[A-Z2-7]+ ISCC-TEXT-V0-MCDI 1e20[0-9a-f]{64}$/)
    expect(lines[1]).to.match(/^\d+ of 256 bits differ$/)
    expect(Number.parseInt(lines[1]!, 10)).to.be.below(80)
    expect(lines[2]).to.match(/^CONTENT-TEXT-V0 0\.\d\d$/)
    expect(lines).to.have.length(3)
  })
})
