/** The part of JSON Schema (draft 2020-12) that the deposit document uses. */
export interface Schema {
  $schema?: string
  $id?: string
  $defs?: Readonly<Record<string, Schema>>
  $ref?: string
  title?: string
  description?: string
  examples?: readonly unknown[]
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  const?: string | number
  enum?: readonly string[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: false
}

const text = (description: string, maxLength = 1000): Schema => ({ type: 'string', minLength: 1, maxLength, description })
const list = (items: Schema, maxItems: number, description: string): Schema => ({ type: 'array', items, maxItems, description })

/**
 * JSON Schema of the deposit document, version 1. `schema/deposit-document-v1.json` in the package is this object, written out.
 */
export const depositDocumentSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://colophon.dev/schema/deposit-document-v1.json',
  title: 'Colophon deposit document',
  description:
    'What the depositor says of a work. The document is stored as canonical JSON (RFC 8785) in one IPFS block; its SHA-256 is the metadata field of the deposit.',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'title', 'creators', 'media', 'iscc'],
  properties: {
    version: { const: 1, description: 'Version of this format.' },
    title: text('Title of the work.', 500),
    description: text('What the work is, in the creator’s words.', 10_000),
    creators: {
      ...list({ $ref: '#/$defs/party' }, 100, 'Who made the work, the main creator first.'),
      minItems: 1,
    },
    rightsHolder: { $ref: '#/$defs/party' },
    created: { $ref: '#/$defs/date', description: 'When the work was made: a year, a month or a day (ISO 8601).' },
    firstPublication: {
      type: 'object',
      additionalProperties: false,
      required: ['date'],
      description: 'When and where the work was first published; left out if it was not.',
      properties: {
        date: { $ref: '#/$defs/date' },
        country: { $ref: '#/$defs/country' },
        url: { $ref: '#/$defs/uri' },
      },
    },
    language: {
      type: 'string',
      pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
      maxLength: 35,
      description: 'Language of the work (BCP 47).',
      examples: ['en', 'zh-Hans'],
    },
    keywords: list(text('A keyword.', 100), 50, 'What to find the work by.'),
    priorWorks: list(
      {
        type: 'object',
        additionalProperties: false,
        required: ['relation'],
        properties: {
          relation: {
            enum: ['derivedFrom', 'translationOf', 'adaptationOf', 'partOf', 'versionOf'],
            description: 'How this work relates to the other.',
          },
          deposit: { $ref: '#/$defs/hash', description: 'Id of its deposit.' },
          iscc: { $ref: '#/$defs/iscc' },
          url: { $ref: '#/$defs/uri' },
          title: text('Its title.', 500),
        },
      },
      100,
      'Works that this one builds on.',
    ),
    aiGeneration: {
      enum: ['none', 'assisted', 'composite', 'generated'],
      description:
        'Share of generative AI in the making: none, assisted (edited with it), composite (parts made by it), generated (made by it from prompts). They correspond to the IPTC digital source types.',
    },
    aiTraining: {
      enum: ['allowed', 'notAllowed', 'constrained'],
      description: 'Whether the work may be used to train AI models; constrained: only under a license.',
    },
    media: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'size', 'sha256'],
      description: 'Facts about the file.',
      properties: {
        type: { type: 'string', pattern: '^[a-z]+/[a-z0-9.+-]+$', maxLength: 100, description: 'MIME type.', examples: ['image/jpeg'] },
        size: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Bytes.' },
        sha256: { $ref: '#/$defs/hash', description: 'SHA-256 of the file; the contentHash of the deposit.' },
        fileName: text('Name of the file.', 255),
        width: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'Pixels.' },
        height: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'Pixels.' },
        durationMs: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Milliseconds.' },
        words: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Words of a text.' },
      },
    },
    iscc: {
      type: 'object',
      additionalProperties: false,
      required: ['code', 'units'],
      description: 'ISO 24138 codes of the file.',
      properties: {
        code: { $ref: '#/$defs/iscc', description: 'ISCC-CODE of content, data and instance, as anyone computes it from the file alone.' },
        meta: { $ref: '#/$defs/iscc', description: 'Meta-Code of title and description.' },
        units: { ...list({ $ref: '#/$defs/iscc' }, 5, 'The units of the code at full length.'), minItems: 2 },
      },
    },
    features: list({ $ref: '#/$defs/cid' }, 16, 'Files with the features that matching uses.'),
    originality: {
      type: 'object',
      additionalProperties: false,
      required: ['checkedAt', 'lookAlikes'],
      description: 'What a search for look-alikes found before the deposit.',
      properties: {
        checkedAt: { $ref: '#/$defs/dateTime' },
        lookAlikes: list(
          {
            type: 'object',
            additionalProperties: false,
            required: ['verdict', 'reason'],
            properties: {
              deposit: { $ref: '#/$defs/hash', description: 'Id of its deposit.' },
              verdict: { enum: ['identical', 'copy', 'similar'], description: 'How alike.' },
              reason: text('Why.', 1000),
            },
          },
          100,
          'What was found, the most alike first.',
        ),
      },
    },
  },
  $defs: {
    party: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      description: 'A person or an organisation.',
      properties: {
        name: text('Name as it is to be shown.', 200),
        role: text('What they did: photographer, author, translator, …', 100),
        did: {
          type: 'string',
          pattern: '^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$',
          maxLength: 500,
          description: 'W3C decentralised identifier.',
          examples: ['did:web:example.org'],
        },
        credential: { $ref: '#/$defs/uri', description: 'Where a verifiable credential of theirs can be asked for.' },
        account: {
          type: 'string',
          pattern: '^0x[0-9a-fA-F]{40}$',
          description: 'Account on an EVM chain.',
          examples: ['0x5FbDB2315678afecb367f032d93F642f64180aa3'],
        },
        nationality: { $ref: '#/$defs/country' },
      },
    },
    country: { type: 'string', pattern: '^[A-Z]{2}$', description: 'Country (ISO 3166-1 alpha-2).', examples: ['DE'] },
    date: {
      type: 'string',
      pattern: '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$',
      description: 'Year, month or day (ISO 8601).',
      examples: ['2026-11-21', '2026-11', '2026'],
    },
    dateTime: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$',
      description: 'Time in UTC (RFC 3339).',
      examples: ['2026-11-21T09:30:00Z'],
    },
    hash: {
      type: 'string',
      pattern: '^0x[0-9a-f]{64}$',
      description: '32 bytes in lower-case hexadecimal.',
      examples: ['0xabababababababababababababababababababababababababababababababab'],
    },
    iscc: {
      type: 'string',
      pattern: '^ISCC:[A-Z2-7]{10,100}$',
      description: 'ISCC in its canonical form.',
      examples: ['ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY'],
    },
    cid: {
      type: 'string',
      pattern: '^b[a-z2-7]{20,200}$',
      description: 'CIDv1 in base32.',
      examples: ['bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    },
    uri: {
      type: 'string',
      pattern: '^[a-z][a-z0-9+.-]*:[^\\s<>"]+$',
      maxLength: 2000,
      description: 'Absolute URI.',
      examples: ['https://example.org/work'],
    },
  },
}
