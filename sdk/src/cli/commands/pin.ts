import { existsSync } from 'node:fs'
import { Argument, type Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { publicUrl } from '../../errors/publicUrl.ts'
import {
  createMemoryStore,
  openBlockStore,
  openGateways,
  openKuboStore,
  openPinningService,
  type Replica,
  repair,
  replicasOf,
  replicate,
  type Storage,
  serviceTarget,
  storeTarget,
  type Target,
} from '../../storage/index.ts'
import type { Action } from '../action.ts'
import { EXIT } from '../exitCodes.ts'
import { counted, short, table } from '../layout.ts'
import type { Answer, Session } from '../session.ts'

interface PinFlags {
  kubo?: string[]
  service?: string[]
  copy?: string[]
  gateway?: string[]
  needed?: string
}

/** What is known of one file. */
interface Row {
  cid: string
  /** Whether the block store has it, every block as it should be. */
  here: 'whole' | 'repaired' | 'damaged' | 'missing'
  replicas: Replica[]
  error?: ColophonError
}

export function addPin(program: Command, action: Action): void {
  const several = (value: string, earlier: string[] = []): string[] => [...earlier, value]
  program
    .command('pin')
    .summary('see who keeps the documents, and mend what is lost')
    .description(
      `Looks after what the block store has pinned: whether each file is whole here, every block hashed again, and who else keeps it. repair fetches
lost and damaged blocks from Kubo, copies or gateways, and has every target keep what it lacks; running it again does only what is missing.

The token of a pinning service is read from COLOPHON_PIN_TOKEN.

Exit code 0: everything is whole and kept as often as needed; 1: something is not.`,
    )
    .addArgument(new Argument('<what>', 'look, or mend').choices(['status', 'repair']))
    .argument('[cid...]', 'files; all that are pinned by default')
    .option('--kubo <url>', 'RPC of a Kubo node that keeps copies; may be repeated', several)
    .option('--service <url>', 'pinning service (IPFS Pinning Service API) that keeps copies; may be repeated', several)
    .option('--copy <folder>', 'another block store that keeps copies; may be repeated', several)
    .option('--gateway <url>', 'IPFS gateway to fetch lost blocks from; may be repeated', several)
    .option('--needed <number>', 'how many of these must keep each file; all by default')
    .action(
      action<['status' | 'repair', string[]], PinFlags>(async (session, flags, what, cids) => {
        const store = await openStore(session, session.settings.store, what === 'repair')
        const { targets, sources } = await placesOf(session, flags, what === 'repair')
        const needed = neededOf(flags.needed, targets.length)
        const wanted = cids.length > 0 ? cids : await store.pins()
        const bar = session.terminal.bar(what === 'repair' ? 'Repairing' : 'Looking')
        const rows: Row[] = []
        try {
          for (const [index, cid] of wanted.entries()) {
            session.signal.throwIfAborted()
            bar.onProgress({ stage: what, done: index, total: wanted.length, unit: 'items' })
            rows.push(
              what === 'repair' ? await mend(session, cid, store, sources, targets, needed) : await look(session, cid, store, targets),
            )
          }
        } finally {
          bar.end()
        }
        return answerOf(session, rows, targets, needed)
      }),
    )
}

async function look(session: Session, cid: string, store: Storage, targets: readonly Target[]): Promise<Row> {
  return { cid, here: await conditionOf(store, cid), replicas: await replicasOf(cid, targets, { signal: session.signal }) }
}

async function mend(
  session: Session,
  cid: string,
  store: Storage,
  sources: readonly Storage[],
  targets: readonly Target[],
  needed: number,
): Promise<Row> {
  const { signal } = session
  let here: Row['here'] = await conditionOf(store, cid)
  try {
    if (await repair(cid, store, sources, { signal })) here = 'repaired'
    return { cid, here, replicas: await replicate(cid, store, targets, { needed, signal }) }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ColophonError) || /^(CID_|STORAGE_FULL)/.test(error.code)) throw error
    return { cid, here, replicas: await replicasOf(cid, targets, { signal }), error }
  }
}

async function conditionOf(store: Storage, cid: string): Promise<'whole' | 'damaged' | 'missing'> {
  try {
    return (await store.has(cid)) ? 'whole' : 'missing'
  } catch (fault) {
    if (fault instanceof ColophonError && fault.code === 'BLOCK_TAMPERED') return 'damaged'
    throw fault
  }
}

/** A store that is only looked at is not made. */
async function openStore(session: Session, folder: string, make: boolean): Promise<Storage> {
  if (!make && !existsSync(folder))
    throw new ColophonError('SOURCE_NOT_FOUND', `There is no block store ${folder}.`, {
      hint: 'Name it with --store.',
      details: { folder },
    })
  const store = await openBlockStore(folder)
  session.onEnd(() => store.close())
  return store
}

async function placesOf(session: Session, flags: PinFlags, make: boolean): Promise<{ targets: Target[]; sources: Storage[] }> {
  const targets: Target[] = []
  const sources: Storage[] = []
  for (const folder of flags.copy ?? []) {
    // A copy that is not there keeps nothing, which is what status is to tell.
    const copy = make || existsSync(folder) ? await openStore(session, folder, make) : createMemoryStore()
    targets.push(storeTarget(folder, copy))
    sources.push(copy)
  }
  for (const url of flags.kubo ?? []) {
    const node = openKuboStore({ url: checkedUrl(url) })
    targets.push(storeTarget(publicUrl(url), node))
    sources.push(node)
  }
  const token = process.env.COLOPHON_PIN_TOKEN
  for (const url of flags.service ?? []) {
    if (token === undefined || token === '')
      throw new ColophonError('USAGE', 'The pinning service wants a token.', {
        hint: 'Set COLOPHON_PIN_TOKEN; it is never taken from the command line.',
      })
    targets.push(serviceTarget(publicUrl(url), openPinningService({ url: checkedUrl(url), token }), { patience: make ? 30_000 : 0 }))
  }
  if (flags.gateway !== undefined) sources.push(openGateways(flags.gateway.map(checkedUrl)))
  return { targets, sources }
}

function checkedUrl(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new ColophonError('USAGE', `This is no http or https URL: ${publicUrl(url)}.`, { hint: 'Give it whole, with https://.' })
  return url
}

function neededOf(given: string | undefined, targets: number): number {
  if (given === undefined) return targets
  const needed = Number(given)
  if (!/^\d+$/.test(given) || needed > targets)
    throw new ColophonError('USAGE', `--needed should be a number from 0 to ${targets}, the targets there are.`, {
      hint: 'Name more targets, or need fewer.',
    })
  return needed
}

function answerOf({ terminal, verbose }: Session, rows: readonly Row[], targets: readonly Target[], needed: number): Answer {
  const held = (row: Row): number => row.replicas.filter(({ holding }) => holding === 'pinned').length
  const good = (row: Row): boolean => (row.here === 'whole' || row.here === 'repaired') && held(row) >= needed
  const bad = rows.filter((row) => !good(row))
  const faults = [...new Set(rows.flatMap(({ error, replicas }) => [error, ...replicas.map((replica) => replica.error)]))].filter(
    (fault) => fault !== undefined,
  )
  return {
    data: {
      needed,
      targets: targets.map(({ name }) => name),
      files: rows.map((row) => ({
        cid: row.cid,
        here: row.here,
        kept: held(row),
        replicas: row.replicas.map(({ target, holding, error }) => ({
          target,
          holding,
          ...(error === undefined ? {} : { error: error.toJSON() }),
        })),
        ...(row.error === undefined ? {} : { error: row.error.toJSON() }),
      })),
    },
    text: [
      bad.length === 0
        ? `${terminal.mark('ok')} ${terminal.style('bold', `${counted(rows.length, 'file')}, each whole${targets.length === 0 ? '' : ` and kept by at least ${needed} of ${targets.length}`}.`)}`
        : `${terminal.mark('no')} ${terminal.style('bold', `${bad.length} of ${counted(rows.length, 'file')} ${bad.length === 1 ? 'wants' : 'want'} mending.`)}`,
      ...(rows.length === 0
        ? []
        : [
            '',
            table([
              ['file', 'here', ...targets.map(({ name }) => name)],
              ...rows.map((row) => [short(row.cid, verbose), row.here, ...row.replicas.map(({ holding }) => holding)]),
            ]),
          ]),
      ...(faults.length === 0 ? [] : ['', ...faults.slice(0, 10).map(({ shortMessage }) => `  ${shortMessage}`)]),
    ].join('\n'),
    exitCode: bad.length === 0 ? EXIT.ok : EXIT.no,
  }
}
