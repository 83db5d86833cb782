// `npm run format`: rewrites files as the formatters want them. Without a shell, so that it runs alike on every system, and without building,
// so that it runs on what does not compile.
import { createRequire } from 'node:module'
import { ensureInstalled, step } from './setup/install.mjs'

ensureInstalled()
const require = createRequire(import.meta.url)
step([require.resolve('@biomejs/biome/bin/biome'), 'check', '--write', '.'])
step([require.resolve('prettier/bin/prettier.cjs'), '--write', '--log-level=warn', 'contracts/**/*.sol', 'test/**/*.sol'])
