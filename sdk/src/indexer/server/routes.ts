import { OUTCOMES, PHASES } from '../../claims/status.ts'
import { ColophonError } from '../../errors/base.ts'
import type { Contracts } from '../../events/contracts.ts'
import { FACTORIES } from '../../events/contracts.ts'
import { hexToBytes } from '../../hex/index.ts'
import type { SimilarityIndex } from '../../search/index.ts'
import { MOST_ITEMS } from '../queries/page.ts'
import type { Queries } from '../queries/queries.ts'
import {
  accountParameter,
  choiceParameter,
  flagParameter,
  idParameter,
  type Parameter,
  textParameter,
  timeParameter,
  type ValuesOf,
  wholeParameter,
} from './parameters.ts'
import { listOf, pageOf, ref, type Schema } from './schemas.ts'

/** What the routes answer from. */
export interface Served {
  queries: Queries
  similarity?: SimilarityIndex | undefined
}

/** One address that is served. The description of the service is made of these, so that the two cannot differ. */
export interface Route {
  /** With `{id}` where an id is. */
  path: string
  summary: string
  parameters: Record<string, Parameter<unknown>>
  answer: Schema
  run(served: Served, values: Record<string, unknown>, id: string, signal: AbortSignal): Promise<unknown>
}

function route<Parameters extends Record<string, Parameter<unknown>>>(
  path: string,
  summary: string,
  parameters: Parameters,
  answer: Schema,
  run: (served: Served, values: ValuesOf<Parameters>, id: string, signal: AbortSignal) => Promise<unknown>,
): Route {
  return { path, summary, parameters, answer, run: (served, values, id, signal) => run(served, values as ValuesOf<Parameters>, id, signal) }
}

const paging = {
  limit: wholeParameter('Most items.', 1, MOST_ITEMS),
  cursor: textParameter('`next` of the page before.', '^\\d{1,15}-\\d{1,15}$'),
  order: choiceParameter('Newest first by default.', ['newest', 'oldest']),
}

const BLOCKS = Number.MAX_SAFE_INTEGER

export const ROUTES: readonly Route[] = [
  route('/status', 'What the index holds.', {}, ref('Status'), ({ queries }) => queries.status()),
  route(
    '/works',
    'Deposited works.',
    {
      ...paging,
      claimant: accountParameter('Account that deposited.'),
      rightsHolder: accountParameter('Account that holds the rights now.'),
      creator: textParameter('Name of a creator, as the document has it.'),
      media: choiceParameter('What the work is.', ['image', 'audio', 'video', 'text', 'data']),
      from: timeParameter('Deposited then or later.'),
      until: timeParameter('Deposited before then.'),
      contentHash: idParameter('SHA-256 of the file.'),
      text: textParameter('Words of the title; the last may be the beginning of one.'),
    },
    pageOf('Work'),
    ({ queries }, values) => queries.works(values),
  ),
  route('/works/{id}', 'One deposited work.', {}, ref('Work'), async ({ queries }, _, id) => {
    const work = await queries.work(id)
    if (work === undefined) throw notFound('The index has no deposit with this id.')
    return work
  }),
  route(
    '/works/{id}/derivatives',
    'What a work comes from and what comes from it.',
    {
      direction: choiceParameter('Both by default.', ['ancestors', 'descendants', 'both']),
      depth: wholeParameter('Generations each way; 10 by default.', 1, 100),
      limit: wholeParameter('Most edges; 1,000 by default.', 1, 10_000),
    },
    ref('Graph'),
    ({ queries }, values, id) => queries.derivatives(id, values),
  ),
  route(
    '/licenses',
    'Licenses.',
    {
      ...paging,
      holder: accountParameter('Account that has them now.'),
      workId: idParameter('The work.'),
      running: flagParameter('Only those that run now, by their time.'),
    },
    pageOf('License'),
    ({ queries }, values) => queries.licenses(values),
  ),
  route(
    '/revenue',
    'Revenue by period and currency.',
    {
      period: choiceParameter('By month by default.', ['day', 'month', 'year', 'all']),
      workId: idParameter('Of one work.'),
      claimant: accountParameter('Of all works that this account deposited.'),
      currency: textParameter('`native`, or the address of a token.', '^(native|0x[0-9a-fA-F]{40})$'),
      from: timeParameter('Received then or later.'),
      until: timeParameter('Received before then.'),
    },
    listOf(ref('Revenue')),
    ({ queries }, values) => queries.revenue(values),
  ),
  route(
    '/claims',
    'Claims that a work was copied.',
    {
      ...paging,
      phase: choiceParameter('How far they have come.', PHASES),
      outcome: choiceParameter('How they ended.', OUTCOMES),
      workId: idParameter('The work that was copied.'),
      suspectId: idParameter('The deposit that is disputed.'),
      claimant: accountParameter('Account that claims.'),
      respondent: accountParameter('Account that is named, or answered.'),
    },
    pageOf('Claim'),
    ({ queries }, values) => queries.claims(values),
  ),
  route(
    '/events',
    'Events of the contracts.',
    {
      ...paging,
      contract: choiceParameter('The contract.', Object.keys(FACTORIES) as (keyof Contracts)[]),
      event: textParameter('The event, with its contract.', '^[A-Za-z0-9]{1,64}$'),
      fromBlock: wholeParameter('In this block or later.', 0, BLOCKS),
      toBlock: wholeParameter('In this block or before.', 0, BLOCKS),
    },
    pageOf('Event'),
    ({ queries }, values) => queries.events(values as Parameters<Queries['events']>[0]),
  ),
  route(
    '/similar',
    'Works whose code is like this one; only where a similarity index follows.',
    {
      fingerprint: idParameter('The 256-bit code of a picture or a text, as fingerprint() gives it.'),
      media: choiceParameter('What it is the code of; image by default.', ['image', 'text']),
      threshold: wholeParameter('Bits in which codes may differ; 75 by default.', 0, 75),
      limit: wholeParameter('Most works; 20 by default.', 1, MOST_ITEMS),
    },
    listOf(ref('Hit')),
    async ({ similarity }, { fingerprint, media = 'image', threshold, limit }, _, signal) => {
      if (similarity === undefined) throw notFound('This service has no similarity index.')
      if (fingerprint === undefined)
        throw new ColophonError('INVALID_INPUT', 'The parameter fingerprint is needed.', { hint: 'Give 0x and 64 hex digits.' })
      return await similarity.search(
        { features: { media, codes: [hexToBytes(fingerprint)], keys: new BigUint64Array(0) } },
        { ...(threshold === undefined ? {} : { threshold }), ...(limit === undefined ? {} : { k: limit }), signal },
      )
    },
  ),
]

export function notFound(message: string): ColophonError {
  return new ColophonError('NOT_FOUND', message, { hint: 'Its description is at /openapi.json.' })
}
