/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>

const id: Schema = { type: 'string', pattern: '^0x[0-9a-f]{64}$' }
const account: Schema = { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' }
const time: Schema = { type: 'string', format: 'date-time' }
const whole: Schema = { type: 'integer', minimum: 0 }
/** Amounts do not fit a JSON number. */
const amount: Schema = { type: 'string', pattern: '^\\d+$' }
const text: Schema = { type: 'string' }
const flag: Schema = { type: 'boolean' }

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
export const listOf = (items: Schema): Schema => ({ type: 'array', items })

function object(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required), additionalProperties: false }
}

/** A page of a list. */
export const pageOf = (name: string): Schema =>
  object({ items: listOf(ref(name)) }, { next: { ...text, description: 'Cursor of the next page.' } })

/** What the answers consist of. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Error: object({
    error: {
      type: 'object',
      properties: { code: text, message: text, hint: text, details: { type: 'object' }, docsUrl: text },
      required: ['code', 'message'],
    },
  }),
  Health: object(
    { status: { enum: ['ok', 'behind', 'failing'] } },
    { block: whole, head: whole, secondsSinceProgress: { type: 'number' }, fault: text },
  ),
  Status: object(
    { events: whole, works: whole, documents: object({ found: whole, missing: whole, invalid: whole }) },
    { chainId: whole, block: whole, time },
  ),
  Work: object(
    {
      id,
      claimant: account,
      rightsHolder: account,
      work: object({ contentHash: id, fingerprint: id, fingerprintType: whole, metadata: id, salt: id }),
      media: { enum: ['image', 'audio', 'video', 'text', 'data'] },
      depositedAt: time,
      record: object({ transaction: id, block: whole, time }),
      hasTitle: flag,
      isRefuted: flag,
      documentState: { enum: ['none', 'missing', 'found', 'invalid'] },
    },
    { title: text, document: { type: 'object', description: 'The deposit document; its schema is published with the SDK.' } },
  ),
  License: object(
    {
      licenseId: id,
      workId: id,
      holder: account,
      start: time,
      isRunning: flag,
      block: whole,
      rights: listOf(text),
      territories: { anyOf: [{ const: 'world' }, listOf(text)] },
      channels: { anyOf: [{ const: 'all' }, listOf(text)] },
      duration: { anyOf: [{ const: 'forever' }, whole] },
      exclusive: flag,
      transferable: flag,
      resalePercent: { type: 'number' },
      derivativePercent: { type: 'number' },
    },
    { until: time, agreementId: id, document: id },
  ),
  Revenue: object({ start: time, currency: text, received: amount, payments: whole, royaltyGrains: amount, royalties: whole }),
  Claim: object(
    {
      id,
      workId: id,
      claimant: account,
      evidence: id,
      bond: amount,
      phase: text,
      outcome: text,
      filedAt: time,
      changedAt: time,
      block: whole,
    },
    { respondent: account, suspectId: id, distance: whole },
  ),
  Graph: object({
    works: listOf(id),
    edges: listOf(object({ child: id, parent: id, sharePercent: { type: 'number' }, grantor: account })),
    isCut: flag,
  }),
  Event: object({
    contract: text,
    event: text,
    values: { type: 'object', description: 'By their names in the ABI; numbers of more than 32 bits as decimal text.' },
    transaction: id,
    block: whole,
    blockHash: id,
    logIndex: whole,
    time,
  }),
  Hit: object(
    { id: text, media: text, verdict: { enum: ['identical', 'copy', 'similar'] } },
    { codes: { type: 'object' }, keys: { type: 'object' } },
  ),
}
