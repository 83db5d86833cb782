import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Scratch, ScratchFile } from '../keys/fileTable.ts'
import { damaged } from '../problems.ts'
import { folderError } from './files.node.ts'

/** Makes scratch files in a folder, or where it cannot be written to among the system's temporary files. They have no name: when the process ends, however it does, they are gone. */
export function scratchIn(folder: string): Scratch | undefined {
  // A process may go to another folder.
  const root = resolve(folder)
  return () => fileOf(root, openNameless(root))
}

/** Makes files in a folder that can be kept, and opens those that were. What is not kept is removed when it is closed, and after a crash when the index is opened again. */
export function keyFilesIn(folder: string): { scratch: Scratch; open: (name: string) => ScratchFile } | undefined {
  const root = resolve(folder)
  return {
    scratch: () => {
      const name = `keys-${randomBytes(8).toString('hex')}`
      let isKept = false
      let number: number
      try {
        number = openSync(join(root, name), 'wx+')
      } catch (cause) {
        throw folderError(cause, root)
      }
      const file = fileOf(root, number)
      return {
        ...file,
        name,
        keep() {
          fsyncSync(number)
          isKept = true
        },
        close() {
          file.close()
          if (!isKept) rmSync(join(root, name), { force: true })
        },
      }
    },
    open: openKept(root),
  }
}

/** Opens files of a folder that were kept. */
export function openKept(folder: string): (name: string) => ScratchFile {
  const root = resolve(folder)
  return (name) => ({ ...fileOf(root, openSync(join(root, name), 'r')), name, keep: () => {} })
}

function fileOf(folder: string, number: number): ScratchFile {
  let end = 0
  return {
    write(bytes) {
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(number, bytes, at, bytes.length - at, end + at)
      } catch (cause) {
        throw folderError(cause, folder)
      }
      end += bytes.length
    },
    read(into, from) {
      for (let at = 0; at < into.length; ) {
        const read = readSync(number, into, at, into.length - at, from + at)
        if (read === 0) throw damaged('a file of keys became shorter', { bytes: end })
        at += read
      }
    },
    close: () => closeSync(number),
  }
}

function openNameless(folder: string): number {
  const name = `scratch-${randomBytes(8).toString('hex')}`
  let path = join(folder, name)
  let number: number
  try {
    number = openSync(path, 'wx+')
  } catch {
    path = join(tmpdir(), `colophon-${name}`)
    number = openSync(path, 'wx+')
  }
  // Systems that cannot remove an open file keep it until the folder is cleaned.
  rmSync(path, { force: true })
  return number
}
