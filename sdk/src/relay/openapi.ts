const bytes32 = { type: 'string', pattern: '^0x[0-9a-f]{64}$', description: '32 bytes in hex.' }
const address = { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$', description: 'Address, EIP-55.' }
const seconds = { type: 'integer', minimum: 0, description: 'Seconds since 1970.' }
const bytes = { type: 'string', pattern: '^0x([0-9a-fA-F]{2})+$' }

const work = {
  type: 'object',
  required: ['contentHash', 'fingerprint', 'fingerprintType', 'metadata', 'salt'],
  properties: {
    contentHash: { ...bytes32, description: 'SHA-256 of the file.' },
    fingerprint: { ...bytes32, description: 'Robust fingerprint; zero when there is none.' },
    fingerprintType: { type: 'integer', minimum: 0, maximum: 65_535 },
    metadata: { ...bytes32, description: "sha2-256 digest of the document's CID; zero when there is none." },
    salt: bytes32,
  },
}

const status = {
  type: 'object',
  required: ['id', 'claimant', 'state', 'acceptedAt', 'deadline'],
  properties: {
    id: { ...bytes32, description: "The deposit's id, which names claimant and work." },
    claimant: address,
    state: { enum: ['queued', 'sent', 'mined', 'settled', 'refused'] },
    acceptedAt: seconds,
    deadline: seconds,
    transaction: { ...bytes32, description: 'From `sent` on; another one after it was replaced.' },
    block: { type: 'integer', minimum: 0 },
    byOthers: { const: true, description: 'Somebody else had put it on the chain.' },
    anchor: {
      type: 'object',
      required: ['root', 'proof'],
      properties: { root: bytes32, proof: { type: 'array', items: bytes32 } },
    },
    refusal: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string' }, message: { type: 'string' } },
    },
  },
}

const quota = { type: 'integer', minimum: 0 }

/** The schemas of what goes over the wire, by name. */
const schemas: Record<string, object> = {
  SignedDeposit: {
    type: 'object',
    description: 'As `deposits.sign()` gives it.',
    required: ['type', 'version', 'chainId', 'registry', 'claimant', 'work', 'deadline', 'signature'],
    properties: {
      type: { const: 'colophon-signed-deposit' },
      version: { const: 1 },
      chainId: { type: 'integer', minimum: 1 },
      registry: address,
      claimant: address,
      work,
      deadline: seconds,
      signature: { ...bytes, description: 'EIP-712 `Deposit(address claimant,Work work,uint256 deadline)`; ECDSA or ERC-1271.' },
    },
  },
  Status: status,
  Accepted: {
    type: 'object',
    required: [...status.required, 'acceptance'],
    properties: {
      ...status.properties,
      acceptance: {
        type: 'object',
        description:
          "The relay's signed word that the request is on its disk: EIP-712 `Acceptance(bytes32 id,uint256 acceptedAt,uint256 deadline)`.",
        required: ['by', 'acceptedAt', 'signature'],
        properties: { by: address, acceptedAt: seconds, signature: bytes },
      },
    },
  },
  Info: {
    type: 'object',
    required: [
      'type',
      'version',
      'chainId',
      'registry',
      'account',
      'mode',
      'quota',
      'leastValidity',
      'batch',
      'confirmations',
      'maxFeePerGas',
    ],
    properties: {
      type: { const: 'colophon-relay' },
      version: { const: 1 },
      chainId: { type: 'integer', minimum: 1 },
      registry: address,
      account: address,
      mode: { enum: ['record', 'anchor'] },
      quota: {
        type: 'object',
        required: ['none', 'low', 'substantial', 'high'],
        properties: { none: quota, low: quota, substantial: quota, high: quota },
      },
      leastValidity: { type: 'integer', minimum: 1 },
      batch: { type: 'object', required: ['size', 'seconds'], properties: { size: { type: 'integer' }, seconds: { type: 'number' } } },
      confirmations: { type: 'integer', minimum: 1 },
      maxFeePerGas: { type: 'string', pattern: '^[0-9]+$' },
    },
  },
  Health: {
    type: 'object',
    required: ['ok', 'waiting'],
    properties: { ok: { type: 'boolean' }, waiting: { type: 'integer', minimum: 0 }, trouble: { type: 'string' } },
  },
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'details', 'docsUrl'],
        properties: {
          code: { type: 'string' },
          message: { type: 'string' },
          hint: { type: 'string' },
          details: { type: 'object' },
          docsUrl: { type: 'string' },
        },
      },
    },
  },
}

function answer(description: string, schema: string): object {
  return { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } }
}

/** The relay's interface as an OpenAPI 3.1 document. */
export function openApi(): object {
  const error = (description: string): object => answer(description, 'Error')
  const info = { get: { operationId: 'info', summary: 'What the relay is and does', responses: { 200: answer('The relay', 'Info') } } }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Colophon relay',
      version: '1',
      description:
        'Takes deposits that their claimants have signed, and pays for them. Nothing it says has to be believed: see the client.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/': { get: { ...info.get, operationId: 'root' } },
      '/v1/relay': info,
      '/v1/deposits': {
        post: {
          operationId: 'submit',
          summary: 'Hand a signed deposit over',
          description: 'Sending the same deposit again is safe: it gives the same request.',
          requestBody: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/SignedDeposit' } } } },
          responses: {
            200: answer('The relay has this request already', 'Accepted'),
            202: answer('Accepted, and on the disk', 'Accepted'),
            400: error('Not a signed deposit, or for another chain'),
            403: error('The claimant is not verified'),
            409: error('The chain has this deposit already'),
            413: error('Larger than any signed deposit'),
            415: error('Not JSON'),
            422: error('The signature is wrong or ends too early'),
            429: error('Too many, for this address or this claimant'),
            503: error('Try again later'),
          },
        },
      },
      '/v1/deposits/{id}': {
        get: {
          operationId: 'status',
          summary: 'How far a request is',
          parameters: [{ name: 'id', in: 'path', required: true, schema: bytes32 }],
          responses: { 200: answer('The request', 'Status'), 404: error('No such request'), 429: error('Too many requests') },
        },
      },
      '/health': {
        get: {
          operationId: 'health',
          summary: 'Whether it can send',
          responses: { 200: answer('It can', 'Health'), 503: answer('Chain or disk keep it from that', 'Health') },
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Prometheus metrics',
          responses: { 200: { description: 'Text exposition format 0.0.4', content: { 'text/plain': { schema: { type: 'string' } } } } },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This document',
          responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } } },
        },
      },
    },
    components: { schemas },
  }
}
