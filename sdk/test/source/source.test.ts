import { chmod, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type ByteSource, openSource } from '../../src/source/index.ts'
import { openPath as openPathInBrowser } from '../../src/source/path.browser.ts'
import { expectError } from '../expectError.ts'
import { closed, timesOpen } from '../openFiles.ts'

/** Larger than what any of the readers hands out at once. */
const BYTES = Uint8Array.from({ length: (5 << 20) / 2 + 3 }, (_, index) => (index * 7 + (index >> 11)) & 255)

async function all(source: ByteSource): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('source: opening', () => {
  let folder: string
  let path: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-source-'))
    path = join(folder, 'a work.bin')
    await writeFile(path, BYTES)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const kinds: Record<string, () => string | Uint8Array | Blob | ByteSource> = {
    path: () => path,
    Uint8Array: () => BYTES,
    Buffer: () => Buffer.from(BYTES),
    'view into a larger buffer': () => {
      const larger = new Uint8Array(BYTES.length + 20)
      larger.set(BYTES, 10)
      return larger.subarray(10, 10 + BYTES.length)
    },
    Blob: () => new Blob([BYTES]),
    File: () => new File([BYTES], 'a work.bin'),
    'object with open()': () => ({
      async *open() {
        yield BYTES.subarray(0, 1)
        yield BYTES.subarray(1)
      },
    }),
  }

  for (const [kind, make] of Object.entries(kinds)) {
    it(`gives the same bytes of a ${kind}, and again from the start`, async () => {
      const source = await openSource(make())
      expect((await all(source)).equals(BYTES)).to.equal(true)
      expect((await all(source)).equals(BYTES)).to.equal(true)
    })

    it(`may be left early: ${kind}`, async () => {
      const source = await openSource(make())
      for await (const chunk of source.open()) {
        expect(chunk.length).to.be.greaterThan(0)
        break
      }
      expect((await all(source)).equals(BYTES)).to.equal(true)
    })
  }

  it('knows size and name where there are any', async () => {
    expect(await openSource(path)).to.include({ name: 'a work.bin', size: BYTES.length })
    expect(await openSource(new File([BYTES], 'photo.jpg'))).to.include({ name: 'photo.jpg', size: BYTES.length })
    const blob = await openSource(new Blob([BYTES]))
    expect(blob.size).to.equal(BYTES.length)
    expect(blob).not.to.have.property('name')
    expect(await openSource(BYTES)).to.include({ size: BYTES.length })
  })

  it('opens empty sources', async () => {
    const empty = join(folder, 'empty')
    await writeFile(empty, '')
    for (const source of [empty, new Uint8Array(0), new Blob([])]) expect((await all(await openSource(source))).length).to.equal(0)
  })

  it('follows a link', async () => {
    const link = join(folder, 'link')
    await symlink(path, link)
    expect((await all(await openSource(link))).length).to.equal(BYTES.length)
  })

  it('closes the file when it is read, and when it is left early', async function () {
    if (process.platform !== 'linux') this.skip()
    // The probe sees a file that is held open.
    const file = await open(path)
    expect(await timesOpen(path)).to.equal(1)
    await file.close()
    const source = await openSource(path)
    expect(await timesOpen(path)).to.equal(0)
    await all(source)
    await closed(path)
    for await (const _ of source.open()) break
    await closed(path)
  })
})

describe('source: what is no source', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-source-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('is a path without a file', async () => {
    const path = join(folder, 'absent.jpg')
    const error = await expectError('SOURCE_NOT_FOUND', () => openSource(path))
    expect(error.details).to.deep.equal({ path })
    expect((error.cause as NodeJS.ErrnoException).code).to.equal('ENOENT')
    await writeFile(join(folder, 'file'), 'x')
    await expectError('SOURCE_NOT_FOUND', () => openSource(join(folder, 'file', 'below')))
    await expectError('SOURCE_NOT_FOUND', () => openSource(''))
  })

  it('is a folder, or a device', async () => {
    const error = await expectError('SOURCE_NOT_READABLE', () => openSource(folder))
    expect(error.hint).to.include('folder')
    await expectError('SOURCE_NOT_READABLE', () => openSource('/dev/null'))
  })

  it('is a path that no file can have', async () => {
    const error = await expectError('SOURCE_NOT_READABLE', () => openSource('a\0b'))
    expect(error.details.errno).to.equal('ERR_INVALID_ARG_VALUE')
    await expectError('SOURCE_NOT_READABLE', () => openSource('x'.repeat(10_000)))
  })

  it('is a file that nobody may read', async () => {
    const path = join(folder, 'secret')
    await writeFile(path, 'x')
    await chmod(path, 0)
    await chmod(folder, 0o755)
    const source = await openSource(path)
    // A superuser may read everything, so the test is somebody else for a moment.
    const superuser = process.geteuid?.() === 0
    if (superuser) process.seteuid!(65534)
    try {
      const error = await expectError('SOURCE_NOT_READABLE', () => all(source))
      expect(error.details).to.deep.equal({ path, errno: 'EACCES' })
      expect(error.hint).to.include('permission')
    } finally {
      if (superuser) process.seteuid!(0)
    }
  })

  it('is a file that is gone when it is read', async () => {
    const path = join(folder, 'gone')
    await writeFile(path, 'x')
    const source = await openSource(path)
    await rm(path)
    const error = await expectError('SOURCE_NOT_READABLE', () => all(source))
    expect(error.details.errno).to.equal('ENOENT')
  })

  for (const [what, value] of Object.entries({
    'a number': 7,
    null: null,
    undefined: undefined,
    'a plain object': {},
    'an array': [1, 2, 3],
    'an ArrayBuffer': new ArrayBuffer(4),
    'open that is no function': { open: 'yes' },
  })) {
    it(`is ${what}`, async () => {
      const error = await expectError('SOURCE_INVALID', () => openSource(value as never))
      expect(error.details.type).to.equal(value === null ? 'null' : typeof value)
    })
  }

  it('is an object whose open() gives something else than bytes', async () => {
    const wrong = [
      { open: () => 7 },
      { open: () => undefined },
      { open: () => ['text'] },
      { open: () => new Blob(['x']) },
      {
        async *open() {
          yield new Uint8Array(3)
          yield [1, 2, 3]
        },
      },
    ]
    for (const source of wrong) await expectError('SOURCE_INVALID', async () => all(await openSource(source as never)))
  })

  it('is a path in a browser', async () => {
    const error = await expectError('SOURCE_NOT_READABLE', () => openPathInBrowser('photo.jpg'))
    expect(error.details).to.deep.equal({ path: 'photo.jpg' })
  })

  it('is a Blob that can no longer be read', async () => {
    const broken = new Blob(['x'])
    const cause = new DOMException('The file was changed', 'NotReadableError')
    broken.stream = () => new ReadableStream({ start: (controller) => controller.error(cause) })
    const error = await expectError('SOURCE_NOT_READABLE', async () => all(await openSource(broken)))
    expect(error.cause).to.equal(cause)
  })
})
