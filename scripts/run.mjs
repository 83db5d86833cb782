// `node scripts/run.mjs [--lean] FILE [ARG …]`: installs what is missing, builds what is stale, then runs FILE with the project's Node 24.
// The npm scripts go through here, so each of them works in a fresh clone. `--lean` installs and builds no more than the demo needs.
import { ensureInstalled, step } from './setup/install.mjs'

const lean = process.argv[2] === '--lean'
const [file, ...args] = process.argv.slice(lean ? 3 : 2)
ensureInstalled({ lean })
step(['scripts/build/build.ts', ...(lean ? ['--lean'] : [])])
if (file !== undefined) step([file, ...args])
