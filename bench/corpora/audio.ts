import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A recording of the corpus. */
export interface Track {
  name: string
  path: string
}

interface Corpora {
  music: { package: string; license: string; not: string[] }[]
  speech: { package: string; license: string }
}

/** Smaller files are effects, jingles and loops. */
const LEAST_BYTES = 700_000
const cache = join(import.meta.dirname, '..', '..', '.peers', 'audio')

/**
 * Fetches the packages of bench/corpora.audio.json from Debian (apt and dpkg are needed, root is not) and lists their recordings, as evenly
 * spread over the packages as can be.
 *
 * @param count - recordings of music wanted
 */
export function audioCorpus(count: number): { music: Track[]; speech: Track[] } {
  const corpora = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'corpora.audio.json'), 'utf8')) as Corpora
  const byPackage = corpora.music.map(({ package: name, not }) =>
    recordings(name)
      .filter((path) => statSync(path).size >= LEAST_BYTES && !not.some((end) => path.endsWith(`/${end}`)))
      .map((path) => ({ name: `${name}/${path.split('/').slice(-2).join('/')}`, path })),
  )
  const music: Track[] = []
  for (let round = 0; music.length < count && byPackage.some((tracks) => tracks.length > round); round++) {
    for (const tracks of byPackage) if (tracks[round] !== undefined && music.length < count) music.push(tracks[round]!)
  }
  const speech = recordings(corpora.speech.package)
    .filter((path) => statSync(path).size >= 20_000)
    .map((path) => ({ name: path.split('/').at(-1)!, path }))
  return { music, speech }
}

function recordings(name: string): string[] {
  const folder = join(cache, name)
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true })
    try {
      execFileSync('apt-get', ['download', name], { cwd: cache, stdio: 'ignore' })
      const archive = readdirSync(cache).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'))
      if (archive === undefined) throw new Error('apt-get saved no package')
      execFileSync('dpkg-deb', ['-x', archive, folder], { cwd: cache })
      rmSync(join(cache, archive))
    } catch (cause) {
      throw new Error(`The Debian package ${name} could not be fetched; run apt-get update first, on a machine with Debian's sources.`, {
        cause,
      })
    }
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ogg|mp3)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
