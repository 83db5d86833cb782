import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A package and what is used of it. */
export interface TextPackage {
  from: 'npm' | 'debian'
  name: string
  version: string
  /** Of what is used of it. */
  license: string
  reader: 'brown' | 'sotu' | 'handbook' | 'synonyms'
  use: 'works' | 'attacks'
}

const root = join(import.meta.dirname, '..', '..')
const listed: { texts: TextPackage[]; leftOut: { names: string[] } } = JSON.parse(
  readFileSync(join(root, 'bench', 'corpora.text.json'), 'utf8'),
)
export const packages: TextPackage[] = listed.texts
/** Names of texts that print parts of others. */
export const leftOut: ReadonlySet<string> = new Set(listed.leftOut.names)

/** The folder of a package, which is fetched into .colophon/corpora unless it is there. Nothing of it is part of this project. */
export function folderOf({ from, name, version }: TextPackage): string {
  const store = join(root, '.colophon', 'corpora', 'unpacked')
  const folder = join(store, `${from}-${name.replaceAll('/', '-')}-${version}`)
  if (existsSync(folder)) return folder
  const [loading, part] = [`${folder}.loading`, `${folder}.part`]
  for (const each of [loading, part]) {
    rmSync(each, { recursive: true, force: true })
    mkdirSync(each, { recursive: true })
  }
  const options: ExecFileSyncOptions = { cwd: loading, stdio: 'ignore' }
  if (from === 'npm') execFileSync('npm', ['pack', '--silent', `${name}@${version}`], options)
  else execFileSync('apt-get', ['download', `${name}=${version}`], options)
  const archive = readdirSync(loading)[0]
  if (archive === undefined) throw new Error(`${name} ${version} cannot be had from ${from}.`)
  if (from === 'npm') execFileSync('tar', ['-xzf', join(loading, archive), '-C', part, '--strip-components=1'])
  else execFileSync('dpkg-deb', ['-x', join(loading, archive), part])
  renameSync(part, folder)
  rmSync(loading, { recursive: true })
  return folder
}
