// A chain with thousands of works: the local one, whose RPC tells of made-up deposits too. Everything after the RPC's answer is the app's own.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CopyrightRegistry__factory } from '@colophon/sdk/contracts'
import { decodeDocument, encodeDocument } from '@colophon/sdk/document'
import { digestToCid } from '@colophon/sdk/storage'
import { getBytes, hexlify } from 'ethers'
import { built } from '../../scripts/dapp/build.ts'
import type { LocalDapp } from '../../scripts/dapp/dapp.ts'
import type { Seeded } from '../../scripts/dapp/seed.ts'
import { serveDapp } from '../../scripts/dapp/serve.ts'
import { numbers } from '../report.ts'

/** Of the newest works, as many as are scrolled past, each with a document of its own that is stored. */
const WITH_DOCUMENTS = 400

/** Serves the dApp on the chain with as many works; the seeded ones lend them their documents, with other titles. */
export async function serveManyWorks(dapp: LocalDapp, { works }: Seeded, count: number): Promise<{ url: string; close(): Promise<void> }> {
  const documents = await Promise.all(
    [...works.values()].map(
      async ({ receipt }) => decodeDocument(await dapp.storage.get(digestToCid(getBytes(receipt.work.metadata)))).document,
    ),
  )
  const random = numbers(1)
  const word = (): string => hexlify(Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256)))
  const face = CopyrightRegistry__factory.createInterface()
  const { address, block } = dapp.stack.deployment.contracts.CopyrightRegistry!
  const logs: object[] = []
  for (let index = 0; index < count; index++) {
    let metadata = word()
    if (index >= count - WITH_DOCUMENTS) {
      const document = documents[index % documents.length]!
      const encoded = encodeDocument({ ...document, title: `${document.title}, print ${index}` })
      await dapp.storage.putBlock(encoded.bytes)
      metadata = encoded.digest
    }
    const values = [word(), word().slice(0, 42), word(), word(), 1 + (index % 4), metadata, word()]
    logs.push({
      ...face.encodeEventLog('Deposited', values),
      ...{ address, blockNumber: `0x${block.toString(16)}`, blockHash: word(), transactionHash: word() },
      ...{ transactionIndex: '0x0', logIndex: `0x${index.toString(16)}`, removed: false },
    })
  }
  const result = JSON.stringify(logs)
  const topic = face.getEvent('Deposited').topicHash

  const rpc = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const asked = JSON.parse(body) as { id: number; method: string; params: { topics?: (string | string[])[] }[] }
    const ours = asked.method === 'eth_getLogs' && [asked.params[0]?.topics?.[0]].flat().includes(topic)
    response.setHeader('content-type', 'application/json')
    if (ours) return response.end(`{"jsonrpc":"2.0","id":${asked.id},"result":${result}}`)
    const answer = await fetch(dapp.stack.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    response.end(await answer.text())
  })
  await new Promise<void>((resolve) => rpc.listen(0, '127.0.0.1', resolve))
  const settings = (await (await fetch(`${dapp.url}colophon.json`)).json()) as object
  const pages = await serveDapp({
    ...{ port: 0, folder: built, rpcUrl: `http://127.0.0.1:${(rpc.address() as AddressInfo).port}`, storage: dapp.storage },
    ...{ relayUrl: `${dapp.url}relay`, settings },
  })
  return {
    url: pages.url,
    async close() {
      await pages.close()
      rpc.closeAllConnections()
      await new Promise((resolve) => rpc.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString()
}
