// A creator without any coin deposits through a relay, and checks what it did on the chain.
import { fingerprint } from '@colophon/sdk/fingerprint'
import { createRelayClient } from '@colophon/sdk/relay'
import { startRelay } from '@colophon/sdk/relay/server'
import { startTestbed } from '@colophon/sdk/testing'
import { verify } from '@colophon/sdk/verify'

await using bed = await startTestbed()
const relay = await startRelay({ signer: bed.accounts[8]!, folder: '.colophon/relay', quota: { none: 5 }, port: 0 })
const creator = await bed.newWallet()

const client = createRelayClient({ url: relay.url, signer: creator })
const receipt = await client.deposit({ fingerprint: await fingerprint('examples/media/coffee.jpg') })
const { verdict } = await verify({ receipt }, { provider: bed.provider })

console.log(receipt.kind, verdict, await bed.provider.getBalance(creator.address))
await relay.stop()
