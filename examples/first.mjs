// The first deposit of a newcomer, on a local chain: npm install @colophon/sdk ethers @foundry-rs/anvil && node first.mjs
import { createColophon } from '@colophon/sdk'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { startStack } from '@colophon/sdk/stack'
import { JsonRpcProvider, Wallet } from 'ethers'

const stack = await startStack({ port: 0 })
const provider = new JsonRpcProvider(stack.url)
const { deposits } = createColophon({ signer: new Wallet(stack.accounts[0].privateKey, provider) })
const { id } = await deposits.create({ fingerprint: await fingerprint('media/on-colophons.md') })
console.log(id)
provider.destroy()
await stack.stop()
