import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { type Evidence, type EvidenceSignature, requestTimestamp } from '../evidence/index.ts'
import { withHint } from './hints.ts'
import { writeBytes } from './output.ts'
import type { Session } from './session.ts'

/** File of an authority's token beside the manifest. */
export const TOKEN = 'timestamp.tst'

/** Whole or not at all: a folder that is there is complete. */
export async function writeFolder(out: string, evidence: Evidence, signature: EvidenceSignature | undefined): Promise<void> {
  const draft = join(dirname(out), `.${basename(out).slice(0, 60)}.${process.pid}.tmp`)
  try {
    await mkdir(draft, { recursive: true })
    await writeFile(join(draft, 'page.wacz'), evidence.archive)
    if (signature !== undefined) await writeFile(join(draft, 'signature.json'), `${JSON.stringify(signature, null, 2)}\n`)
    for (const { path, content } of evidence.pictures) {
      await mkdir(join(draft, dirname(path)), { recursive: true })
      await writeFile(join(draft, path), content)
    }
    await writeFile(join(draft, 'manifest.json'), evidence.bytes)
    await rename(draft, out)
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    throw new ColophonError('OUTPUT_UNWRITABLE', `${out} cannot be written: ${(cause as Error).message}.`, {
      hint: 'The evidence is in the block store; check permissions and free space, or choose another place.',
      details: { file: out, cid: evidence.cid },
      cause,
    })
  }
}

/** A name that no folder has yet: several pages of a host may be captured within a second. */
export async function folderFor(url: string, within = ''): Promise<string> {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/[^A-Za-z0-9.-]/g, '_') : 'page'
  const name = `${host}-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`
  for (let number = 1; ; number++) {
    const folder = join(within, `${name}${number === 1 ? '' : `-${number}`}.evidence`)
    if ((await stat(folder).catch(() => undefined)) === undefined) return folder
  }
}

/** Gets a token and keeps it; where there is none the evidence stays as it is. */
export async function witnessed(session: Session, folder: string, digest: `0x${string}`, authority: string): Promise<Uint8Array> {
  const token = await requestTimestamp(digest, authority, { signal: session.signal }).catch((fault: unknown) => {
    if (!(fault instanceof ColophonError)) throw fault
    throw withHint(fault, `The evidence is in ${folder}. Try again later, or another authority: colophon timestamp ${folder} --tsa URL`)
  })
  // Half a token would pass for one that is there already.
  await writeBytes(join(folder, TOKEN), token)
  return token
}
