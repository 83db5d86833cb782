// Is the SDK's tarball one that every bundler and every TypeScript can use? publint and are-the-types-wrong, both strict.
import { spawnSync } from 'node:child_process'
import { packSdk, root } from './packSdk.ts'

const { tarball, bytes, unpackedBytes, files } = packSdk()
console.log(`packed: ${(bytes / 1024).toFixed(0)} KiB, unpacked ${(unpackedBytes / 1024).toFixed(0)} KiB, ${files} files`)
const checks = [
  ['publint', 'run', tarball, '--strict'],
  // ESM only, by intent: `require` of it works on every Node we support but TypeScript's CommonJS rules warn.
  [
    'attw',
    tarball,
    '--profile',
    'esm-only',
    '--exclude-entrypoints',
    './schema/deposit-document-v1.json',
    './schema/deposit-receipt-v1.json',
  ],
]
let failed = false
for (const [command, ...args] of checks) {
  if (spawnSync(command!, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed = true
}
process.exit(failed ? 1 : 0)
