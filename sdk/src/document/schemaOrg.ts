import type { DepositDocument, Party } from './document.ts'

/** A schema.org object, as search engines read it (JSON-LD). */
export interface SchemaOrg {
  '@context': 'https://schema.org'
  '@type': 'Photograph' | 'Article' | 'CreativeWork'
  [property: string]: unknown
}

/** The document as a schema.org CreativeWork. What schema.org has no word for is left out. */
export function toSchemaOrg(document: DepositDocument): SchemaOrg {
  const { media, iscc } = document
  const type = media.type.startsWith('image/') ? 'Photograph' : media.type.startsWith('text/') ? 'Article' : 'CreativeWork'
  return {
    '@context': 'https://schema.org',
    '@type': type,
    name: document.title,
    ...optional('description', document.description),
    creator: document.creators.map(person),
    ...optional('copyrightHolder', document.rightsHolder === undefined ? undefined : person(document.rightsHolder)),
    ...optional('dateCreated', document.created),
    ...optional('datePublished', document.firstPublication?.date),
    ...optional('inLanguage', document.language),
    ...optional('keywords', document.keywords),
    ...optional(
      'isBasedOn',
      document.priorWorks?.map((work) => ({
        '@type': 'CreativeWork',
        ...optional('name', work.title),
        ...optional('url', work.url),
        ...optional('identifier', work.iscc ?? work.deposit),
      })),
    ),
    encodingFormat: media.type,
    contentSize: String(media.size),
    sha256: media.sha256.slice(2),
    ...optional('width', media.width),
    ...optional('height', media.height),
    ...optional('wordCount', media.words),
    identifier: { '@type': 'PropertyValue', propertyID: 'ISCC', value: iscc.code },
  }
}

function person({ name, role, did, account }: Party): Record<string, unknown> {
  return {
    '@type': 'Person',
    name,
    ...optional('jobTitle', role),
    ...optional('identifier', did ?? account),
  }
}

function optional(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value }
}
