// A webhook for a publishing system: whenever it publishes a file, the file is deposited in the publisher's name, and a relay pays.
//   PUBLISHER_KEY=0x… WEBHOOK_SECRET=… RELAY_URL=… RPC_URL=… node examples/webhook.ts
// The system calls POST /published { "file": "path", "title": "…", "creator": "…" } with the HMAC-SHA256 of the body in `x-signature`.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ColophonError } from '@colophon/sdk'
import { pinWork } from '@colophon/sdk/document'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { createRelayClient } from '@colophon/sdk/relay'
import { openBlockStore } from '@colophon/sdk/storage'
import { JsonRpcProvider, Wallet } from 'ethers'
import { fastify } from 'fastify'

const { PUBLISHER_KEY, WEBHOOK_SECRET, RELAY_URL, RPC_URL, PORT = '8080' } = process.env
const publisher = new Wallet(PUBLISHER_KEY!, new JsonRpcProvider(RPC_URL))
const relay = createRelayClient({ url: RELAY_URL!, signer: publisher })
const storage = await openBlockStore('.colophon/store')
const app = fastify()

// The signature is over the bytes as they came, so they are kept as text.
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
app.post('/published', async (request, reply) => {
  const body = request.body as string
  const expected = createHmac('sha256', WEBHOOK_SECRET!).update(body).digest()
  const given = Buffer.from(String(request.headers['x-signature']), 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return await reply.code(401).send({ error: 'bad signature' })
  const { file, title, creator } = JSON.parse(body) as { file: string; title: string; creator: string }
  const found = await fingerprint(file)
  const document = await pinWork(storage, found, { title, creators: [{ name: creator }] })
  const receipt = await relay.deposit({ fingerprint: found, document }, { pollInterval: 200 })
  return await reply.code(201).send(receipt)
})
app.setErrorHandler(async (fault, _request, reply) => {
  if (!(fault instanceof ColophonError)) throw fault
  // A call that is repeated finds its deposit there.
  return await reply.code(fault.code === 'DEPOSIT_EXISTS' ? 200 : 422).send({ error: fault.toJSON() })
})

console.log(await app.listen({ host: '127.0.0.1', port: Number(PORT) }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close().then(() => process.exit()))
