import { expect } from 'chai'
import sharp, { type Sharp } from 'sharp'
import { compare, fingerprint, type ImageFingerprint, type Match } from '../../src/fingerprint/index.ts'
import { expectError } from '../expectError.ts'
import { blobs, bytesOf, PHOTO, photo, photoBytes, synthetic } from './media.ts'

async function image(source: Uint8Array | string): Promise<ImageFingerprint> {
  return (await fingerprint(source)) as ImageFingerprint
}

const [WIDTH, HEIGHT] = [600, 400]

/** The photograph on a larger sheet. */
function on(width: number, height: number, left: number, top: number, picture: Buffer | Uint8Array): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#e9e4d8' } }).composite([{ input: Buffer.from(picture), left, top }])
}

describe('compare: pictures after attacks', function () {
  this.timeout(60_000)
  let original: ImageFingerprint
  before(async () => {
    original = await image(PHOTO)
  })

  async function against(changed: Sharp): Promise<Match> {
    return compare(original, await image(await bytesOf(changed.jpeg({ quality: 85 }))))
  }

  const words = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><text x="50%" y="60" font-size="54" font-weight="bold" text-anchor="middle" fill="white" stroke="black">LOOK AT THIS CUP</text><circle cx="520" cy="330" r="55" fill="crimson"/></svg>`,
  )
  const noisy = (): Sharp => {
    let state = 7
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
      return (state >>> 8) / 2 ** 24
    }
    const grain = Buffer.from(Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () => 128 + (next() - 0.5) * 110))
    return photo().composite([{ input: grain, raw: { width: WIDTH, height: HEIGHT, channels: 3 }, blend: 'soft-light' }])
  }
  const attacks: [string, () => Sharp | Promise<Sharp>, Partial<Pick<NonNullable<Match['area']>, 'degrees' | 'mirrored' | 'inverted'>>?][] =
    [
      ['a crop of 40 % from a corner', () => photo().extract({ left: 240, top: 160, width: 360, height: 240 })],
      ['a crop of 20 % around the centre', () => photo().extract({ left: 60, top: 40, width: 480, height: 320 })],
      ['a turn by 5°, filled', () => photo().rotate(5, { background: '#fff' })],
      ['a turn by 10°', () => photo().rotate(10, { background: '#000' })],
      ['a quarter turn', () => photo().rotate(90), { degrees: 90 }],
      ['half a turn', () => photo().rotate(180), { degrees: 180 }],
      ['a mirror', () => photo().flop(), { mirrored: true, degrees: 0 }],
      ['a flip upside down', () => photo().flip(), { mirrored: true, degrees: 180 }],
      ['a negative', () => photo().negate({ alpha: false }), { inverted: true }],
      [
        'a mirrored negative of a part',
        () => photo().extract({ left: 100, top: 0, width: 420, height: 300 }).flop().negate({ alpha: false }),
        { mirrored: true, inverted: true },
      ],
      ['words and a logo', () => photo().composite([{ input: words }])],
      ['a border', () => photo().extend({ top: 90, bottom: 90, left: 90, right: 90, background: '#274060' })],
      ['a letterbox', () => photo().extend({ top: 120, bottom: 120, background: '#000' })],
      ['a stretch', () => photo().resize(720, 400, { fit: 'fill' })],
      ['heavy blur', () => photo().blur(5)],
      ['grain', noisy],
      ['a poor small JPEG', async () => sharp(await photo().resize(200).jpeg({ quality: 15 }).toBuffer())],
      [
        'a collage',
        async () =>
          on(1200, 800, 600, 400, await photo().toBuffer()).composite([
            { input: Buffer.from(await blobs(4, 600, 400)), left: 0, top: 0 },
            { input: Buffer.from(await synthetic(5, 600, 400)), left: 600, top: 0 },
            { input: Buffer.from(await blobs(6, 600, 400)), left: 0, top: 400 },
            { input: Buffer.from(photoBytes), left: 600, top: 400 },
          ]),
      ],
      [
        'a tilt',
        async () =>
          sharp(
            await photo()
              .affine(
                [
                  [1, 0.15],
                  [0.08, 0.9],
                ],
                { background: '#333' },
              )
              .png()
              .toBuffer(),
          ),
      ],
    ]
  for (const [name, make, expected = {}] of attacks) {
    it(`${name} is recognised, and shown where it is`, async () => {
      const match = await against(await make())
      expect(match.verdict, match.reason).to.equal('copy')
      expect(match.falsePositiveRate).to.be.at.most(2e-6)
      expect(match.reason).to.match(/^[A-Z0-9].*\.$/)
      const area = match.area!
      if (expected.degrees !== undefined) expect(Math.abs(((area.degrees - expected.degrees + 540) % 360) - 180)).to.be.below(1)
      expect(area.mirrored).to.equal(expected.mirrored ?? false)
      expect(area.inverted).to.equal(expected.inverted ?? false)
      for (const { x, y } of area.a) {
        expect(x).to.be.within(0, WIDTH)
        expect(y).to.be.within(0, HEIGHT)
      }
    })
  }

  it('says where a part comes from, to some pixels', async () => {
    const match = await against(photo().extract({ left: 200, top: 120, width: 360, height: 240 }).resize(720))
    const { a, b, scale, shareOfA, shareOfB, foundBy, points, transform: t } = match.area!
    expect(foundBy).to.equal('keypoints')
    expect(scale).to.be.within(1.95, 2.05)
    expect(shareOfA).to.be.within(0.34, 0.38)
    expect(shareOfB).to.be.within(0.95, 1)
    const xs = a.map(({ x }) => x)
    const ys = a.map(({ y }) => y)
    expect(Math.min(...xs)).to.be.within(190, 210)
    expect(Math.max(...xs)).to.be.within(550, 570)
    expect(Math.min(...ys)).to.be.within(110, 130)
    expect(Math.max(...ys)).to.be.within(350, 370)
    expect(b).to.have.length(a.length)
    expect(points.length).to.be.greaterThan(15)
    for (const { a: from, b: to } of points) {
      // The same place: what stands at (x, y) stands at twice the distance from the cut's corner.
      expect(Math.hypot(to.x - (from.x - 200) * 2, to.y - (from.y - 120) * 2)).to.be.below(14)
      const w = t[6] * from.x + t[7] * from.y + t[8]
      expect(Math.hypot((t[0] * from.x + t[1] * from.y + t[2]) / w - to.x, (t[3] * from.x + t[4] * from.y + t[5]) / w - to.y)).to.be.below(
        14,
      )
    }
  })

  it('says the same from the other side', async () => {
    const part = await image(await bytesOf(photo().extract({ left: 200, top: 120, width: 360, height: 240 }).rotate(90).png()))
    const [forth, back] = [compare(original, part), compare(part, original)]
    expect([forth.verdict, back.verdict]).to.deep.equal(['copy', 'copy'])
    expect(forth.area!.degrees).to.be.within(89, 91)
    expect(back.area!.degrees).to.be.within(269, 271)
    expect(back.area!.shareOfB).to.be.closeTo(forth.area!.shareOfA, 0.03)
  })

  it('finds the mirrored and turned whole by its codes where keypoints are missing', async () => {
    // Smooth blobs have hardly a corner.
    const smooth = await blobs(12)
    const a = await image(smooth)
    const b = await image(
      await bytesOf(
        sharp(await sharp(smooth).flop().png().toBuffer())
          .rotate(90)
          .resize(32)
          .png(),
      ),
    )
    const match = compare(a, b)
    expect(match.verdict, match.reason).to.equal('similar')
    expect(match.area!.mirrored).to.equal(true)
    expect(match.layers.find(({ name }) => name === 'views')!.value).to.be.at.most(20)
  })

  it('takes no stranger for a copy', async () => {
    const strangers = [
      ...(await Promise.all(Array.from({ length: 16 }, async (_, seed) => image(await blobs(seed + 30))))),
      ...(await Promise.all([2].map(async (seed) => image(await synthetic(seed, 480, 320))))),
    ]
    for (const [index, stranger] of strangers.entries()) {
      for (const other of [original, ...strangers.slice(0, index)]) {
        const match = compare(other, stranger)
        expect(match.verdict, match.reason).to.not.equal('copy')
        expect(match.falsePositiveRate).to.be.greaterThan(1e-6)
      }
    }
  })

  it('takes different pictures with the same caption for different works that share something', async () => {
    const caption = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><g font-size="56" font-weight="bold" text-anchor="middle" fill="white" stroke="black" stroke-width="2"><text x="300" y="60">WHEN YOU SEE IT</text><text x="300" y="385">SHARE THIS NOW</text></g></svg>`,
    )
    const one = await image(
      await bytesOf(
        photo()
          .composite([{ input: caption }])
          .png(),
      ),
    )
    const other = await image(
      await bytesOf(
        sharp(await blobs(21, WIDTH, HEIGHT))
          .composite([{ input: caption }])
          .png(),
      ),
    )
    const match = compare(one, other)
    expect(match.verdict, match.reason).to.equal('similar')
    expect(match.reason).to.include('caption')
    expect(match.area!.coverage).to.be.below(0.5)
    expect(match.area!.points.length).to.be.greaterThan(10)
    expect(match.layers.find(({ name }) => name === 'keypoints')).to.include({ speaksForCopy: false })
    expect(match.falsePositiveRate).to.be.greaterThan(1e-6)
    // The photograph without the caption is still the same as with it.
    expect(compare(original, one).verdict).to.equal('copy')
  })

  it('compares by signatures where one of the two has nothing else', async () => {
    const signature = (await fingerprint(await bytesOf(photo().resize(300).jpeg()), { layers: 'signature' })) as ImageFingerprint
    for (const match of [compare(original, signature), compare(signature, original)]) {
      expect(match.verdict).to.equal('copy')
      expect(match.layers.map(({ name }) => name)).to.deep.equal(['sha256', 'pdq', 'blockhash', 'iscc-content'])
      expect(match).to.not.have.any.keys('area', 'falsePositiveRate')
    }
  })

  it('gives rates that grow as pictures grow apart', async () => {
    const rates: number[] = []
    for (const blur of [1, 8, 20]) rates.push((await against(photo().blur(blur))).falsePositiveRate!)
    rates.push(compare(original, await image(await blobs(3))).falsePositiveRate!)
    expect([...rates].sort((a, b) => a - b)).to.deep.equal(rates)
    expect(rates.at(-1)).to.be.greaterThan(0.001)
  })

  it('matches no plain picture, whatever part of a picture it may be', async () => {
    const plains = await Promise.all(
      ['white', '#334455'].flatMap((background) =>
        [1, 40, 300].map(async (side) =>
          image(await bytesOf(sharp({ create: { width: side, height: side, channels: 3, background } }).png())),
        ),
      ),
    )
    for (const [index, plain] of plains.entries()) {
      expect(plain.plain).to.equal(true)
      for (const other of [original, ...plains.slice(0, index)]) {
        const match = compare(plain, other)
        expect(match.verdict).to.equal('different')
        expect(match.reason).to.include('too plain')
        expect(match.area).to.equal(undefined)
      }
    }
  })

  it('refuses features that are none', async () => {
    const other = await image(await bytesOf(photo().resize(300).png()))
    for (const local of ['', 'AAAA', '!!', original.features.local!.slice(0, -4), `${original.features.local!.slice(0, -1)}é`]) {
      const broken = { ...other, features: { ...other.features, local } }
      await expectError('FEATURES_INVALID', () => compare(original, broken))
    }
  })
})
