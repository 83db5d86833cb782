import { readdir, readlink } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** How often this process holds a file open. Linux only. */
export async function timesOpen(path: string): Promise<number> {
  const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return links.filter((link) => link === path).length
}

/** Returns once this process does not hold a file open any more. A stream closes its file some turns after it ended. */
export async function closed(path: string): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if ((await timesOpen(path)) === 0) return
    await wait(10)
  }
  throw new Error(`${path} was left open.`)
}
