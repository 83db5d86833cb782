// A process that indexes in small steps and says each, to be killed.
import { JsonRpcProvider } from 'ethers'
import { createIndexer, openDatabase } from '../../src/indexer/index.ts'

const [url, place] = process.argv.slice(2)
const database = await openDatabase(JSON.parse(place!))
const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 })
await createIndexer({ provider, database, range: 20 }).sync({ onProgress: ({ done }) => process.stdout.write(`${done}\n`) })
await database.close()
provider.destroy()
