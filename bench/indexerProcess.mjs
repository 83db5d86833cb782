// The process that `bench/indexer.ts` measures: the built SDK alone, as users run it.
import { createIndexer, openDatabase } from '@colophon/sdk/indexer'
import { JsonRpcProvider } from 'ethers'

const [url, place] = process.argv.slice(2)
const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 })
const database = await openDatabase(JSON.parse(place))
let rss = 0
const sampling = setInterval(() => {
  rss = Math.max(rss, process.memoryUsage.rss())
}, 50)
const started = performance.now()
const before = process.cpuUsage()
const { added } = await createIndexer({ provider, database }).sync()
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
clearInterval(sampling)
await database.close()
provider.destroy()
process.stdout.write(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    eventsPerSecond: Math.round(added / seconds),
    rssMB: Math.round(rss / 2 ** 20),
  }),
)
