import { expect } from 'chai'
import fc from 'fast-check'
import {
  compareIscc,
  decodeIsccSequence,
  decodeUnit,
  decomposeIscc,
  encodeIsccSequence,
  encodeUnit,
  explainIscc,
  genIsccCode,
  hammingDistance,
  type IsccUnit,
  isCanonicalIscc,
  isccDistance,
  normalizeIscc,
} from '../../src/iscc/index.ts'
import { expectCode } from './expectCode.ts'

const TYPES = [
  ['META', 'NONE'],
  ['DATA', 'NONE'],
  ['INSTANCE', 'NONE'],
  ...(['SEMANTIC', 'CONTENT'] as const).flatMap((main) =>
    (['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'MIXED'] as const).map((sub) => [main, sub] as const),
  ),
] as const

const digestOf = (bits: number) => fc.uint8Array({ minLength: bits / 8, maxLength: bits / 8 })
const bitsFrom = (least: number) => fc.integer({ min: least / 32, max: 8 }).map((steps) => steps * 32)
const unit = (least = 32): fc.Arbitrary<IsccUnit> =>
  fc
    .tuple(fc.constantFrom(...TYPES), bitsFrom(least))
    .chain(([[mainType, subType], bits]) => digestOf(bits).map((digest) => ({ mainType, subType, version: 0, bits, digest })))

/** Units that make an ISCC-CODE, in the order they have in it. */
const combinable: fc.Arbitrary<IsccUnit[]> = fc
  .tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.constantFrom('TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'MIXED'))
  .chain(([meta, semantic, content, subType]) => {
    const types = [
      ...(meta ? [['META', 'NONE'] as const] : []),
      ...(semantic ? [['SEMANTIC', subType] as const] : []),
      ...(content ? [['CONTENT', subType] as const] : []),
      ['DATA', 'NONE'] as const,
      ['INSTANCE', 'NONE'] as const,
    ]
    return fc.tuple(
      ...types.map(([mainType, sub]) =>
        bitsFrom(64).chain((bits) =>
          digestOf(bits).map((digest): IsccUnit => ({ mainType, subType: sub as IsccUnit['subType'], version: 0, bits, digest })),
        ),
      ),
    )
  })

const CODE = 'ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY'
const DATA_256 = 'ISCC:GAD2FL7K437RJZK2MMLL4C2672JVQTMGJYYZ3KAINZRWETNWFES3KYA'

describe('iscc: units', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(unit(), (original) => {
        const code = encodeUnit(original)
        expect(code).to.match(/^ISCC:[A-Z2-7]+$/)
        expect(decodeUnit(code)).to.deep.equal(original)
        expect(decodeUnit(code.toLowerCase())).to.deep.equal(original)
        expect(normalizeIscc(code.slice(5).toLowerCase())).to.equal(code)
        expect(isCanonicalIscc(code)).to.equal(true)
      }),
    )
  })

  it('cuts a longer digest and refuses a shorter one', () => {
    const digest = Uint8Array.from({ length: 32 }, (_, i) => i)
    expect(decodeUnit(encodeUnit({ mainType: 'DATA', bits: 64, digest })).digest).to.deep.equal(digest.slice(0, 8))
    expectCode(() => encodeUnit({ mainType: 'DATA', bits: 128, digest: digest.subarray(0, 15) }), 'ISCC_INVALID_INPUT')
  })

  it('refuses types that do not exist and an ISCC-CODE where a unit belongs', () => {
    const digest = new Uint8Array(32)
    expectCode(() => encodeUnit({ mainType: 'DATA', subType: 'TEXT', bits: 64, digest }), 'ISCC_INVALID_INPUT')
    expectCode(() => encodeUnit({ mainType: 'CONTENT', bits: 64, digest }), 'ISCC_INVALID_INPUT')
    expectCode(() => encodeUnit({ mainType: 'ISCC' as 'DATA', subType: 'SUM', bits: 64, digest }), 'ISCC_INVALID_INPUT')
    expectCode(() => encodeUnit({ mainType: 'FLAKE' as 'DATA', bits: 64, digest }), 'ISCC_INVALID_INPUT')
    expectCode(() => encodeUnit({ mainType: 'DATA', version: 5_000, bits: 64, digest }), 'ISCC_INVALID_INPUT')
    expectCode(() => encodeUnit({ mainType: 'DATA', bits: 65, digest }), 'ISCC_INVALID_BITS')
    expectCode(() => encodeUnit({ mainType: 'DATA', bits: 64, digest: [1, 2] as unknown as Uint8Array }), 'ISCC_INVALID_INPUT')
    expectCode(() => decodeUnit(CODE), 'ISCC_MALFORMED')
  })

  it('refuses every truncation and extension of a unit', () => {
    fc.assert(
      fc.property(
        unit(),
        fc.nat(60),
        fc.string({ unit: fc.constantFrom(...'ABCXYZ27'), minLength: 1, maxLength: 4 }),
        (original, keep, more) => {
          const code = encodeUnit(original)
          const cut = code.slice(0, 5 + (keep % (code.length - 5)))
          expectCode(() => decodeUnit(cut), 'ISCC_MALFORMED')
          expectCode(() => decodeUnit(code + more), 'ISCC_MALFORMED')
        },
      ),
    )
  })

  it('never throws anything but its typed errors, whatever the string', () => {
    const strings = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ABCEGIKMabcfuvz234567-:ISC') }), fc.constant('ISCC:'))
    fc.assert(
      fc.property(strings, (text) => {
        expect(isCanonicalIscc(text)).to.be.a('boolean')
        try {
          const canonical = normalizeIscc(text)
          expect(isCanonicalIscc(canonical)).to.equal(true)
        } catch (error) {
          expect(error).to.have.property('code').that.is.oneOf(['ISCC_MALFORMED', 'ISCC_INCOMPATIBLE'])
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('refuses bytes that are no header of the standard', () => {
    // An ISCC-ID, a flake, version 1, the unused prefix 1111, set padding, a body longer than any unit.
    for (const code of [
      'MAAAAAAAAAAAAAAA',
      'OAAAAAAAAAAAAAAA',
      'GAIQAAAAAAAAAAAA',
      '7AAAAAAAAAAAAAAA',
      'GAEEAAAAAAAA',
      'EAEAAAAAAAAAAAAA',
    ]) {
      expectCode(() => decodeUnit(code), 'ISCC_MALFORMED')
    }
    expectCode(() => decodeUnit('GA1AAAAAAAAAAAAA'), 'ISCC_MALFORMED')
    expectCode(() => decodeUnit(7 as unknown as string), 'ISCC_MALFORMED')
    // Bits behind the last byte would give one unit two spellings.
    expectCode(() => decodeUnit('EEAQAAAAAAAAAAAAAA'), 'ISCC_MALFORMED')
    expectCode(() => decodeUnit('AABJXZ6OU4E45RB57GAGKDB'), 'ISCC_MALFORMED')
  })
})

describe('iscc: ISCC-CODE', () => {
  it('gives back the first 64 bits of each unit, in whatever order they came', () => {
    fc.assert(
      fc.property(
        combinable.chain((units) => fc.tuple(fc.constant(units), fc.shuffledSubarray(units, { minLength: units.length }))),
        ([units, shuffled]) => {
          const { iscc } = genIsccCode(shuffled.map(encodeUnit))
          expect(decomposeIscc(iscc)).to.deep.equal(units.map((part) => ({ ...part, bits: 64, digest: part.digest.slice(0, 8) })))
          expect(normalizeIscc(iscc.toLowerCase())).to.equal(iscc)
          expect(normalizeIscc(units.map((part) => encodeUnit(part).slice(5)).join('-'))).to.equal(iscc)
          expect(isCanonicalIscc(iscc)).to.equal(true)
        },
      ),
    )
  })

  it('keeps 128 bits of Data- and Instance-Code in the wide subtype', () => {
    const units = ['GAB3FNZKASWPA7CNVC7RRAL7PCGM4', 'IABRONUUCFEMPTVDW3M5ITJ6PYD4W']
    const { iscc } = genIsccCode(units, { wide: true })
    expect(iscc).to.equal('ISCC:K4ALFNZKASWPA7CNVC7RRAL7PCGM4FZWSQIURR6OUO3NTVCNHZ7APSY')
    expect(decomposeIscc(iscc).map(encodeUnit)).to.deep.equal(units.map((code) => `ISCC:${code}`))
    expect(normalizeIscc(iscc.toLowerCase())).to.equal(iscc)
    expect(genIsccCode(units).iscc).to.equal('ISCC:KUALFNZKASWPA7CNC43JIEKIY7HKG')
    expectCode(() => genIsccCode([units[0]!, 'IAA26E2JXH27TING'], { wide: true }), 'ISCC_INCOMPATIBLE')
    expectCode(
      () => genIsccCode([...units, 'EADSKDNZNYGUUF5AMFEJLZ5P66CP5YKCOA3X7F36RWE4CIRCBTUWXYY'], { wide: true }),
      'ISCC_INCOMPATIBLE',
    )
  })

  it('refuses combinations that the standard does not have', () => {
    const digest = new Uint8Array(32)
    const code = (mainType: IsccUnit['mainType'], subType: IsccUnit['subType'] = 'NONE', bits = 64) =>
      encodeUnit({ mainType, subType, bits, digest })
    const [data, instance] = [code('DATA'), code('INSTANCE')]
    for (const codes of [
      [],
      [data],
      [instance],
      [data, data],
      [code('META'), data],
      [code('META'), code('META'), data, instance],
      [data, data, instance],
      [code('CONTENT', 'TEXT'), code('CONTENT', 'TEXT'), data, instance],
      [code('SEMANTIC', 'TEXT'), code('CONTENT', 'IMAGE'), data, instance],
      [code('DATA', 'NONE', 32), instance],
    ]) {
      expectCode(() => genIsccCode(codes), 'ISCC_INCOMPATIBLE')
    }
    expectCode(() => genIsccCode([CODE, instance]), 'ISCC_MALFORMED')
  })

  it('refuses a composite that is cut off, too long, or of a subtype its units do not fit', () => {
    expectCode(() => decomposeIscc(CODE.slice(0, -8)), 'ISCC_MALFORMED')
    expectCode(() => decomposeIscc(`${CODE}AAAAAAAA`), 'ISCC_MALFORMED')
    // Header and body of the right length, as multibase in hex: SUM and WIDE with a Content-Code, NONE without Meta-Code, TEXT without Content-Code.
    for (const [header, bytes] of Object.entries({ 5501: 24, 5701: 32, 5600: 16, 5605: 32, 5000: 16, 5004: 24 })) {
      expectCode(() => decomposeIscc(`fcc01${header}${'00'.repeat(bytes)}`), 'ISCC_MALFORMED')
    }
    expect(decomposeIscc(`fcc015500${'00'.repeat(16)}`)).to.have.length(2)
    expect(decomposeIscc(`fcc015604${'00'.repeat(24)}`)).to.have.length(3)
  })

  it('reads every notation of the reference', () => {
    for (const notation of [
      'kacypxw445ftynj3cysxhafjma2huwulunrfe3blhrscxyh2m5aegqy',
      'Iscc:Kacypxw445ftynj3cysxhafjma2huwulunrfe3blhrscxyh2m5aegqy',
      ` ${CODE}\n`,
      'fcc01500587dedce74b3c353b16257380a960347a5a8ba362526c2b3c642be0fa67404343',
      'bzqavabmh33ooosz4gu5rmjltqcuwand2lkf2gyssnqvtyzbl4d5goqcdim',
      'vpg0l01c7rreeeips6kthc9bjg2km0d3qba5q6oiidgljop1bs3t6eg238c',
      'z2Yr3A3pa6QWMNX1DZrN28oH1FHhmLS6Xk7HZQCZ9GpphqmWKXg',
      'uzAFQBYfe3OdLPDU7FiVzgKlgNHpai6NiUmwrPGQr4PpnQEND',
      'ISCC:uzAFQBYfe3OdLPDU7FiVzgKlgNHpai6NiUmwrPGQr4PpnQEND',
    ]) {
      expect(normalizeIscc(notation), notation).to.equal(CODE)
      expect(isCanonicalIscc(notation), notation).to.equal(false)
    }
    expect(normalizeIscc('GAAW2PRCRS5LNVZV-IAAUVACQKXE3V44W')).to.equal('ISCC:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM')
    for (const broken of ['fcc0', 'f1234', 'fcc015', 'bzq1', 'v!', 'u*', 'z0', 'z', 'uz', 'uzAF', ''])
      expectCode(() => normalizeIscc(broken), 'ISCC_MALFORMED')
    expectCode(() => normalizeIscc('GAAW2PRCRS5LNVZV-GAAW2PRCRS5LNVZV'), 'ISCC_INCOMPATIBLE')
  })

  it('explains codes', () => {
    const code = explainIscc(CODE.toLowerCase())
    expect(code.iscc).to.equal(CODE)
    expect(code.typeId).to.equal('ISCC-TEXT-V0-MCDI')
    expect(code.digest).to.equal('87dedce74b3c353b16257380a960347a5a8ba362526c2b3c642be0fa67404343')
    expect(code.units.map(({ typeId }) => typeId)).to.deep.equal([
      'META-NONE-V0-64',
      'CONTENT-TEXT-V0-64',
      'DATA-NONE-V0-64',
      'INSTANCE-NONE-V0-64',
    ])
    expect(code.units.map(({ digest }) => digest).join('')).to.equal(code.digest)
    const data = explainIscc(DATA_256)
    expect(data.typeId).to.equal('DATA-NONE-V0-256')
    expect(data.digest).to.equal('a2afeae6ff14e55a6316be0b5efe93584d864e319da8086e63624db62925b560')
    expect(data.units).to.deep.equal([{ iscc: DATA_256, typeId: data.typeId, digest: data.digest, bits: 256 }])
  })
})

describe('iscc: sequences of units (ISCC-SEQ)', () => {
  it('gives the bytes of the reference', () => {
    const units = [
      'ISCC:EEAYYNMFG5XOELK2',
      'ISCC:EIBZ6B7T76PAAYP7H334X77754376',
      'ISCC:GADQLNA7GRZESMRF2J7NZPNWGI3II2ST5YUN5SS6GVQ2ZQGJXPPYDNI',
    ]
    const bytes =
      '21018c3585376ee22d5a22039f07f3ff9e0061ff3ef7cbffffef37ff300705b41f3472493225d27edcbdb63236846a53ee28deca5e3561acc0c9bbdf81b5'
    expect(Buffer.from(encodeIsccSequence(units)).toString('hex')).to.equal(bytes)
    expect(decodeIsccSequence(Uint8Array.from(Buffer.from(bytes, 'hex')))).to.deep.equal(units)
  })

  it('goes there and back, and refuses what is cut off', () => {
    fc.assert(
      fc.property(fc.array(unit(), { minLength: 1, maxLength: 5 }), fc.nat(1_000), (units, cut) => {
        const codes = units.map(encodeUnit)
        const bytes = encodeIsccSequence(codes)
        expect(decodeIsccSequence(bytes)).to.deep.equal(codes)
        const last = encodeIsccSequence(codes.slice(-1)).length
        expectCode(() => decodeIsccSequence(bytes.subarray(0, bytes.length - 1 - (cut % (last - 1)))), 'ISCC_MALFORMED')
      }),
    )
    expectCode(() => encodeIsccSequence([]), 'ISCC_INVALID_INPUT')
    expectCode(() => encodeIsccSequence([CODE]), 'ISCC_MALFORMED')
    expectCode(() => encodeIsccSequence([`${DATA_256.slice(0, 5)}GAAXL2XYM5BQIAZ3GAAXL2XYM5BQIAZ3`]), 'ISCC_MALFORMED')
    expectCode(() => decodeIsccSequence(new Uint8Array(0)), 'ISCC_MALFORMED')
    expectCode(() => decodeIsccSequence('00' as unknown as Uint8Array), 'ISCC_INVALID_INPUT')
  })
})

describe('iscc: distances', () => {
  it('is a metric on digests', () => {
    const digest = digestOf(256)
    fc.assert(
      fc.property(digest, digest, digest, (a, b, c) => {
        expect(hammingDistance(a, a)).to.equal(0)
        expect(hammingDistance(a, b)).to.equal(hammingDistance(b, a))
        expect(hammingDistance(a, c)).to.be.at.most(hammingDistance(a, b) + hammingDistance(b, c))
      }),
    )
    fc.assert(
      fc.property(digest, fc.uniqueArray(fc.nat(255)), (a, flipped) => {
        const b = a.slice()
        for (const bit of flipped) b[bit >> 3]! ^= 1 << (bit & 7)
        expect(hammingDistance(a, b)).to.equal(flipped.length)
        expect(
          isccDistance(...([a, b].map((body) => encodeUnit({ mainType: 'DATA', bits: 256, digest: body })) as [string, string])),
        ).to.equal(flipped.length)
      }),
    )
  })

  it('refuses to compare what differs in type or length', () => {
    const digest = new Uint8Array(32)
    const data = encodeUnit({ mainType: 'DATA', bits: 64, digest })
    expectCode(() => isccDistance(data, encodeUnit({ mainType: 'INSTANCE', bits: 64, digest })), 'ISCC_INCOMPATIBLE')
    expectCode(() => isccDistance(data, encodeUnit({ mainType: 'DATA', bits: 128, digest })), 'ISCC_INCOMPATIBLE')
    expectCode(() => isccDistance(data, CODE), 'ISCC_MALFORMED')
    expectCode(() => hammingDistance(digest, digest.subarray(1)), 'ISCC_INCOMPATIBLE')
    expectCode(() => hammingDistance('a' as unknown as Uint8Array, digest), 'ISCC_INVALID_INPUT')
  })

  it('compares what two codes have in common, over the common prefix', () => {
    const body = Uint8Array.from({ length: 32 }, () => 0xf0)
    const changed = body.slice()
    changed[0] = 0xff
    changed[31] = 0
    const data = encodeUnit({ mainType: 'DATA', bits: 256, digest: body })
    const near = encodeUnit({ mainType: 'DATA', bits: 64, digest: changed })
    expect(compareIscc(data, near)).to.deep.equal([{ typeId: 'DATA-NONE-V0', bits: 64, distance: 4, similarity: 1 - 4 / 64 }])
    const instance = encodeUnit({ mainType: 'INSTANCE', bits: 64, digest: body })
    const other = encodeUnit({ mainType: 'INSTANCE', bits: 64, digest: changed })
    const a = genIsccCode([data, instance]).iscc
    const b = genIsccCode([near, other]).iscc
    expect(compareIscc(a, b).map(({ typeId, similarity }) => [typeId, similarity])).to.deep.equal([
      ['DATA-NONE-V0', 1 - 4 / 64],
      ['INSTANCE-NONE-V0', 0],
    ])
    expect(compareIscc(a, a).map(({ similarity }) => similarity)).to.deep.equal([1, 1])
    expect(compareIscc(data, instance)).to.deep.equal([])
  })
})
