import { ColophonError } from '../../errors/base.ts'
import type { Database, Reader } from './database.ts'

/** Grows with every change of the tables. An index is disposable: another version is built anew. */
const VERSION = '1'

/**
 * Tables of facts. Every row stands for something in one event and is never changed, so that a reorganisation is undone by deleting what lies
 * above a block, and a state (who owns a license, how a claim stands) is the newest fact.
 */
export const FACTS = [
  'events',
  'works',
  'stamps',
  'title_owners',
  'title_marks',
  'licenses',
  'license_owners',
  'license_changes',
  'revenue',
  'claims',
  'claim_steps',
  'derivatives',
] as const

export type FactTable = (typeof FACTS)[number]

const PLACE = 'block INTEGER NOT NULL, log_index INTEGER NOT NULL'
const KEYED = 'PRIMARY KEY (block, log_index)'

const TABLES = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, time INTEGER NOT NULL, kept INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS events (${PLACE}, contract TEXT NOT NULL, event TEXT NOT NULL, transaction_hash TEXT NOT NULL, topics TEXT NOT NULL,
  data TEXT NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS events_by_name ON events (contract, event, block, log_index);

CREATE TABLE IF NOT EXISTS works (${PLACE}, id TEXT NOT NULL, claimant TEXT NOT NULL, content_hash TEXT NOT NULL, fingerprint TEXT NOT NULL,
  fingerprint_type INTEGER NOT NULL, metadata TEXT NOT NULL, salt TEXT NOT NULL, deposited_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS works_by_id ON works (id);
CREATE INDEX IF NOT EXISTS works_by_claimant ON works (claimant, block, log_index);
CREATE INDEX IF NOT EXISTS works_by_content ON works (content_hash);
CREATE INDEX IF NOT EXISTS works_by_metadata ON works (metadata);
CREATE INDEX IF NOT EXISTS works_by_time ON works (deposited_at, block, log_index);
CREATE INDEX IF NOT EXISTS works_by_type ON works (fingerprint_type, block, log_index);
CREATE TABLE IF NOT EXISTS stamps (${PLACE}, kind TEXT NOT NULL, commitment TEXT NOT NULL, by_account TEXT NOT NULL, works INTEGER, manifest TEXT,
  time INTEGER NOT NULL, ${KEYED});

CREATE TABLE IF NOT EXISTS title_owners (${PLACE}, work TEXT NOT NULL, owner TEXT NOT NULL, time INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS title_owners_by_work ON title_owners (work, block, log_index);
CREATE INDEX IF NOT EXISTS title_owners_by_owner ON title_owners (owner);
CREATE TABLE IF NOT EXISTS title_marks (${PLACE}, work TEXT NOT NULL, mark TEXT NOT NULL, value INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS title_marks_by_work ON title_marks (work, mark, block, log_index);

CREATE TABLE IF NOT EXISTS licenses (${PLACE}, id TEXT NOT NULL, work TEXT NOT NULL, terms TEXT NOT NULL, document TEXT NOT NULL, agreement TEXT,
  starts INTEGER NOT NULL, ends INTEGER, ${KEYED});
CREATE INDEX IF NOT EXISTS licenses_by_id ON licenses (id);
CREATE INDEX IF NOT EXISTS licenses_by_work ON licenses (work, block, log_index);
CREATE TABLE IF NOT EXISTS license_owners (${PLACE}, license TEXT NOT NULL, owner TEXT NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS license_owners_by_license ON license_owners (license, block, log_index);
CREATE INDEX IF NOT EXISTS license_owners_by_owner ON license_owners (owner);
CREATE TABLE IF NOT EXISTS license_changes (${PLACE}, license TEXT NOT NULL, change TEXT NOT NULL, ends INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS license_changes_by_license ON license_changes (license, block, log_index);

CREATE TABLE IF NOT EXISTS revenue (${PLACE}, time INTEGER NOT NULL, work TEXT NOT NULL, kind TEXT NOT NULL, payer TEXT, source TEXT,
  currency TEXT NOT NULL, amount TEXT NOT NULL, commission INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS revenue_by_work ON revenue (work, time);
CREATE INDEX IF NOT EXISTS revenue_by_time ON revenue (time);

CREATE TABLE IF NOT EXISTS claims (${PLACE}, id TEXT NOT NULL, work TEXT NOT NULL, claimant TEXT NOT NULL, respondent TEXT NOT NULL, suspect TEXT NOT NULL,
  evidence TEXT NOT NULL, bond TEXT NOT NULL, distance INTEGER, filed_at INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS claims_by_id ON claims (id);
CREATE INDEX IF NOT EXISTS claims_by_work ON claims (work, block, log_index);
CREATE INDEX IF NOT EXISTS claims_by_suspect ON claims (suspect);
CREATE TABLE IF NOT EXISTS claim_steps (${PLACE}, claim TEXT NOT NULL, phase TEXT NOT NULL, outcome TEXT NOT NULL, dispute TEXT, ruling INTEGER,
  respondent TEXT, time INTEGER NOT NULL, ${KEYED});
CREATE INDEX IF NOT EXISTS claim_steps_by_claim ON claim_steps (claim, block, log_index);
CREATE INDEX IF NOT EXISTS claim_steps_by_dispute ON claim_steps (dispute);

CREATE TABLE IF NOT EXISTS derivatives (${PLACE}, number INTEGER NOT NULL, child TEXT NOT NULL, parent TEXT NOT NULL, share INTEGER NOT NULL,
  grantor TEXT NOT NULL, PRIMARY KEY (block, log_index, number));
CREATE INDEX IF NOT EXISTS derivatives_by_child ON derivatives (child);
CREATE INDEX IF NOT EXISTS derivatives_by_parent ON derivatives (parent);

CREATE TABLE IF NOT EXISTS documents (metadata TEXT PRIMARY KEY, state TEXT NOT NULL, attempts INTEGER NOT NULL, retry_at INTEGER NOT NULL,
  title TEXT, media TEXT, document TEXT);
CREATE INDEX IF NOT EXISTS documents_due ON documents (state, retry_at);
CREATE TABLE IF NOT EXISTS words (word SORTED NOT NULL, metadata TEXT NOT NULL, PRIMARY KEY (word, metadata));
CREATE TABLE IF NOT EXISTS creators (name SORTED NOT NULL, metadata TEXT NOT NULL, PRIMARY KEY (name, metadata));
CREATE TABLE IF NOT EXISTS similar_works (work TEXT PRIMARY KEY, level INTEGER NOT NULL)
`

/** Whose events an index holds. */
export interface IndexIdentity {
  chainId: number
  /** Contract names and lower-case addresses, in one order. */
  contracts: string
  /** First block. */
  start: number
}

/** Makes the tables that are missing. Safe when several processes do it at once. */
export async function createTables(database: Database): Promise<void> {
  const isPostgres = database.kind === 'postgres'
  await database.transaction(async (transaction) => {
    // Two processes that create a table at once would refuse each other.
    if (isPostgres) await transaction.run("SELECT pg_advisory_xact_lock(hashtext('colophon-index'))")
    const found = await versionIn(transaction, isPostgres)
    if (found !== undefined && found !== VERSION)
      throw foreign(`its tables are of version ${found}, and this SDK has ${VERSION}`, { found })
    for (const statement of TABLES.split(';')) await transaction.run(forKind(statement, isPostgres))
    if (found === undefined) await transaction.run("INSERT INTO meta (name, value) VALUES ('version', ?)", [VERSION])
  })
}

/** The version of the tables that are there, if there are any. @throws DATABASE_FOREIGN when another program's tables are */
async function versionIn(reader: Reader, isPostgres: boolean): Promise<string | undefined> {
  const tables = await reader.all<{ name: string }>(
    isPostgres
      ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()'
      : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )
  if (tables.length === 0) return undefined
  if (!tables.some(({ name }) => name === 'meta')) throw foreign('it has the tables of another program', {})
  const rows = await reader.all<{ value: string }>("SELECT value FROM meta WHERE name = 'version'")
  return rows[0]?.value
}

function forKind(statement: string, isPostgres: boolean): string {
  // Words are looked up by their beginning, which needs the order of the code points.
  if (isPostgres) return statement.replaceAll('INTEGER', 'BIGINT').replaceAll('SORTED', 'TEXT COLLATE "C"')
  const plain = statement.replaceAll('SORTED', 'TEXT')
  return /PRIMARY KEY \(\w+, /.test(plain) ? `${plain} WITHOUT ROWID` : plain
}

/**
 * Binds an empty index to a chain and its contracts, or checks that it is theirs. Gives the next block to be read.
 * @throws DATABASE_FOREIGN
 */
export async function adopt(database: Database, identity: IndexIdentity): Promise<number> {
  return await database.transaction(async (transaction) => {
    if (database.kind === 'postgres') await transaction.run("SELECT pg_advisory_xact_lock(hashtext('colophon-index'))")
    const known = await readMeta(transaction)
    const { chainId, contracts, start } = identity
    if (known.next === undefined) {
      const values = { chain_id: String(chainId), contracts, start: String(start), next: String(start) }
      await transaction.insert(
        'meta',
        Object.entries(values).map(([name, value]) => ({ name, value })),
      )
      return start
    }
    if (known.chain_id !== String(chainId)) throw foreign(`it indexes chain ${known.chain_id}, and this is chain ${chainId}`, known)
    if (known.contracts !== contracts) throw foreign('it indexes other contracts of this chain', { known: known.contracts, contracts })
    return Number(known.next)
  })
}

/** What the index knows about itself. */
export async function readMeta(reader: Reader): Promise<Partial<Record<string, string>>> {
  const rows = await reader.all<{ name: string; value: string }>('SELECT name, value FROM meta')
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

function foreign(why: string, details: Record<string, unknown>): ColophonError {
  return new ColophonError('DATABASE_FOREIGN', `The database holds another index: ${why}.`, {
    hint: 'Name another file or database, or delete this one: an index is built again from the chain.',
    details,
  })
}
