// `node scripts/run.mjs [--without-tools] FILE [ARG …]`: installs what is missing, builds what is stale, then runs FILE with the
// project's Node 24. The npm scripts go through here, so each of them works in a fresh clone. `--without-tools` leaves out the packages
// that only tests and checks need.
import { ensureInstalled, step } from './setup/install.mjs'

const withoutTools = process.argv[2] === '--without-tools'
const [file, ...args] = process.argv.slice(withoutTools ? 3 : 2)
ensureInstalled({ tools: !withoutTools })
step(['scripts/build/build.ts'])
if (file !== undefined) step([file, ...args])
