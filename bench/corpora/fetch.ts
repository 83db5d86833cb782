// Gets the works that the robustness benchmark measures with: `npm run bench:corpora`. They come from npm and Debian packages that
// bench/corpora.json names with version and license, into .colophon/corpora, which git ignores. Nothing of them is part of this project.
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A package and what is used of it. Paths are inside of the unpacked package. */
export interface CorpusPackage {
  from: 'npm' | 'debian'
  name: string
  version: string
  /** As the package says; for Debian packages, the licenses of what is used of it. */
  license: string
  /** Photographs: path and the first 16 hexadecimal digits of its SHA-256. No two show the same scene. */
  photographs?: Record<string, string>
  /** Films, in the same form; those whose name ends in .gz are packed. */
  films?: Record<string, string>
  /** Folders whose pictures only serve as strangers: patterns that `node:fs` globs. */
  strangers?: string[]
}

export interface Corpora {
  images: CorpusPackage[]
  films: CorpusPackage[]
}

const root = join(import.meta.dirname, '..', '..')
const store = join(root, '.colophon', 'corpora')
export const corpora: Corpora = JSON.parse(readFileSync(join(root, 'bench', 'corpora.json'), 'utf8'))

/** Where a package's files lie once it is fetched. */
export function folderOf({ from, name, version }: CorpusPackage): string {
  return join(store, 'unpacked', `${from}-${name.replaceAll('/', '-')}-${version.replaceAll(/[^\w.+~-]/g, '_')}`)
}

/** Fetches and unpacks a package unless it is there. */
export function fetchPackage(wanted: CorpusPackage): string {
  const folder = folderOf(wanted)
  if (existsSync(folder)) return folder
  const { from, name, version } = wanted
  const loading = `${folder}.loading`
  rmSync(loading, { recursive: true, force: true })
  mkdirSync(loading, { recursive: true })
  const options: ExecFileSyncOptions = { cwd: loading, stdio: 'ignore' }
  if (from === 'npm') execFileSync('npm', ['pack', '--silent', `${name}@${version}`], options)
  else execFileSync('apt-get', ['download', `${name}=${version}`], options)
  const archive = readdirSync(loading)[0]
  if (archive === undefined) throw new Error(`${name} ${version} cannot be had from ${from}.`)
  mkdirSync(`${folder}.part`, { recursive: true })
  if (from === 'npm') execFileSync('tar', ['-xzf', join(loading, archive), '-C', `${folder}.part`, '--strip-components=1'])
  else execFileSync('dpkg-deb', ['-x', join(loading, archive), `${folder}.part`])
  execFileSync('mv', [`${folder}.part`, folder])
  rmSync(loading, { recursive: true })
  return folder
}

/** The first 16 hexadecimal digits of a file's SHA-256. */
export function shortHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

if (import.meta.main) {
  for (const wanted of [...corpora.images, ...corpora.films]) {
    const folder = fetchPackage(wanted)
    const photographs = Object.entries(wanted.photographs ?? {})
    const films = Object.entries(wanted.films ?? {})
    for (const [path, hash] of [...photographs, ...films]) {
      if (shortHash(readFileSync(join(folder, path))) !== hash)
        throw new Error(`${path} of ${wanted.name} is not the file that was measured with.`)
    }
    console.log(
      `${wanted.from} ${wanted.name} ${wanted.version}: ${photographs.length} photographs, ${films.length} films, ${wanted.license}`,
    )
  }
}
