import { ColophonError } from '../errors/base.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { checkOriginality, type Originality, openSimilarityIndex } from '../search/index.ts'
import { EXIT } from './exitCodes.ts'
import { counted } from './layout.ts'
import { ask, canAsk } from './prompt.ts'
import type { Session } from './session.ts'

/** A check that was made before a deposit. */
export interface CheckedOriginality {
  /** What the document says of it. */
  found: { originality: Originality }
  /** Adds the deposit to the index, once it is made. */
  add(id: string): Promise<void>
}

/**
 * Looks for look-alikes, shows them, and lets whoever deposits decide, before anything is pinned or paid.
 *
 * @throws LOOK_ALIKES_FOUND where there are some and nobody has agreed; CANCELLED
 */
export async function openOriginality(
  session: Session,
  folder: string,
  fingerprint: Fingerprint,
  options: { despiteLookAlikes?: true; dryRun?: true },
): Promise<CheckedOriginality> {
  const { terminal, signal } = session
  const index = await openSimilarityIndex(folder, options.dryRun ? { mode: 'read' } : {})
  session.onEnd(() => index.close())
  const originality = await checkOriginality(index, fingerprint, { signal })
  const { lookAlikes } = originality
  if (lookAlikes.length > 0) {
    terminal.note(`${counted(lookAlikes.length, 'look-alike')} in the index:`)
    for (const { deposit, verdict, reason } of lookAlikes) terminal.note(`  ${verdict}  ${deposit ?? ''}  ${reason}`)
    if (!options.despiteLookAlikes && !options.dryRun) await agree(session, originality)
  }
  return {
    found: { originality },
    async add(id) {
      try {
        await index.insert({ id, fingerprint })
      } catch (fault) {
        if (!(fault instanceof ColophonError)) throw fault
        // The deposit is made; the index can be added to at any time.
        terminal.note(`The deposit was not added to the index: ${fault.shortMessage}`)
      }
    },
  }
}

async function agree(session: Session, { lookAlikes }: Originality): Promise<void> {
  if (!canAsk()) {
    throw new ColophonError('LOOK_ALIKES_FOUND', `The index has ${counted(lookAlikes.length, 'work')} like this one; nothing was sent.`, {
      hint: 'Look at them; --despite-look-alikes deposits it nevertheless, and its document says what was found.',
      details: { lookAlikes, exit: EXIT.no },
    })
  }
  const answer = await ask('Deposit it nevertheless? [y/N] ', { signal: session.signal })
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new ColophonError('CANCELLED', 'Cancelled; nothing was sent.', { hint: 'Answer y to go on.', details: { exit: EXIT.usage } })
  }
}
