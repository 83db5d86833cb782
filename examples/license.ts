import { createColophon } from '@colophon/sdk'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { startStack } from '@colophon/sdk/stack'
import { JsonRpcProvider, parseEther, Wallet } from 'ethers'

const stack = await startStack({ port: 0 })
const provider = new JsonRpcProvider(stack.url, undefined, { cacheTimeout: -1 })
const creator = createColophon({ signer: new Wallet(stack.accounts[1]!.privateKey, provider) })
const buyer = createColophon({ signer: new Wallet(stack.accounts[2]!.privateKey, provider) })

const { id: workId } = await creator.deposits.create({ fingerprint: await fingerprint('examples/media/coffee.jpg') })
const offer = await creator.licenses.sign({ workId, price: parseEther('0.05'), rights: ['display'], duration: { years: 1 } })
const { licenseId } = await buyer.licenses.acquire({ offer })
const active = await buyer.licenses.isActive(licenseId, { territory: 'westernEurope', channel: 'web' })
const { totals } = await creator.revenue.claim({ workId })

console.log(active, totals[0]!.amount === parseEther('0.05'))
provider.destroy()
await stack.stop()
