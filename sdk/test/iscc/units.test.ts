import { expect } from 'chai'
import fc from 'fast-check'
import {
  blake3,
  createBlake3,
  createDataCode,
  createInstanceCode,
  createVideoCode,
  decodeUnit,
  genAudioCode,
  genDataCode,
  genImageCode,
  genInstanceCode,
  genMetaCode,
  genMixedCode,
  genSumCode,
  genVideoCode,
  isccDistance,
  softHashAudio,
  xxh32,
} from '../../src/iscc/index.ts'
import { expectCode, expectRejectionCode } from './expectCode.ts'

/** Reproducible bytes from a linear congruential generator. */
function noise(seed: number, size: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state >>> 24
  })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Cuts bytes into pieces of the given sizes, over and over. */
function* inPieces(bytes: Uint8Array, sizes: number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!
    yield bytes.subarray(at, at + size)
    at += size
  }
}

describe('iscc: Data-Code', () => {
  // Computed with the reference implementation.
  const known: [Uint8Array, string][] = [
    [noise(1, 1_000_000), 'ISCC:GAD4A2B7KMMP7CTYCY5F7UMYFO6H5QTXRXC36I6E2Z2US3HXZATZXKA'],
    [noise(7, 8_192), 'ISCC:GAD4R3TR6GZDLSGTYWSL554EMMMGS5Y3PMMAJ3LTQFWVIWZZTEIPJAQ'],
    [noise(7, 8_193), 'ISCC:GAD6RZRROGZDP2GTQWSLM54EMMNGSNY3MOMCJ33RQUGVYAZZTEJPNBY'],
    [noise(9, 255), 'ISCC:GAD4DPUSREBAOISDAFHXDDSRLIQ7E7QFZWABEN4IXRPKXVJO3OZAE3A'],
    [noise(9, 257), 'ISCC:GAD7AK7DVI7A7BR5OGHUJWJHBYJKS4SSH6ASXYRTOSVVMHPQMI5LRNQ'],
    [new Uint8Array(20_000), 'ISCC:GADSJMFNIEXKLYIO66UAWHPDEKXRSQ47PE3KDURDT5UGYJ3LTTX5HMY'],
    [new Uint8Array(100_000).fill(65), 'ISCC:GADUUCS4H52XFDFF7OKRCRZKGC4OJAHA5ULUDL7RI7HGQZVQ3RMEKJI'],
  ]

  it('is what the reference computes, at chunk borders too', () => {
    for (const [data, iscc] of known) expect(genDataCode(data, { bits: 256 }).iscc).to.equal(iscc)
  })

  it('does not depend on how the bytes are delivered', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...known.slice(1)),
        fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 5 }),
        ([data, iscc], sizes) => {
          const hasher = createDataCode()
          for (const piece of inPieces(data, sizes)) hasher.update(piece.slice())
          expect(hasher.code({ bits: 256 }).iscc).to.equal(iscc)
        },
      ),
    )
    const hasher = createDataCode()
    for (const piece of inPieces(known[5]![0], [1])) hasher.update(piece)
    expect(hasher.code({ bits: 256 }).iscc).to.equal(known[5]![1])
  })

  it('stays near when some bytes are inserted', () => {
    const data = noise(5, 300_000)
    const edited = new Uint8Array(300_003)
    edited.set(data.subarray(0, 100_000))
    edited.set(data.subarray(100_000), 100_003)
    const [a, b, c] = [data, edited, noise(6, 300_000)].map((bytes) => genDataCode(bytes, { bits: 256 }).iscc) as [string, string, string]
    expect(isccDistance(a, b)).to.be.below(16)
    expect(isccDistance(a, c)).to.be.above(80)
  })

  it('gives the digest again but takes no more bytes after it', () => {
    const hasher = createDataCode()
    hasher.update(Uint8Array.of(0xff, 0))
    hasher.digest().fill(0)
    expect(hasher.code().iscc).to.equal('ISCC:GAAXL2XYM5BQIAZ3')
    expectCode(() => hasher.update(new Uint8Array(1)), 'ISCC_FINISHED')
    expect(hasher.code({ bits: 64 }).iscc).to.equal('ISCC:GAAXL2XYM5BQIAZ3')
    expectCode(() => hasher.code({ bits: 63 }), 'ISCC_INVALID_BITS')
    expectCode(() => genDataCode('text' as unknown as Uint8Array), 'ISCC_INVALID_INPUT')
  })
})

describe('iscc: Instance-Code', () => {
  it('is what the reference computes', () => {
    expect(genInstanceCode(noise(1, 1_000_000), { bits: 256 })).to.deep.equal({
      iscc: 'ISCC:IADYZRIJZV3JJR6JYBHIUZSKJZRMQLXJLAP5K6MCG7VVZ42SWVINGUI',
      datahash: '1e208cc509cd7694c7c9c04e8a664a4e62c82ee9581fd5798237eb5cf352b550d351',
      filesize: 1_000_000,
    })
    expectCode(() => createInstanceCode().update('x' as unknown as Uint8Array), 'ISCC_INVALID_INPUT')
    expectCode(() => genInstanceCode(new Uint8Array(1), { bits: 0 }), 'ISCC_INVALID_BITS')
  })

  // The first bytes of the official BLAKE3 test vectors: byte i of the input is i mod 251.
  const VECTORS: Record<number, string> = {
    0: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    1: '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213',
    1023: '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11',
    1024: '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7',
    1025: 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444',
    2048: 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a',
    2049: '5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030',
    31744: '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47',
    102400: 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085',
  }

  it('hashes as the official BLAKE3 vectors say, in any pieces', () => {
    for (const [size, digest] of Object.entries(VECTORS)) {
      const input = Uint8Array.from({ length: Number(size) }, (_, i) => i % 251)
      expect(hex(blake3(input)), size).to.equal(digest)
      for (const sizes of [[1], [64], [63, 2], [1024], [1025, 0, 3000]]) {
        const hash = createBlake3()
        for (const piece of inPieces(input, sizes)) {
          hash.update(piece)
          // A digest on the way must not disturb what follows.
          if (piece.length > 1000) hash.digest()
        }
        expect(hex(hash.digest()), `${size} in ${sizes}`).to.equal(digest)
      }
    }
  })
})

describe('iscc: xxHash32', () => {
  it('gives the known values, at any offset', () => {
    const text = new TextEncoder().encode('..Nobody inspects the spammish repetition')
    expect(xxh32(text, 2)).to.equal(0xe2293b2f)
    expect(xxh32(new Uint8Array(0))).to.equal(0x02cc5d05)
    expect(xxh32(text, 2, 3)).to.equal(xxh32(new TextEncoder().encode('N')))
  })
})

describe('iscc: Image-Code', () => {
  const pixels = Array.from({ length: 1024 }, (_, i) => (i * i * 7 + (i >> 5) * 13) & 255)

  it('has 64 bits in common in both layouts and different ones beyond', () => {
    const [shifted, tiled] = (['shifted', 'tiled'] as const).map((squares) => genImageCode(pixels, { bits: 256, squares }).iscc) as [
      string,
      string,
    ]
    expect(genImageCode(pixels, { bits: 256 }).iscc).to.equal(shifted)
    expect(shifted).not.to.equal(tiled)
    expect(decodeUnit(shifted).digest.slice(0, 8)).to.deep.equal(decodeUnit(tiled).digest.slice(0, 8))
  })

  it('shifts with the picture, not with its brightness', () => {
    const brighter = pixels.map((value) => Math.min(255, Math.round(value * 0.9 + 12)))
    expect(isccDistance(genImageCode(pixels, { bits: 256 }).iscc, genImageCode(brighter, { bits: 256 }).iscc)).to.be.below(12)
    expect(isccDistance(genImageCode(pixels, { bits: 256 }).iscc, genImageCode([...pixels].reverse(), { bits: 256 }).iscc)).to.be.above(40)
  })

  it('takes bytes as well as numbers and refuses all but 1,024 grey values', () => {
    expect(genImageCode(Uint8Array.from(pixels))).to.deep.equal(genImageCode(pixels))
    for (const wrong of [
      pixels.slice(1),
      [...pixels, 0],
      [],
      pixels.with(5, 256),
      pixels.with(5, -1),
      pixels.with(5, 0.5),
      pixels.with(5, Number.NaN),
    ]) {
      expectCode(() => genImageCode(wrong), 'ISCC_INVALID_INPUT')
    }
    expectCode(() => genImageCode(pixels, { bits: 320 }), 'ISCC_INVALID_BITS')
  })
})

describe('iscc: Audio-Code', () => {
  it('has its shorter codes as prefixes of the longer', () => {
    const features = Array.from({ length: 100 }, (_, i) => Math.imul(i, 0x9e3779b1))
    const digest = softHashAudio(features)
    for (const bits of [32, 64, 96, 128, 160, 192, 224, 256]) {
      expect(decodeUnit(genAudioCode(features, { bits }).iscc).digest).to.deep.equal(digest.slice(0, bits / 8))
    }
    expect(softHashAudio(Int32Array.from(features))).to.deep.equal(digest)
  })

  it('refuses what is no signed 32-bit integer', () => {
    for (const wrong of [0x80000000, -0x80000001, 0.5, Number.NaN, '7' as unknown as number]) {
      expectCode(() => genAudioCode([1, wrong]), 'ISCC_INVALID_INPUT')
    }
  })
})

describe('iscc: Video-Code', () => {
  const frame = (seed: number) => Array.from(noise(seed, 380), (byte) => byte % 3)

  it('counts a repeated frame once, and no order', () => {
    const frames = [1, 2, 3, 4].map(frame)
    const code = genVideoCode(frames, { bits: 256 })
    expect(genVideoCode([...frames, frames[0]!, frames[2]!], { bits: 256 })).to.deep.equal(code)
    expect(genVideoCode([...frames].reverse(), { bits: 256 })).to.deep.equal(code)
    expect(genVideoCode([...frames, frame(9)], { bits: 256 })).not.to.deep.equal(code)
    const hasher = createVideoCode()
    for (const signature of frames) hasher.update(Uint8Array.from(signature))
    expect(hasher.code({ bits: 256 })).to.deep.equal(code)
  })

  it('refuses no frames and frames that are no signatures', () => {
    expectCode(() => genVideoCode([]), 'ISCC_INVALID_INPUT')
    for (const wrong of [frame(1).slice(1), [...frame(1), 0], frame(1).with(3, -1), frame(1).with(3, 0.5), frame(1).with(3, 65_536)]) {
      expectCode(() => genVideoCode([frame(2), wrong]), 'ISCC_INVALID_INPUT')
    }
  })
})

describe('iscc: Mixed-Code', () => {
  it('refuses fewer than two codes, other codes and shorter ones', () => {
    const image = genImageCode(new Uint8Array(1024), { bits: 128 }).iscc
    const audio = genAudioCode([1, 2, 3], { bits: 64 }).iscc
    expect(genMixedCode([image, audio]).parts).to.deep.equal([image, audio])
    for (const codes of [[], [image]]) expectCode(() => genMixedCode(codes), 'ISCC_INCOMPATIBLE')
    expectCode(() => genMixedCode([image, audio], { bits: 128 }), 'ISCC_INCOMPATIBLE')
    expectCode(() => genMixedCode([image, genDataCode(new Uint8Array(1)).iscc]), 'ISCC_INCOMPATIBLE')
    expectCode(() => genMixedCode([image, audio.slice(0, -8)]), 'ISCC_INCOMPATIBLE')
    expectCode(() => genMixedCode([image, 'ISCC:1']), 'ISCC_MALFORMED')
  })
})

describe('iscc: Meta-Code', () => {
  it('reads data URLs in base64 and percent-encoded', () => {
    const inBase64 = genMetaCode('Hello', { meta: 'data:application/json;charset=utf-8;base64,eyJzb21lIjogIm9iamVjdCJ9' })
    const inPercent = genMetaCode('Hello', { meta: 'data:application/json;charset=utf-8,%7B%22some%22:%20%22object%22%7d' })
    expect(inPercent.iscc).to.equal(inBase64.iscc)
    expect(inPercent.metahash).to.equal(inBase64.metahash)
    expect(genMetaCode('Hello', { meta: {}, description: 'd' })).to.deep.equal(genMetaCode('Hello', { description: 'd' }))
    expect(genMetaCode('Hello', { meta: '' })).to.deep.equal(genMetaCode('Hello'))
  })

  it('hashes the metadata of an object whatever the order of its keys', () => {
    const code = genMetaCode('Hello', { meta: { b: [1, { d: null, c: 'x' }], a: true } })
    expect(genMetaCode('Hello', { meta: { a: true, b: [1, { c: 'x', d: null }] } })).to.deep.equal(code)
    expect(Buffer.from(code.meta!.split(',')[1]!, 'base64').toString()).to.equal('{"a":true,"b":[1,{"c":"x","d":null}]}')
  })

  it('takes similar names for similar', () => {
    const [a, b, c] = ['The Unending Story', 'The Unending Story (2nd ed.)', 'Gardening for beginners'].map(
      (name) => genMetaCode(name, { bits: 256 }).iscc,
    ) as [string, string, string]
    expect(isccDistance(a, b)).to.be.below(isccDistance(a, c))
  })

  it('refuses an empty name and metadata that it cannot hash', () => {
    for (const name of ['', ' \n ', '\u0000\u200b']) expectCode(() => genMetaCode(name), 'ISCC_INVALID_INPUT')
    const cycle: Record<string, never> = {}
    ;(cycle as Record<string, unknown>).self = cycle
    const bad: unknown[] = [
      'no data URL',
      'data:text/plain;base64,***',
      'data:text/plain,%4',
      'data:text/plain,%zz',
      [1],
      7,
      { a: Number.NaN },
      { a: undefined },
      { a: 1n },
      { a: '\ud800' },
      { '\ud800': 1 },
      cycle,
      { a: 'x'.repeat(128_000) },
      `data:text/plain,${'x'.repeat(128_001)}`,
    ]
    for (const meta of bad) expectCode(() => genMetaCode('Name', { meta: meta as string }), 'ISCC_INVALID_INPUT')
    expectCode(() => genMetaCode('Name', { bits: 48 }), 'ISCC_INVALID_BITS')
  })
})

describe('iscc: Data- and Instance-Code in one pass', () => {
  const data = noise(1, 1_000)
  const wide = 'ISCC:K4ALFNZKASWPA7CNVC7RRAL7PCGM4FZWSQIURR6OUO3NTVCNHZ7APSY'

  it('gives the codes of the single calls from any kind of source', async () => {
    const expected = {
      iscc: 'ISCC:KUALFNZKASWPA7CNC43JIEKIY7HKG',
      dataCode: genDataCode(data, { bits: 128 }).iscc,
      instanceCode: genInstanceCode(data, { bits: 128 }).iscc,
      datahash: genInstanceCode(data).datahash,
      filesize: 1_000,
    }
    const stream = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of inPieces(data, [300])) controller.enqueue(piece)
          controller.close()
        },
      })
    async function* slow() {
      yield* inPieces(data, [7])
    }
    const readerOnly = { getReader: () => stream().getReader() } as unknown as ReadableStream<Uint8Array>
    for (const source of [data, [data.subarray(0, 500), data.subarray(500)], slow(), stream(), readerOnly]) {
      expect(await genSumCode(source, { bits: 128 })).to.deep.equal(expected)
    }
    expect((await genSumCode(data, { bits: 128, wide: true })).iscc).to.equal(wide)
    expect((await genSumCode([])).filesize).to.equal(0)
  })

  it('reports what is done and stops at an abort, releasing the stream', async () => {
    const seen: number[] = []
    await genSumCode(new Uint8Array(20 << 20), { onProgress: ({ done }) => seen.push(done) })
    expect(seen.at(-1)).to.equal(20 << 20)
    expect(seen).to.have.length.above(2)

    const controller = new AbortController()
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (queue) => queue.enqueue(new Uint8Array(4 << 20)),
      cancel: () => {
        cancelled = true
      },
    })
    const reason = new Error('enough')
    const call = genSumCode(endless, { signal: controller.signal, onProgress: () => controller.abort(reason) })
    expect(await call.catch((error: unknown) => error)).to.equal(reason)
    expect(cancelled).to.equal(true)
  })

  it('lets a timer abort the hashing of one large buffer', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 1)
    const error = await genSumCode(new Uint8Array(256 << 20), { signal: controller.signal }).catch((reason: unknown) => reason)
    expect(error).to.have.property('name', 'AbortError')
  })

  it('refuses lengths that make no ISCC-CODE and pieces that are no bytes', async () => {
    await expectRejectionCode(genSumCode(data, { bits: 32 }), 'ISCC_INVALID_BITS')
    await expectRejectionCode(genSumCode(data, { bits: 64, wide: true }), 'ISCC_INVALID_BITS')
    await expectRejectionCode(genSumCode(['text'] as unknown as Uint8Array[]), 'ISCC_INVALID_INPUT')
    await expectRejectionCode(genSumCode(7 as unknown as Uint8Array), 'ISCC_INVALID_INPUT')
  })
})
