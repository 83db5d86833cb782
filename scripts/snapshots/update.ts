// `npm run snapshots`: measures gas and bytecode sizes and writes what CI compares with.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

for (const name of ['gas.ts', 'size.ts']) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, name), '--update'], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
