// Puts one file into the store in the folder given, and then begins another that never ends; says what it has done.
import { randomBytes } from 'node:crypto'
import { openBlockStore } from '../../src/storage/index.ts'

const store = await openBlockStore(process.argv[2]!)
const { cid } = await store.put(randomBytes(1000))
process.stdout.write(`pinned ${cid}\n`)
await store.put({
  async *open() {
    for (;;) {
      yield randomBytes(1 << 20)
      process.stdout.write('chunk\n')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  },
})
