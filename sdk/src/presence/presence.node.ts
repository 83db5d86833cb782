import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that says by its name alone which process is doing what in a folder: there is no content that could be half-written. */
export interface Mark {
  file: string
  pid: number
}

/** Begins the names of this process's files; its number alone may have been another process's before. */
const OWN = `${process.pid}-${randomBytes(6).toString('hex')}-`
const NAME = /^(\d+)-[0-9a-f]{12}-[0-9a-f]{16}$/
/** Milliseconds by which file systems may date files too early. */
const COARSENESS = 50

/** A file name that no other process and no other call gives. */
export function ownName(): string {
  return `${OWN}${randomBytes(8).toString('hex')}`
}

/** The process that {@link ownName} gave this name to; undefined for any other name. */
export function ownerOf(name: string): number | undefined {
  const pid = NAME.exec(name)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

/** Whether the process is gone that named this file: `name` is what {@link ownName} gave, the file may be called otherwise around it. */
export async function isLeftBehind(file: string, name: string): Promise<boolean> {
  const pid = ownerOf(name)
  if (pid === undefined || name.startsWith(OWN)) return false
  if (pid !== process.pid) return !isAlive(pid)
  // Other threads, and other copies of this module, share the number. What is older than the process is of an earlier one, in containers at
  // every start.
  const facts = await stat(file).catch(() => undefined)
  return facts !== undefined && facts.mtimeMs < Date.now() - process.uptime() * 1000 - COARSENESS
}

/** Leaves a mark of some kind, a word in lower case; remove it with {@link removeMark}. */
export async function leaveMark(folder: string, kind: string): Promise<Mark> {
  const file = join(folder, `${kind}-${ownName()}`)
  await (await open(file, 'wx')).close()
  return { file, pid: process.pid }
}

export async function removeMark({ file }: Mark): Promise<void> {
  await rm(file, { force: true })
}

/**
 * Marks of this kind whose processes live; those of processes that are gone are removed.
 *
 * Of two that each leave a mark and then look, at least one sees the other's: that is what makes locks of them safe.
 */
export async function livingMarks(folder: string, kind: string): Promise<Mark[]> {
  const living: Mark[] = []
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(`${kind}-`)) continue
    const name = entry.slice(kind.length + 1)
    const pid = ownerOf(name)
    if (pid === undefined) continue
    const file = join(folder, entry)
    if (await isLeftBehind(file, name)) await rm(file, { force: true })
    else living.push({ file, pid })
  }
  return living
}

/** Times that two who begin at once give way to each other before one of them gives up. */
const ATTEMPTS = 8

/**
 * Has a folder for this process alone, or says whose it is. The mark is an empty file that names its process, so none is ever half-written; one whose process
 * is gone counts for nothing.
 */
export async function takeAlone(
  folder: string,
  kind: string,
): Promise<{ mine: Mark; other?: undefined } | { mine?: undefined; other: Mark }> {
  for (let attempt = 1; ; attempt++) {
    const mine = await leaveMark(folder, kind)
    let other: Mark | undefined
    try {
      other = (await livingMarks(folder, kind)).find(({ file }) => file !== mine.file)
      if (other === undefined) return { mine }
    } catch (cause) {
      await removeMark(mine).catch(() => undefined)
      throw cause
    }
    await removeMark(mine)
    if (attempt === ATTEMPTS) return { other }
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Killed, but kept by the system until its parent asks for it, which in a container may be never. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
