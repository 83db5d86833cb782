// What the local dApp starts with: works, and what became of them.

import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pinWork } from '@colophon/sdk/document'
import { captureEvidence } from '@colophon/sdk/evidence'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { parseEther } from 'ethers'
import { copyPicture } from '../demo/works.ts'
import { type LocalDapp, PEOPLE } from './dapp.ts'
import { drawPrint } from './pictures.ts'
import { seedTrade } from './trade.ts'
import { depositWorks, type SeededWork } from './works.ts'

export interface Seeded {
  works: Map<string, SeededWork>
  /** Id of the claim against the copy. */
  claimId: string
}

/** Puts everything on the chain; gives the works by their names. */
export async function seed(dapp: LocalDapp): Promise<Seeded> {
  const works = await depositWorks(dapp)
  await sellLicenses(dapp, works)
  await derive(dapp, works)
  const claimId = await disputeCopy(dapp, works)
  await seedTrade(dapp, works)
  return { works, claimId }
}

/** Offers that anybody can take, licenses that were bought, revenue that waits to be claimed. */
async function sellLicenses(dapp: LocalDapp, works: Map<string, SeededWork>): Promise<void> {
  const idOf = (name: string) => works.get(name)!.receipt.id
  const as = (name: string) => dapp.as(works.get(name)!.owner)
  const coffee = await as('coffee').licenses.open({
    workId: idOf('coffee'),
    price: parseEther('0.05'),
    rights: ['reproduce', 'display', 'commercial'],
    duration: { years: 1 },
    supply: 100,
    renewable: true,
  })
  const hills = await as('blue-hills').licenses.open({
    workId: idOf('blue-hills'),
    price: parseEther('0.4'),
    rights: ['reproduce', 'distribute', 'commercial'],
    territories: ['northernEurope', 'westernEurope'],
    channels: ['books', 'web'],
    duration: { years: 2 },
    exclusive: true,
  })
  const harbour = await as('harbour').licenses.open({
    workId: idOf('harbour'),
    price: parseEther('0.12'),
    rights: ['reproduce', 'display', 'adapt'],
    duration: { days: 90 },
    supply: 12,
    transferable: true,
    derivativePercent: 8,
  })
  await as('essay').licenses.open({
    workId: idOf('essay'),
    price: 0n,
    rights: ['reproduce', 'trainAi'],
    duration: 'forever',
    supply: 10_000,
  })
  const tune = await as('tune').licenses.open({
    workId: idOf('tune'),
    price: parseEther('0.08'),
    rights: ['perform', 'commercial'],
    channels: ['videoStreaming', 'audioStreaming', 'social'],
    duration: { days: 30 },
    supply: 50,
    renewable: true,
  })
  await as('coffee').revenue.setSplit({
    workId: idOf('coffee'),
    payees: [
      { account: dapp.wallet(1).address, percent: 80 },
      { account: dapp.wallet(2).address, percent: 20 },
    ],
  })
  // At the clock's own time: a chain that is ahead of it would date the visitor's deposits in the future.
  for (const buyer of [3, 4, 6]) await dapp.as(buyer).licenses.acquire({ offer: coffee.offer })
  await dapp.as(5).licenses.acquire({ offer: hills.offer })
  // Ada has one that may be passed on, and one that ends within a month.
  for (const { offer } of [harbour, tune]) await dapp.as(1).licenses.acquire({ offer })
  await dapp.as(6).revenue.pay({ workId: idOf('leaves'), amount: parseEther('0.015') })
  await as('leaves').titles.mint({ workId: idOf('leaves'), royaltyPercent: 5 })
}

/** Ada makes a print from the harbour, as her license allows, and sells it; Bo makes one from hers, and says so in its document alone. */
async function derive(dapp: LocalDapp, works: Map<string, SeededWork>): Promise<void> {
  const harbour = works.get('harbour')!.receipt.id
  const deposit = async (name: string, owner: number, from: string, title: string, seed: number): Promise<string> => {
    const print = await fingerprint(await drawPrint('harbour', seed))
    const document = await pinWork(
      dapp.storage,
      print,
      {
        ...{ title, creators: [{ name: PEOPLE[owner]!, role: 'printmaker' }], created: '2026', keywords: ['harbour', 'riso'] },
        ...{ aiGeneration: 'none', priorWorks: [{ relation: 'adaptationOf', deposit: from }] },
      },
      { fileName: `${name}.jpg` },
    )
    const receipt = await dapp.as(owner).deposits.create({ fingerprint: print, document })
    works.set(name, { receipt, print, owner })
    return receipt.id
  }
  const night = await deposit('night-harbour', 1, harbour, 'The harbour by night', 71)
  const [license] = (await dapp.as(1).licenses.listByHolder(dapp.wallet(1).address)).filter(({ workId }) => workId === harbour)
  await dapp.as(1).licenses.authorizeDerivative({ licenseId: license!.licenseId, childWorkId: night })
  for (const [buyer, amount] of [
    [6, '0.08'],
    [8, '0.05'],
  ] as const)
    await dapp.as(buyer).revenue.pay({ workId: night, amount: parseEther(amount) })
  await deposit('snow-harbour', 2, night, 'The harbour in snow', 83)
}

/** The photographer finds the copy on a page, claims, and the stranger denies it. */
async function disputeCopy(dapp: LocalDapp, works: Map<string, SeededWork>): Promise<string> {
  const [original, copy] = [works.get('coffee')!, works.get('copy')!]
  const evidence = await captureCopy(dapp, original)
  const { id } = await dapp.as(original.owner).claims.file({
    workId: original.receipt.id,
    suspectId: copy.receipt.id,
    evidence: evidence.digest,
    fingerprint: { type: copy.receipt.work.fingerprintType, bits: copy.receipt.work.fingerprint },
  })
  await dapp.as(copy.owner).claims.respond({ claim: id })
  return id
}

/** A shop that sells the copy. */
const SHOP = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Posters for your kitchen</title>
<style>
  body { margin: 0 auto; padding: 2rem; max-width: 44rem; font: 1rem/1.5 Georgia, serif; color: #2b2320; background: #fff7ec }
  h1 { font-size: 2.25rem; line-height: 1.1 }
  img { width: 100%; border: 12px solid #fff; box-sizing: border-box; box-shadow: 0 2px 12px #0003 }
  button { padding: 0.75rem 1.25rem; font: inherit; color: #fff; background: #7c2d12; border: 0; border-radius: 4px }
</style></head>
<body><h1>Posters for your kitchen</h1><img src="/coffee-for-sale.jpg" alt="A cup of coffee on a red saucer">
<p>Morning light, 50 × 70 cm, on matte paper. Sold <b id="sold">0</b> times this week.</p><button>Buy for € 19</button>
<script>document.getElementById('sold').textContent = String(37)</script></body></html>`

/** Serves a shop with the copy on loopback, as a page elsewhere would, and captures it into the dApp's storage. */
async function captureCopy(dapp: LocalDapp, { print }: SeededWork): Promise<{ digest: `0x${string}` }> {
  const file = await copyPicture(await readFile(join(import.meta.dirname, '..', '..', 'examples', 'media', 'coffee.jpg')))
  const server: Server = createServer(({ url }, response) => {
    if (url === '/') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(SHOP)
    else response.writeHead(200, { 'content-type': 'image/jpeg' }).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await captureEvidence(`http://${host}/`, {
      work: print,
      storage: dapp.storage,
      browser: false,
      files: [`http://${host}/coffee-for-sale.jpg`],
      allow: [host],
    })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
