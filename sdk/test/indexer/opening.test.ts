import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createQueries, openDatabase } from '../../src/indexer/index.ts'
import { expectError } from '../expectError.ts'
import { needPeer } from '../needPeer.ts'

describe('opening an index', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-opening-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('refuses what is no place for one', async () => {
    await expectError('INVALID_INPUT', () => openDatabase({ file: '' }))
    await expectError('INVALID_INPUT', () => openDatabase({ file: ':memory:' }))
    await expectError('INVALID_INPUT', () => openDatabase({ postgres: 'mysql://root:secret@127.0.0.1/x' }))
    writeFileSync(join(folder, 'letter.txt'), 'Dear Ada, this is no database, but it is long enough to be looked at. '.repeat(20))
    await expectError('DATABASE_FAULT', () => openDatabase({ file: join(folder, 'letter.txt') }))
  })

  it('refuses the database of another program, and changes nothing in it', async () => {
    const { DatabaseSync } = await import('node:sqlite')
    const file = join(folder, 'other.db')
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE customers (name TEXT)')
    await expectError('DATABASE_FOREIGN', () => openDatabase({ file }))
    expect(
      other
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map(({ name }) => name),
    ).to.deep.equal(['customers'])
    expect(other.prepare('PRAGMA journal_mode').get()).to.deep.include({ journal_mode: 'delete' })
    other.close()
  })

  it('is empty at first, and answers', async () => {
    const database = await openDatabase({ file: join(folder, 'new', 'chain.db') })
    const queries = createQueries(database)
    expect(await queries.status()).to.deep.include({ chainId: undefined, block: undefined, works: 0 })
    expect((await queries.works()).items).to.deep.equal([])
    expect(await queries.revenue()).to.deep.equal([])
    await database.close()
  })

  describe('PostgreSQL', () => {
    needPeer('pg')
    it('says so when nobody is there, without the password', async () => {
      const error = await expectError('DATABASE_UNREACHABLE', () => openDatabase({ postgres: 'postgres://ada:secret@127.0.0.1:1/none' }))
      expect(JSON.stringify(error.toJSON())).not.to.include('secret')
    })
  })
})
