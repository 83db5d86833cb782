import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Fingerprint, fingerprint } from '../../src/fingerprint/index.ts'
import { createSha256 as createSha256InBrowser } from '../../src/fingerprint/sha256.browser.ts'
import { createSha256 } from '../../src/fingerprint/sha256.node.ts'
import { genDataCode, genInstanceCode, genIsccCode } from '../../src/iscc/index.ts'
import type { Progress } from '../../src/progress/progress.ts'
import { expectError } from '../expectError.ts'
import { closed } from '../openFiles.ts'
import { bytesOf, ESSAY, essayText, PHOTO, photo, photoBytes } from './media.ts'
import { inPieces, prose, utf8 } from './works.ts'

/** Bytes of no known kind. */
const noise = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, index) => (index * 89 + (index >> 8) * 31) & 255)

describe('fingerprint: any work', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-fingerprint-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const works: Record<string, () => [Uint8Array<ArrayBuffer>, string]> = {
    'a picture': () => [photoBytes, 'coffee.jpg'],
    'a text': () => [utf8(essayText), 'on-colophons.md'],
    data: () => [noise(3 << 20), 'firmware.bin'],
  }
  for (const [what, make] of Object.entries(works)) {
    it(`is the same for the same bytes, whatever they come in: ${what}`, async () => {
      const [bytes, name] = make()
      const media = what === 'data' ? { media: 'data' as const } : {}
      const path = join(folder, name)
      await writeFile(path, bytes)
      const expected = await fingerprint(path, media)
      // Bytes without a name are not known to be Markdown.
      const { mediaType, ...rest } = expected
      const nameless = { mediaType: mediaType === 'text/markdown' ? 'text/plain' : mediaType, ...rest }
      expect(await fingerprint(new File([bytes], name), media)).to.deep.equal(expected)
      expect(await fingerprint({ ...inPieces(bytes, [1, 2, 5000, 70_000, 70_000]), name }, media)).to.deep.equal(expected)
      expect(await fingerprint(bytes, media)).to.deep.equal(nameless)
      expect(await fingerprint(Buffer.from(bytes), media)).to.deep.equal(nameless)
      expect(await fingerprint(new Blob([bytes]), media)).to.deep.equal(nameless)
      expect(
        await fingerprint(
          inPieces(
            bytes,
            Array.from({ length: Math.min(bytes.length, 9000) }, (_, at) => at),
          ),
          media,
        ),
      ).to.deep.equal(nameless)
    })

    it(`has the identity that other programs compute, and reads back from JSON: ${what}`, async () => {
      const [bytes] = make()
      const found = await fingerprint(bytes, what === 'data' ? { media: 'data' } : {})
      expect(found.sha256).to.equal(`0x${createHash('sha256').update(bytes).digest('hex')}`)
      expect(found.size).to.equal(bytes.length)
      expect(found.units.data).to.equal(genDataCode(bytes, { bits: 256 }).iscc)
      expect(found.units.instance).to.equal(genInstanceCode(bytes, { bits: 256 }).iscc)
      expect(found.iscc).to.equal(genIsccCode(Object.values(found.units)).iscc)
      expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found)
    })
  }

  it('takes any bytes as data, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.array(fc.nat(3000), { maxLength: 9 }), async (bytes, cuts) => {
        const whole = await fingerprint(bytes, { media: 'data' })
        expect(whole).to.include({ media: 'data', size: bytes.length, plain: false })
        expect(
          await fingerprint(
            inPieces(
              bytes,
              cuts.map((cut) => Math.min(cut, bytes.length)),
            ),
            { media: 'data' },
          ),
        ).to.deep.equal(whole)
      }),
      { numRuns: 60 },
    )
  })

  it('never does anything to hostile bytes but fingerprint them or refuse them with a code', async () => {
    const heads = [
      [0xff, 0xd8, 0xff],
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [...utf8('GIF89a')],
      [...utf8('RIFF....WEBPVP8 ')],
      [0x49, 0x49, 0x2a, 0],
      [0, 0, 0, 28, ...utf8('ftypavif')],
      [0xff, 0xfe],
      [],
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), async (head, tail) => {
        const bytes = Uint8Array.from([...head, ...tail])
        const found = await fingerprint(bytes).catch((error: { code?: string }) => error.code)
        expect(typeof found === 'string' || typeof found === 'object', String(found)).to.equal(true)
        if (typeof found === 'string') expect(found).to.match(/^(FINGERPRINT|IMAGE|TEXT)_/)
      }),
      { numRuns: 200 },
    )
  })

  it('hashes the same in Node and in browsers', () => {
    for (const size of [0, 1, 55, 56, 63, 64, 65, 1000]) {
      const digests = [createSha256, createSha256InBrowser].map((create) => {
        const hash = create()
        hash.update(noise(size).subarray(0, size >> 1))
        hash.update(noise(size).subarray(size >> 1))
        return hash.digest()
      })
      expect(digests[0]).to.deep.equal(digests[1])
      expect(digests[0]!.constructor).to.equal(Uint8Array)
    }
  })
})

describe('fingerprint: what a file is', () => {
  it('goes by the bytes, and says when the name promises something else', async () => {
    const png = await bytesOf(photo().png())
    const mislabelled = await fingerprint(new File([png], 'coffee.jpg'))
    expect(mislabelled).to.include({ media: 'image', mediaType: 'image/png', declaredType: 'image/jpeg' })
    expect(await fingerprint(new File([png], 'coffee.PNG'))).not.to.have.property('declaredType')
    expect(await fingerprint(new File([png], 'coffee'))).not.to.have.property('declaredType')
    const text = await fingerprint(new File([utf8(essayText)], 'essay.pdf'))
    expect(text).to.include({ media: 'text', mediaType: 'text/plain', declaredType: 'application/pdf' })
    expect(await fingerprint(new File([utf8(essayText)], 'essay.html'))).to.include({ mediaType: 'text/html' })
  })

  const samples: Record<string, Uint8Array> = {
    'application/zip': Uint8Array.of(0x50, 0x4b, 3, 4, 0),
    'application/gzip': Uint8Array.of(0x1f, 0x8b, 8, 0),
    'image/heic': utf8('\0\0\0\u0018ftypheic\0'),
    'image/jxl': Uint8Array.of(0xff, 0x0a, 0),
    'image/bmp': Uint8Array.of(0x42, 0x4d, 9, 9, 0, 0, 0, 0, 0, 0),
    'application/octet-stream': noise(100),
  }
  for (const [mediaType, bytes] of Object.entries(samples)) {
    it(`does not pretend to know copies of ${mediaType}`, async () => {
      const error = await expectError('FINGERPRINT_UNSUPPORTED', () => fingerprint(new File([new Uint8Array(bytes)], 'holiday.jpg')))
      expect(error.details).to.deep.equal({ name: 'holiday.jpg', mediaType, declaredType: 'image/jpeg' })
      expect(error.shortMessage).to.include('named like image/jpeg')
      expect(await fingerprint(bytes, { media: 'data' })).to.include({ media: 'data', mediaType })
    })
  }

  it('refuses another medium than was asked for', async () => {
    const error = await expectError('FINGERPRINT_WRONG_MEDIA', () => fingerprint(ESSAY, { media: 'image' }))
    expect(error.details).to.deep.equal({ name: 'on-colophons.md', wanted: 'image', mediaType: 'text/markdown' })
    await expectError('FINGERPRINT_WRONG_MEDIA', () => fingerprint(PHOTO, { media: 'text' }))
    await expectError('FINGERPRINT_WRONG_MEDIA', () => fingerprint(noise(50), { media: 'image' }))
    expect((await fingerprint(PHOTO, { media: 'image' })).media).to.equal('image')
    expect((await fingerprint(ESSAY, { media: 'text' })).media).to.equal('text')
  })

  it('refuses what is empty, as data too', async () => {
    for (const media of [undefined, 'image', 'text', 'data'] as const) {
      const error = await expectError('FINGERPRINT_EMPTY', () =>
        fingerprint(new File([], 'nothing.txt'), media === undefined ? {} : { media }),
      )
      expect(error.details).to.deep.equal({ name: 'nothing.txt' })
    }
    await expectError('FINGERPRINT_EMPTY', () => fingerprint(inPieces(new Uint8Array(0), [0, 0])))
  })

  it('passes on what is wrong with the source', async () => {
    await expectError('SOURCE_NOT_FOUND', () => fingerprint('/no/such/file.jpg'))
    await expectError('SOURCE_INVALID', () => fingerprint(7 as never))
    const cause = new Error('the cable was pulled')
    const broken = {
      async *open() {
        yield utf8(prose(1, 2000))
        throw cause
      },
    }
    const thrown = await fingerprint(broken).catch((error: unknown) => error)
    expect(thrown).to.equal(cause)
  })
})

describe('fingerprint: a long call', () => {
  const big = 40 << 20
  const chunk = utf8(prose(3, 20_000))

  /** A text of some 40 MiB that remembers how far it was read and whether it was closed. */
  function novel() {
    const state = { read: 0, closed: false }
    return {
      state,
      size: Math.ceil(big / chunk.length) * chunk.length,
      async *open() {
        try {
          while (state.read < big) {
            state.read += chunk.length
            yield chunk
          }
        } finally {
          state.closed = true
        }
      },
    }
  }

  it('says how far it is, never backwards, and when it is done', async function () {
    this.timeout(60_000)
    const source = novel()
    const seen: Progress[] = []
    const { size } = await fingerprint(source, { media: 'data', onProgress: (progress) => seen.push(progress) })
    expect(seen.length).to.be.within(3, 10)
    for (const progress of seen) expect(progress).to.include({ stage: 'read', unit: 'bytes', total: size })
    expect(seen.map(({ done }) => done)).to.deep.equal(seen.map(({ done }) => done).sort((a, b) => a - b))
    expect(seen.at(-1)!.done).to.equal(size)
  })

  it('says so of pictures too, which are read, then decoded', async () => {
    const seen: Progress[] = []
    await fingerprint(PHOTO, { onProgress: (progress) => seen.push(progress) })
    expect(seen).to.deep.equal([
      { stage: 'read', done: photoBytes.length, total: photoBytes.length, unit: 'bytes' },
      { stage: 'decode', done: 0, total: 3, unit: 'steps' },
      { stage: 'decode', done: 1, total: 3, unit: 'steps' },
      { stage: 'decode', done: 2, total: 3, unit: 'steps' },
      { stage: 'decode', done: 3, total: 3, unit: 'steps' },
    ])
  })

  const reason = new Error('no longer wanted')

  it('is not begun when the signal is aborted already', async () => {
    const source = novel()
    expect(await fingerprint(source, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(reason)
    expect(source.state.read).to.equal(0)
  })

  it('ends with the signal’s reason in the middle of a file, and closes it', async () => {
    for (const media of ['text', 'data'] as const) {
      const controller = new AbortController()
      const source = novel()
      const onProgress = ({ done }: Progress): void => {
        if (done > 0) controller.abort(reason)
      }
      const thrown = await fingerprint(source, { media, signal: controller.signal, onProgress }).catch((error: unknown) => error)
      expect(thrown).to.equal(reason)
      expect(source.state.read).to.be.within(1, big / 2)
      expect(source.state.closed).to.equal(true)
    }
  })

  it('ends while a picture is decoded', async () => {
    for (const step of [0, 1, 2]) {
      const controller = new AbortController()
      const onProgress = ({ stage, done }: Progress): void => {
        if (stage === 'decode' && done === step) controller.abort(reason)
      }
      const call: Promise<Fingerprint> = fingerprint(PHOTO, { signal: controller.signal, onProgress })
      expect(await call.catch((error: unknown) => error), `step ${step}`).to.equal(reason)
    }
  })

  it('ends though the source hangs, at the first piece or at a later one', async () => {
    for (const pieces of [0, 1, 3]) {
      const controller = new AbortController()
      let left = pieces
      const source = {
        async *open() {
          while (left-- > 0) yield chunk
          await new Promise(() => undefined)
        },
      }
      const call = fingerprint(source, { signal: controller.signal }).catch((error: unknown) => error)
      setTimeout(() => controller.abort(reason), 30)
      expect(await call).to.equal(reason)
    }
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }) as typeof add
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }) as typeof remove
    await fingerprint(inPieces(chunk, [10, 6000, 20_000]), { signal })
    expect(listeners).to.equal(0)
  })

  it('closes a file that it refuses, or that nobody wants any more', async function () {
    if (process.platform !== 'linux') this.skip()
    const folder = await mkdtemp(join(tmpdir(), 'colophon-refused-'))
    try {
      const path = join(folder, 'archive.zip')
      await writeFile(path, Uint8Array.from([0x50, 0x4b, 3, 4, ...noise(100)].concat(Array(3 << 20).fill(7))))
      await expectError('FINGERPRINT_UNSUPPORTED', () => fingerprint(path))
      await closed(path)
      await expectError('SOURCE_TOO_LARGE', async () => {
        await writeFile(path, Uint8Array.from([...photoBytes, ...new Uint8Array(3 << 20)]))
        await fingerprint(path, { maxBytes: 1000 })
      })
      await closed(path)
      const controller = new AbortController()
      const call = fingerprint(path, { media: 'data', signal: controller.signal }).catch((error: unknown) => error)
      controller.abort(reason)
      expect(await call).to.equal(reason)
      await closed(path)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
