// Watches, and is killed after so many addresses, wherever it is then.
import { readFileSync } from 'node:fs'
import { watch } from '../../src/monitor/index.ts'

const { folder, sources, politeness, after } = JSON.parse(process.argv[2]!)
const works = JSON.parse(readFileSync(process.argv[3]!, 'utf8'))
await watch({
  folder,
  sources,
  politeness,
  works,
  limits: { depth: 1, pageBytes: 1 << 20, mediumBytes: 4 << 20 },
  onProgress: ({ done }) => {
    if (done >= after) process.kill(process.pid, 'SIGKILL')
  },
})
