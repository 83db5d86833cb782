// `node scripts/run.mjs FILE [ARG …]`: installs what is missing, builds what is stale, then runs FILE with the project's
// Node 24. The npm scripts go through here, so each of them works in a fresh clone.
import { ensureInstalled, step } from './setup/install.mjs'

ensureInstalled()
step(['scripts/build/build.ts'])
const [file, ...args] = process.argv.slice(2)
if (file !== undefined) step([file, ...args])
