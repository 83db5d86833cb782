// Runs against the packed SDK in an empty project: imports every entry point and takes one work from file to document.
// `node smoke.mjs` beside node_modules/@colophon/sdk and a folder media/.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createColophon, parseReceipt } from '@colophon/sdk'
import { openBatch, runBatch } from '@colophon/sdk/batch'
import { deploymentOn } from '@colophon/sdk/contracts'
import { decodeDocument, pinWork } from '@colophon/sdk/document'
import { ColophonError } from '@colophon/sdk/errors'
import { compare, fingerprint } from '@colophon/sdk/fingerprint'
import { createQueries, openDatabase } from '@colophon/sdk/indexer'
import { genInstanceCode } from '@colophon/sdk/iscc'
import { createMerkleTree } from '@colophon/sdk/merkle'
import { writeTree } from '@colophon/sdk/merkle/node'
import { createRelayClient } from '@colophon/sdk/relay'
import { startRelay } from '@colophon/sdk/relay/server'
import { devAccount } from '@colophon/sdk/stack'
import { openBlockStore } from '@colophon/sdk/storage'
import { sampleWork, startTestbed } from '@colophon/sdk/testing'
import { createTestWallet } from '@colophon/sdk/testing/browser'
import { verify } from '@colophon/sdk/verify'

for (const entry of [createColophon, parseReceipt, runBatch, openBatch, createMerkleTree, writeTree, genInstanceCode, verify])
  assert.equal(typeof entry, 'function')
for (const entry of [createRelayClient, sampleWork, startTestbed, createTestWallet]) assert.equal(typeof entry, 'function')
// Asked for only when it is used.
await assert.rejects(startRelay({ folder: 'relay' }), { code: 'DEPENDENCY_MISSING' })
assert.equal(devAccount(0).address, '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
assert.equal(deploymentOn(31337).chainId, 31337)
assert.throws(() => createColophon({}), ColophonError)

const folder = await mkdtemp(join(tmpdir(), 'colophon-smoke-'))
try {
  const [photo, essay] = [await fingerprint('media/coffee.jpg'), await fingerprint('media/on-colophons.md')]
  assert.equal(compare(photo, photo).verdict, 'identical')
  assert.equal(compare(photo, essay).verdict, 'different')
  const store = await openBlockStore(folder)
  const { cid } = await pinWork(store, photo, { title: 'Coffee', creators: [{ name: 'Rachel Michetti' }] })
  assert.equal(decodeDocument(await store.get(cid)).document.media.sha256, photo.sha256)
  await store.close()
  // Node's own SQLite, or libsql where it has none.
  const database = await openDatabase({ file: join(folder, 'chain.db') })
  assert.equal((await createQueries(database).status()).works, 0)
  await database.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
console.log(`the packed SDK works on Node ${process.version}`)
