import { bmvbhash } from 'blockhash-core'
import { expect } from 'chai'
import fc from 'fast-check'
import sharp from 'sharp'
import { blockhash } from '../../src/fingerprint/image/blockhash.ts'
import { scan } from '../../src/fingerprint/image/scan.ts'
import { compare, fingerprint, type ImageFingerprint } from '../../src/fingerprint/index.ts'
import { isccDistance } from '../../src/iscc/index.ts'
import { expectError } from '../expectError.ts'
import { blobs, bytesOf, PHOTO, photo, photoBytes, synthetic } from './media.ts'
import { numbers } from './recordings.ts'

async function image(bytes: Uint8Array | string): Promise<ImageFingerprint> {
  return (await fingerprint(bytes)) as ImageFingerprint
}

function bitsApart(a: string, b: string): number {
  let different = BigInt(a) ^ BigInt(b)
  let count = 0
  for (; different > 0n; different &= different - 1n) count++
  return count
}

describe('fingerprint: pictures', () => {
  it('says what the file is, and gives codes of 256 bits', async () => {
    const found = await image(PHOTO)
    expect(found.media).to.equal('image')
    expect(found.mediaType).to.equal('image/jpeg')
    expect(found.declaredType).to.equal(undefined)
    expect(found.size).to.equal(photoBytes.length)
    expect(found.sha256).to.equal('0xd5bd7fd857af8d8322d633e67163a08b5428392ad741ea3220f4112d825d1b52')
    expect(found.code).to.deep.equal({ type: 1, name: 'PDQ-256', bits: found.features.pdq })
    expect(found.features).to.include({ width: 600, height: 400, frames: 1, pdqQuality: 100 })
    expect(found.plain).to.equal(false)
    expect(found.iscc).to.match(/^ISCC:K[A-Z2-7]+$/)
    expect(Object.keys(found.units)).to.deep.equal(['content', 'data', 'instance'])
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found)
  })

  it('gives the codes that the published implementations give', async () => {
    // Figures by pdqhash 0.2.8 (Meta's C++), and by iscc-sdk 0.9.7 with Pillow 13.0.0 and iscc-core 1.3.0, on the same files.
    for (const [seed, width, height, pdq, isccContent] of REFERENCE) {
      const found = await image(await synthetic(seed, width, height))
      expect(found.features.pdq).to.equal(pdq)
      expect(found.units.content).to.equal(isccContent)
    }
  })

  it('gives blockhash-core’s bits, whatever the size and however dark, light or transparent', () => {
    const levels = fc.constantFrom([0, 255], [0, 3], [250, 255], [127, 128])
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 90 }),
        fc.integer({ min: 16, max: 90 }),
        levels,
        fc.nat(),
        (width, height, [low, high], seed) => {
          const noise = numbers(seed)
          const data = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
            at % 4 === 3 ? (noise() < 0.1 ? 0 : 255) : Math.round(low! + noise() * (high! - low!)),
          )
          const picture = { width, height, data }
          const code = blockhash(picture, scan(picture, { blocks: true }).blocks)
          expect(Buffer.from(code!).toString('hex')).to.equal(bmvbhash(picture, 16))
        },
      ),
      { numRuns: 300 },
    )
    const narrow = { width: 15, height: 20, data: new Uint8Array(1200) }
    expect(blockhash(narrow, scan(narrow, { blocks: true }).blocks)).to.equal(undefined)
  })

  it('is the same for the same pixels, however the bytes come and whatever they are wrapped in', async () => {
    const pixels = await bytesOf(photo().png())
    const a = await image(pixels)
    for (const wrapped of [
      await bytesOf(sharp(pixels).webp({ lossless: true })),
      await bytesOf(sharp(pixels).tiff({ compression: 'lzw' })),
      await bytesOf(sharp(pixels).png({ compressionLevel: 0 })),
    ]) {
      const b = await image(wrapped)
      expect(b.features).to.deep.equal(a.features)
      expect(b.units.content).to.equal(a.units.content)
    }
    const inPieces = await fingerprint({
      async *open() {
        for (let at = 0; at < pixels.length; at += 1013) yield pixels.subarray(at, at + 1013)
      },
    })
    expect(inPieces).to.deep.equal(a)
    expect(await fingerprint(new Blob([pixels]))).to.deep.equal(a)
  })

  it('goes by what a viewer shows: turned by EXIF, on white where transparent, first frame', async () => {
    const upright = await image(await bytesOf(photo().png()))
    // Orientation 6: viewers turn the stored pixels by 90° clockwise.
    const turned = await image(
      await bytesOf(
        sharp(await bytesOf(photo().rotate(-90).png()))
          .withMetadata({ orientation: 6 })
          .png(),
      ),
    )
    expect(turned.features.pdq).to.equal(upright.features.pdq)
    expect([turned.features.width, turned.features.height]).to.deep.equal([600, 400])

    const disc = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><circle cx="80" cy="90" r="60" fill="navy"/></svg>'
    const transparent = await image(await bytesOf(sharp(Buffer.from(disc)).png()))
    const onWhite = await image(await bytesOf(sharp(Buffer.from(disc)).flatten({ background: 'white' }).png()))
    expect(transparent.features.pdq).to.equal(onWhite.features.pdq)
    // libvips and Pillow, whom ISCC follows, round the blend differently by one grey level.
    expect(isccDistance(transparent.units.content!, onWhite.units.content!)).to.be.at.most(8)

    const [first, second] = [await blobs(1, 120, 90), await blobs(2, 120, 90)]
    const still = await image(await bytesOf(sharp(first).gif()))
    const animated = await image(await bytesOf(sharp([first, second], { join: { animated: true } }).gif()))
    expect(animated.features.frames).to.equal(2)
    expect([animated.features.width, animated.features.height]).to.deep.equal([120, 90])
    expect(bitsApart(animated.features.pdq, still.features.pdq)).to.be.at.most(10)
  })

  it('reads grey, 16-bit, palette, CMYK and AVIF pictures', async () => {
    const original = await image(PHOTO)
    for (const [name, changed] of [
      ['grey', photo().greyscale().png()],
      ['16-bit', photo().toColourspace('rgb16').png()],
      ['palette', photo().png({ palette: true })],
      ['CMYK', photo().toColourspace('cmyk').jpeg()],
      ['AVIF', photo().avif({ quality: 60 })],
    ] as const) {
      const found = await image(await bytesOf(changed))
      expect(compare(original, found).verdict, name).to.equal('copy')
    }
  })

  it('recognises copies: re-encoded, resized, brightened, greyed, blurred', async () => {
    const original = await image(PHOTO)
    for (const [name, changed] of [
      ['poor JPEG', photo().jpeg({ quality: 10 })],
      ['half the size', photo().resize(300).jpeg()],
      ['an eighth of the size', photo().resize(75).png()],
      ['twice the size', photo().resize(1200).webp()],
      ['brighter', photo().modulate({ brightness: 1.3 }).jpeg()],
      ['blurred', photo().blur(3).jpeg()],
      ['stretched', photo().resize(600, 480, { fit: 'fill' }).jpeg()],
    ] as const) {
      const match = compare(original, await image(await bytesOf(changed)))
      expect(match.verdict, `${name}: ${match.reason}`).to.equal('copy')
      expect(match.layers.map((layer) => layer.name)).to.deep.equal(['sha256', 'pdq', 'views', 'keypoints', 'blockhash', 'iscc-content'])
    }
  })

  it('accuses no stranger', async () => {
    const strangers = await Promise.all(Array.from({ length: 60 }, async (_, seed) => image(await blobs(seed + 10))))
    const original = await image(PHOTO)
    for (const [index, stranger] of strangers.entries()) {
      expect(compare(original, stranger).verdict).to.equal('different')
      for (const other of strangers.slice(0, index)) expect(compare(stranger, other).verdict).to.not.equal('copy')
    }
  })

  it('says when a picture is too plain, and then matches nothing but itself', async () => {
    const white = await image(await bytesOf(sharp({ create: { width: 300, height: 200, channels: 3, background: 'white' } }).png()))
    const pixel = await image(await bytesOf(sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).png()))
    const cream = await image(await bytesOf(sharp({ create: { width: 320, height: 200, channels: 3, background: '#fffef8' } }).png()))
    for (const plain of [white, pixel, cream]) {
      expect(plain.plain).to.equal(true)
      expect(compare(plain, plain).verdict).to.equal('identical')
      expect(compare(plain, await image(PHOTO)).verdict).to.equal('different')
    }
    expect(compare(white, cream)).to.deep.include({
      verdict: 'different',
      reason: 'Both works are too plain to recognise copies of; only identical files match, and these differ.',
    })
    expect(pixel.features.blockhash).to.equal(undefined)
  })

  it('refuses pictures that are empty, cut short, damaged or no pictures', async () => {
    await expectError('FINGERPRINT_EMPTY', () => fingerprint(new Uint8Array(0)))
    for (const share of [0.02, 0.3, 0.9]) {
      const error = await expectError('IMAGE_UNREADABLE', () => fingerprint(photoBytes.subarray(0, photoBytes.length * share)))
      expect(error.hint).to.include('damaged')
    }
    const png = await bytesOf(photo().png())
    png[png.length >> 1]! ^= 0xff
    await expectError('IMAGE_UNREADABLE', () => fingerprint(png))
    await expectError('IMAGE_UNREADABLE', () => fingerprint(Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3)))
  })

  it('refuses decompression bombs by their claim, before a pixel is decoded', async () => {
    const bomb = await bytesOf(
      sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: 'black' }, limitInputPixels: false }).png({
        compressionLevel: 9,
      }),
    )
    expect(bomb.length).to.be.lessThan(2_000_000)
    const before = process.memoryUsage().rss
    const error = await expectError('IMAGE_TOO_LARGE', () => fingerprint(bomb))
    expect(error.details).to.include({ maxPixels: 100_000_000 })
    expect(process.memoryUsage().rss - before).to.be.lessThan(200 << 20)
    await expectError('IMAGE_TOO_LARGE', () => fingerprint(PHOTO, { maxPixels: 239_999 }))
    expect((await fingerprint(PHOTO, { maxPixels: 240_000 })).media).to.equal('image')
    await expectError('SOURCE_TOO_LARGE', () => fingerprint(PHOTO, { maxBytes: photoBytes.length - 1 }))
  })
})

/** Seed, width, height; PDQ; ISCC Image-Code. */
const REFERENCE: [number, number, number, string, string][] = [
  [
    1,
    256,
    256,
    '0x5351ae574ab894c3291e5270a4dec9b79b6c36b3a5ee29d8eab7482e416c5748',
    'ISCC:EEDYQCI3HL3A3O6HCIJDM5HNDJ3Y6CI2HLTA3O6HDMJDM5GNDJ3Y4NQ',
  ],
  [
    2,
    400,
    300,
    '0x5528b6f3556eab5102a75658bcb315afa74c2cd8a893fab7c32e19687968c348',
    'ISCC:EEDYWCI3DM5PNZQNCMJBMNTV5XGRWCI3DM5PNZQNHEJBMNTV5XERWMY',
  ],
  [
    3,
    512,
    384,
    '0x8893b9a7792ccbd893b3352f674e8e582c9168b3c9a703264f6edd685948db48',
    'ISCC:EEDYSCILDM5TV5XGCILBMNTWOTW42CILDM5TV5XGYQJBMNTWOTW43CI',
  ],
  [
    5,
    300,
    500,
    '0x7ef34ca7d5afbd4c355861d9aa914ab34aa706a6ffae492cc92cd9281b084748',
    'ISCC:EEDYWCYLBMNDV6X2CYLBMFRUOX27KCYLBMNDUOX26YLBIFRUOR27L3I',
  ],
  [
    7,
    64,
    64,
    '0x556ee5eec75c8dd88ad1089328b72ca77fa75cae5028e12cf8607d287d48cd68',
    'ISCC:EEDZ6CYLDMNTUOR2HYLRMFRWOR2HKCYLDMNTUOR27ILRMFRWOQ2HL5I',
  ],
  [
    11,
    509,
    211,
    '0xeb91a891eab3eab3fba74ba6282e4b2e182e4b2c23687b68596c4f485b585b68',
    'ISCC:EEDZ6CYLBMNRWGZ3DYLBMFRWG43HOCY3BMNRWGZ3HMLBMFRWG43HO5A',
  ],
]
