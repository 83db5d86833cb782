// Puts random files into the store in the folder given until it is killed; says so once the first is in.
import { randomBytes } from 'node:crypto'
import { openBlockStore } from '../../src/storage/index.ts'

const store = await openBlockStore(process.argv[2]!)
for (let count = 0; ; count++) {
  await store.put(randomBytes(3 << 20))
  if (count === 0) process.stdout.write('first\n')
}
