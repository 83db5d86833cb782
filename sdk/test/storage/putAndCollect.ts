// Puts thirty files into the store in the folder given and collects again and again meanwhile; says each CID once it is acknowledged.
import { openBlockStore } from '../../src/storage/index.ts'

const [, , folder, name] = process.argv
const store = await openBlockStore(folder!)
for (let round = 0; round < 10; round++) {
  // Some are the same in all processes: their blocks may be there already, as what another has let go.
  const texts = [`${name} ${round}`, `all ${round}`, `${name} again ${round}`]
  const same = new TextEncoder().encode(`all ${round + 1}`)
  const dropped = await store.put(same)
  await store.unpin(dropped.cid)
  const [stored] = await Promise.all([
    Promise.all(texts.map((text) => store.put({ open: () => slowly(text) }))),
    store.collect({ patience: 60_000 }),
  ])
  for (const { cid } of stored) process.stdout.write(`${cid}\n`)
}

async function* slowly(text: string): AsyncGenerator<Uint8Array> {
  for (const character of text) {
    yield new TextEncoder().encode(character)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
