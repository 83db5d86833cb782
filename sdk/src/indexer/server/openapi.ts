import { ROUTES } from './routes.ts'
import { ref, SCHEMAS, type Schema } from './schemas.ts'

/** The service in OpenAPI 3.1. */
export function openApiDocument(version: string): Schema {
  const failure = (description: string): Schema => ({ description, content: { 'application/json': { schema: ref('Error') } } })
  const success = (schema: Schema): Schema => ({ description: 'The answer.', content: { 'application/json': { schema } } })
  const paths = Object.fromEntries(
    ROUTES.map(({ path, summary, parameters, answer }) => [
      path,
      {
        get: {
          operationId: path.replace(/\/\{id\}/g, 'ById').replace(/\/(\w)/g, (_, letter: string) => letter.toUpperCase()),
          summary,
          parameters: [
            ...(path.includes('{id}')
              ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^0x[0-9a-fA-F]{64}$' } }]
              : []),
            ...Object.entries(parameters).map(([name, { schema, description }]) => ({ name, in: 'query', description, schema })),
          ],
          responses: {
            200: success(answer),
            400: failure('A parameter is not what it should be.'),
            ...(path.includes('{id}') || path === '/similar' ? { 404: failure('There is no such thing.') } : {}),
            503: failure('The service is busy, or its database is away.'),
          },
        },
      },
    ]),
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Colophon index',
      version,
      description:
        'What happened on a chain with deposited works. Read only. Times are ISO 8601, amounts decimal text in the smallest unit.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/health': {
        get: {
          operationId: 'Health',
          summary: 'Whether the index follows the chain.',
          responses: { 200: success(ref('Health')), 503: success(ref('Health')) },
        },
      },
      ...paths,
    },
    components: { schemas: SCHEMAS },
  }
}
