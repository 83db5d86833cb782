// `npm run format`: rewrites files as the formatters want them. Without a shell, so that it runs alike on every system, and without building,
// so that it runs on what does not compile.
import { ensureInstalled, step } from './setup/install.mjs'

ensureInstalled()
step(['node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.'])
step(['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', 'contracts/**/*.sol', 'test/**/*.sol'])
