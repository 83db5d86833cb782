import { join } from 'node:path'
import type { Command } from 'commander'
import type { ColophonError } from '../../errors/base.ts'
import { publicUrl } from '../../errors/publicUrl.ts'
import { createIndexer, type Database, type DocumentSource, type Indexer, openDatabase, serveIndex } from '../../indexer/index.ts'
import { openSimilarityIndex, type SimilarityIndex } from '../../search/index.ts'
import { openBlockStore, openGateways } from '../../storage/index.ts'
import type { Action } from '../action.ts'
import { openChain } from '../chain.ts'
import { counted, facts } from '../layout.ts'
import type { Answer, Session } from '../session.ts'
import { several } from '../values.ts'
import { wholeNumber } from './stack.ts'

interface ChainIndexFlags {
  database?: string
  confirmations: number
  gateway?: string[]
  index?: string
}

interface ServeFlags extends ChainIndexFlags {
  port: number
  host: string
  cors: string
}

const DEFAULT_DATABASE = join('.colophon', 'chain.db')

export function addChainIndex(index: Command, action: Action): void {
  const common = (command: Command): Command =>
    command
      .option('--database <place>', `SQLite file or postgres:// address (COLOPHON_DATABASE; ${DEFAULT_DATABASE})`)
      .option('--confirmations <blocks>', 'blocks that must lie on top of an event', wholeNumber(0, 10_000), 0)
      .option('--gateway <url>', 'IPFS gateway for documents that the store does not have; may be repeated', several<string>)
      .option('--index <folder>', 'index of look-alikes that follows the chain')

  common(index.command('sync'))
    .summary('read a chain into a database, up to now')
    .description(`Reads what happened on the chain into a database, up to its newest block, and the documents of what was deposited.
It may be killed at any time and goes on where it was.`)
    .action(action<[], ChainIndexFlags>((session, options) => sync(session, options)))

  common(index.command('serve'))
    .summary('follow a chain and answer questions over HTTP')
    .description(`Follows the chain into a database until Ctrl-C, and answers questions about it over HTTP, read only.
The service describes itself (OpenAPI 3.1) at /openapi.json, and its health is at /health.`)
    .option('--port <number>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 8600)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--cors <origin>', 'origin whose pages may read the answers; none for none', '*')
    .action(action<[], ServeFlags>((session, options) => serve(session, options)))
}

/** Where the index of the chain is. */
export function databasePlace(given: string | undefined): { file: string } | { postgres: string } {
  const place = given ?? (process.env.COLOPHON_DATABASE || DEFAULT_DATABASE)
  return /^postgres(ql)?:\/\//.test(place) ? { postgres: place } : { file: place }
}

interface Opened {
  indexer: Indexer
  database: Database
  similarity: SimilarityIndex | undefined
  /** As people may see it. */
  place: string
}

async function open(session: Session, options: ChainIndexFlags): Promise<Opened> {
  const { provider, deployment } = await openChain(session)
  const place = databasePlace(options.database)
  const database = await openDatabase(place)
  session.onEnd(() => database.close())
  const store = await openBlockStore(session.settings.store)
  session.onEnd(() => store.close())
  const similarity = options.index === undefined ? undefined : await openSimilarityIndex(options.index)
  if (similarity !== undefined) session.onEnd(() => similarity.close())
  const gateways = options.gateway === undefined ? undefined : openGateways(options.gateway)
  const storage: DocumentSource = {
    async get(cid, given) {
      try {
        return await store.get(cid, given)
      } catch (fault) {
        if (gateways === undefined) throw fault
        return await gateways.get(cid, given)
      }
    },
  }
  const { confirmations } = options
  const indexer = createIndexer({
    ...{ provider, deployment, database, storage, confirmations },
    ...(similarity === undefined ? {} : { similarity }),
  })
  return { indexer, database, similarity, place: 'file' in place ? place.file : publicUrl(place.postgres) }
}

async function sync(session: Session, options: ChainIndexFlags): Promise<Answer> {
  const { indexer, place } = await open(session, options)
  const bar = session.terminal.bar('Indexing')
  const { added, removed } = await indexer
    .sync({ signal: session.signal, onProgress: bar.onProgress, onFault: (fault) => waited(session, fault) })
    .finally(bar.end)
  const status = await indexer.queries.status()
  const { found, missing, invalid } = status.documents
  return {
    data: { database: place, added, removed, ...status },
    text: [
      `${session.terminal.mark('ok')} The index has everything up to block ${status.block ?? 0}.`,
      '',
      facts([
        ['database', place],
        ['events', `${status.events.toLocaleString('en')}, ${added.toLocaleString('en')} of them new`],
        ['taken back', removed === 0 ? undefined : counted(removed, 'event')],
        ['works', status.works.toLocaleString('en')],
        ['documents', `${found} found, ${missing} missing${invalid === 0 ? '' : `, ${invalid} invalid`}`],
      ]),
    ].join('\n'),
  }
}

async function serve(session: Session, options: ServeFlags): Promise<void> {
  const { indexer, similarity, place } = await open(session, options)
  const { port, host, cors } = options
  const service = await serveIndex({
    ...{ queries: indexer.queries, port, host, cors: cors === 'none' ? false : cors },
    ...(similarity === undefined ? {} : { similarity }),
  })
  session.onEnd(() => service.close())
  session.answer({
    data: { url: service.url, database: place },
    text: [
      session.terminal.style('bold', 'The index is served.'),
      '',
      facts([
        ['address', service.url],
        ['description', `${service.url}/openapi.json`],
        ['database', place],
      ]),
      '',
      '  Ctrl-C ends it.',
    ].join('\n'),
  })
  try {
    await indexer.follow({
      signal: session.signal,
      onPosition: (position) => service.report(position),
      onFault(fault) {
        service.report(fault)
        waited(session, fault)
      },
    })
  } catch (fault) {
    // Ctrl-C is how a service is meant to end.
    if (!session.signal.aborted) throw fault
    session.terminal.note('The service has ended; the index stays as it is.')
  }
}

function waited({ terminal }: Session, fault: ColophonError): void {
  terminal.note(`${fault.shortMessage} It is tried again.`)
}
