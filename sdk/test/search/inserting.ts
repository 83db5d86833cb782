// A process of its own that inserts until it is killed, and says on standard output what was acknowledged: inserting.ts FOLDER START [CHECKPOINT_BYTES].
import { openSimilarityIndex } from '../../src/search/index.ts'
import { manyKeys, numbered } from './codes.ts'

const [folder, start, checkpointBytes] = process.argv.slice(2)
const index = await openSimilarityIndex(folder!, checkpointBytes === undefined ? {} : { checkpointBytes: Number(checkpointBytes) })
process.stdout.write('open\n')
// So many keys that a checkpoint puts them into a file.
if (checkpointBytes !== undefined) await index.insertMany([manyKeys(`keys ${start}`, Number(start))])
for (let number = Number(start); ; number += 8) {
  // Some alone, some together.
  const numbers = Array.from({ length: 8 }, (_, offset) => number + offset)
  await index.insert(numbered(numbers[0]!))
  process.stdout.write(`${numbers[0]}\n`)
  await Promise.all(
    numbers.slice(1, 4).map(async (each) => {
      await index.insert(numbered(each))
      process.stdout.write(`${each}\n`)
    }),
  )
  await index.insertMany(numbers.slice(4).map(numbered))
  process.stdout.write(`${numbers.slice(4).join('\n')}\n`)
  // Written anew again and again, so that some processes die in the middle of it.
  if (number % 3 === 0) {
    await index.insert({ ...numbered(number), id: 'passing' })
    await index.remove('passing')
    await index.compact()
  }
}
