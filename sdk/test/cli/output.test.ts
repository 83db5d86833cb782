import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { checkOutput, writeJson } from '../../src/cli/output.ts'
import { expectError } from '../expectError.ts'

describe('cli: files it writes', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-output-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('may have names as long as the file system takes, and longer ones are found out beforehand', async () => {
    const longest = join(folder, 'n'.repeat(255))
    await checkOutput(longest, false)
    await writeJson(longest, { a: 1 })
    expect(JSON.parse(readFileSync(longest, 'utf8'))).to.deep.equal({ a: 1 })
    await expectError('OUTPUT_UNWRITABLE', () => checkOutput(`${longest}n`, false))
    expect(readdirSync(folder)).to.deep.equal(['n'.repeat(255)])
  })

  it('cannot lie below a file, or be a folder', async () => {
    writeFileSync(join(folder, 'file'), 'x')
    for (const name of [join('file', 'x.json'), '.']) {
      const file = join(folder, name)
      await expectError('OUTPUT_UNWRITABLE', () => checkOutput(file, true))
      await expectError('OUTPUT_UNWRITABLE', () => writeJson(file, {}))
      await expectError('OUTPUT_UNWRITABLE', () => writeJson(file, {}, { overwrite: false }))
    }
    mkdirSync(join(folder, 'new'))
    await expectError('OUTPUT_EXISTS', () => checkOutput(join(folder, 'file'), false))
    await checkOutput(join(folder, 'new', 'deep', 'x.json'), false)
    expect(readdirSync(join(folder, 'new', 'deep'))).to.deep.equal([])
  })
})
