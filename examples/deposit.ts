import { createColophon } from '@colophon/sdk'
import { pinWork } from '@colophon/sdk/document'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { startStack } from '@colophon/sdk/stack'
import { openBlockStore } from '@colophon/sdk/storage'
import { verify } from '@colophon/sdk/verify'
import { JsonRpcProvider, Wallet } from 'ethers'

const stack = await startStack({ port: 0 })
const provider = new JsonRpcProvider(stack.url)
const signer = new Wallet(stack.accounts[0]!.privateKey, provider)
const { deposits } = createColophon({ signer, deployment: stack.deployment })
const storage = await openBlockStore('.colophon/store')

const file = 'examples/media/coffee.jpg'
const found = await fingerprint(file)
const document = await pinWork(storage, found, { title: 'Coffee', creators: [{ name: 'Rachel Michetti' }] })
const receipt = await deposits.create({ fingerprint: found, document })
const { verdict } = await verify({ file, receipt }, { provider, storage, deployment: stack.deployment })

console.log(receipt.id, verdict)
provider.destroy()
await stack.stop()
