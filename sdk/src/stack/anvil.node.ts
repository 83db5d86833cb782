import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { ColophonError } from '../errors/base.ts'

/**
 * The anvil binary: that of the optional package `@foundry-rs/anvil`, else the first on the path.
 *
 * The binary itself and not the package's launcher, so that stopping it leaves no process behind.
 * @throws ANVIL_MISSING
 */
export function findAnvil(): string {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const found = ofPackage(from)
    if (found !== undefined) return found
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, EXECUTABLE)
    // A launcher that npm has linked would start a second process.
    if (folder !== '' && !folder.endsWith(join('node_modules', '.bin')) && executable(candidate)) return candidate
  }
  throw new ColophonError('ANVIL_MISSING', 'The local chain needs anvil, which is not installed.', {
    hint: 'Install it with: npm install --save-dev @foundry-rs/anvil',
    details: { platform: process.platform, architecture: process.arch },
  })
}

const EXECUTABLE = process.platform === 'win32' ? 'anvil.exe' : 'anvil'

/** The binary lies in a package of its own for each platform, next to `@foundry-rs/anvil`. */
function ofPackage(from: string): string | undefined {
  try {
    const manifest = createRequire(from).resolve('@foundry-rs/anvil/package.json')
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch
    const platform = createRequire(manifest).resolve(`@foundry-rs/anvil-${process.platform}-${architecture}/package.json`)
    const candidate = join(dirname(platform), 'bin', EXECUTABLE)
    return executable(candidate) ? candidate : undefined
  } catch {
    return undefined
  }
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
