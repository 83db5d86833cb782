import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { unzipSync, zipSync } from 'fflate'
import { readWacz, validateWacz } from '../../src/evidence/index.ts'
import { packWacz } from '../../src/evidence/wacz.ts'
import { expectError } from '../expectError.ts'

const DATE = new Date('2026-11-21T12:00:00Z')
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** An archive of a page, a picture that was not there, and a screenshot. */
async function archive(): Promise<Uint8Array<ArrayBuffer>> {
  const exchange = (url: string, status: number, type: string, body: string) => ({
    ...{ url, date: DATE, method: 'GET', requestHeaders: [] as [string, string][], status, statusText: 'as it was' },
    ...{ responseHeaders: [['Content-Type', type]] as [string, string][], body: text(body) },
  })
  return await packWacz({
    ...{ software: 'test', title: 'A page', mainPage: 'https://example.org/', created: DATE },
    exchanges: [
      exchange('https://example.org/', 200, 'text/html; charset=utf-8', '<p>One\r\n\r\ntwo</p>'),
      exchange('https://example.org/gone.png', 404, 'text/plain', ''),
    ],
    artifacts: [{ uri: 'urn:text:https://example.org/', date: DATE, mediaType: 'text/plain', bytes: text('One two 三') }],
    pages: [{ url: 'https://example.org/', title: 'A page', date: DATE, text: 'One two' }],
  })
}

describe('evidence: what an archive holds', () => {
  it('is read with status, type and body, each body hashed again', async () => {
    const bytes = await archive()
    const entries = readWacz(bytes)
    expect(entries.map(({ kind, url, status, mediaType }) => [kind, url, status, mediaType])).to.deep.equal([
      ['response', 'https://example.org/', 200, 'text/html; charset=utf-8'],
      ['response', 'https://example.org/gone.png', 404, 'text/plain'],
      ['resource', 'urn:text:https://example.org/', 0, 'text/plain'],
    ])
    expect(new TextDecoder().decode(entries[0]!.body)).to.equal('<p>One\r\n\r\ntwo</p>')
    expect(new TextDecoder().decode(entries[2]!.body)).to.equal('One two 三')
    for (const { body, sha256 } of entries) expect(sha256).to.equal(`0x${createHash('sha256').update(body).digest('hex')}`)
    const { valid, responses } = validateWacz(bytes)
    expect(valid).to.equal(true)
    expect(responses.map(({ sha256 }) => sha256)).to.deep.equal(entries.slice(0, 2).map(({ sha256 }) => sha256))
  })

  it('is refused when it is no archive, or its records end in the middle', async () => {
    await expectError('WACZ_UNREADABLE', () => readWacz(new Uint8Array(64)))
    const files = unzipSync(await archive())
    const path = 'archive/data.warc.gz'
    // Within the last member's deflated data.
    files[path] = files[path]!.slice(0, -20).fill(0xff, files[path]!.length - 60)
    await expectError('WACZ_UNREADABLE', () => readWacz(zipSync(files)))
  })
})
