import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { ColophonError } from '../../src/errors/index.ts'
import { type AudioFingerprint, compare, drawSoundMatch, fingerprint } from '../../src/fingerprint/index.ts'
import { decodeUnit, genAudioCode } from '../../src/iscc/index.ts'
import { programFromDebian } from '../debian.ts'
import { needPeer } from '../needPeer.ts'
import { numbers, type Performance, play, wav } from './recordings.ts'

const RATE = 11_025

async function heard(performance: Performance): Promise<AudioFingerprint> {
  return (await fingerprint(wav(play(performance)))) as AudioFingerprint
}

async function refusal(bytes: Uint8Array<ArrayBuffer>, options = {}): Promise<ColophonError> {
  const error: unknown = await fingerprint(bytes, options).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).instanceOf(ColophonError)
  return error as ColophonError
}

describe('fingerprint of a recording', () => {
  needPeer('node-av')
  let tune: AudioFingerprint
  before(async () => {
    tune = await heard({ seed: 7, seconds: 30 })
  })

  it('has identity, code and features', () => {
    expect(tune).to.include({ media: 'audio', mediaType: 'audio/wav', plain: false, version: 1 })
    expect(tune.features.seconds).to.be.closeTo(30, 0.001)
    // Twenty frames go into the first number.
    expect(tune.features.chromaprint).to.have.lengthOf(Math.floor((30 * RATE - 4096) / 1365) + 1 - 19)
    expect(tune.features.peaks.times).to.have.lengthOf(tune.features.peaks.pitches.length)
    expect(tune.code).to.deep.include({ type: 3, name: 'ISCC-Audio-256' })
    expect(tune.units.content).to.equal(genAudioCode(tune.features.chromaprint, { bits: 256 }).iscc)
    expect(Buffer.from(decodeUnit(tune.units.content!).digest).toString('hex')).to.equal(tune.code.bits.slice(2))
  })

  it('is the same in stereo, with the channels turned round, and in pieces of any size', async () => {
    const left = play({ seed: 7, seconds: 6 })
    const right = play({ seed: 8, seconds: 6 })
    const interleaved = (a: Int16Array, b: Int16Array): Uint8Array<ArrayBuffer> =>
      wav(
        Int16Array.from({ length: 2 * a.length }, (_, i) => (i % 2 === 0 ? a : b)[i >> 1]!),
        RATE,
        2,
      )
    const [one, other] = await Promise.all([fingerprint(interleaved(left, right)), fingerprint(interleaved(right, left))])
    expect((one as AudioFingerprint).features).to.deep.equal((other as AudioFingerprint).features)
    const bytes = wav(left)
    const whole = await fingerprint(bytes)
    const source = {
      async *open() {
        for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997)
      },
    }
    expect(await fingerprint(source)).to.deep.equal(whole)
  })

  it('gives the numbers of fpcalc', function () {
    // The first time, it may have to be installed.
    this.timeout(500_000)
    if (!programFromDebian('fpcalc', 'libchromaprint-tools')) this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'colophon-fpcalc-'))
    try {
      const file = join(folder, 'tune.wav')
      writeFileSync(file, wav(play({ seed: 7, seconds: 30 })))
      const printed = spawnSync('fpcalc', ['-raw', '-signed', '-length', '0', file]).stdout.toString()
      const theirs = /FINGERPRINT=(.*)/
        .exec(printed)![1]!
        .split(',')
        .map((number) => Number(number) | 0)
      expect(tune.features.chromaprint).to.deep.equal(theirs)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('can be stored as JSON', async () => {
    const stored = JSON.parse(JSON.stringify(tune)) as AudioFingerprint
    expect(compare(stored, await heard({ seed: 7, seconds: 30, noise: 0.01 })).verdict).to.equal('copy')
  })
})

describe('comparison of recordings', () => {
  needPeer('node-av')
  let tune: AudioFingerprint
  before(async () => {
    tune = await heard({ seed: 7, seconds: 30 })
  })

  it('finds any tempo and pitch again, and says which', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -16, max: 16 }),
        fc.integer({ min: 1, max: 1000 }),
        async (percent, quarters, seed) => {
          const [slower, higher] = [1 + percent / 100, quarters / 4]
          const original = await heard({ seed, seconds: 20 })
          const changed = await heard({ seed, seconds: 20, tempo: slower, pitch: higher })
          const { verdict, sound } = compare(original, changed)
          // The same tempo and pitch may give the very same file.
          if (verdict === 'identical') return
          expect(verdict).to.equal('copy')
          expect(sound!.tempo).to.be.closeTo(slower, 0.01)
          expect(sound!.pitch).to.be.closeTo(higher, 0.15)
          expect(sound!.a.to - sound!.a.from).to.be.greaterThan(12)
          expect(sound!.b.from).to.be.closeTo(sound!.a.from * slower, 0.2)
        },
      ),
      { numRuns: 12, seed: 5 },
    )
  })

  it('says the reverse the other way round', async () => {
    const changed = await heard({ seed: 7, seconds: 30, tempo: 1.1, pitch: -2 })
    const [there, back] = [compare(tune, changed).sound!, compare(changed, tune).sound!]
    expect(back.tempo).to.be.closeTo(1 / there.tempo, 0.01)
    expect(back.pitch).to.be.closeTo(-there.pitch, 0.1)
    expect(back.a.from).to.be.closeTo(there.b.from, 0.5)
  })

  it('locates an excerpt in both', async () => {
    const excerpt = await heard({ seed: 7, seconds: 6, from: 14, noise: 0.02 })
    const { verdict, sound, reason } = compare(excerpt, tune)
    expect(verdict).to.equal('similar')
    expect(sound!.b.from - sound!.a.from).to.be.closeTo(14, 0.1)
    expect(sound!.a.to - sound!.a.from).to.be.within(4, 6)
    expect(reason).to.match(/of the first is 0:1\d\.\d–0:(1|2)\d\.\d of the second/)
  })

  it('finds nothing in common between strangers', async () => {
    const strangers = await Promise.all([11, 12, 13, 14, 15, 16].map((seed) => heard({ seed, seconds: 20 })))
    for (const [i, a] of strangers.entries()) {
      for (const b of strangers.slice(i + 1)) {
        const { verdict, layers, sound } = compare(a, b)
        expect(verdict).to.equal('different')
        expect(sound).to.equal(undefined)
        expect(layers.map(({ name, speaksForCopy }) => [name, speaksForCopy])).to.deep.equal([
          ['sha256', false],
          ['peaks', false],
          ['chromaprint', false],
        ])
      }
    }
  })

  it('says how often strangers score as much: the more the rarer', async () => {
    const rate = async (performance: Performance): Promise<number> =>
      compare(tune, await heard(performance)).layers.find(({ name }) => name === 'peaks')!.falsePositiveRate!
    const [copy, stranger] = [await rate({ seed: 7, seconds: 20 }), await rate({ seed: 9, seconds: 20 })]
    expect(copy).to.be.at.most(1e-5)
    expect(stranger).to.be.within(1e-4, 1)
  })

  // Pieces with the same beat, drums and key were measured up to 48, and up to 4.6 a second.
  for (const [seconds, least, most, enough] of [
    [9, 42, 54, 70],
    [20, 60, 116, 140],
  ] as const)
    it(`takes nothing for shared where ${seconds} seconds agree as much as in two pieces with the same beat and key`, async () => {
      const excerpt = await heard({ seed: 7, seconds, from: 8 })
      const { times, pitches } = excerpt.features.peaks
      // Of all peaks more and more stay where they are; the others go elsewhere.
      const alike = Array.from({ length: 60 }, (_, step) => {
        const next = numbers(step)
        const moved = pitches.map((pitch) => (next() < step / 60 ? pitch : Math.floor(next() * 900)))
        const features = { ...excerpt.features, chromaprint: [], peaks: { times, pitches: moved } }
        const { verdict, layers } = compare(tune, { ...excerpt, features })
        return { verdict, score: layers.find(({ name }) => name === 'peaks')!.value }
      })
      const doubtful = alike.filter(({ score }) => score >= least && score < most)
      const sure = alike.filter(({ score }) => score > enough)
      expect(doubtful).not.empty
      expect(sure).not.empty
      for (const { verdict } of doubtful) expect(verdict).to.equal('different')
      for (const { verdict } of sure) expect(verdict).not.to.equal('different')
    })

  it('draws both with the stretch they share', async () => {
    const other = await heard({ seed: 7, seconds: 10, from: 5 })
    const { sound } = compare(tune, other)
    const svg = drawSoundMatch(tune.features, other.features, sound!, { a: 'tune <1>', b: 'a "part"' })
    expect(svg).to.match(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(svg).to.include('tune &lt;1&gt;').and.to.include('a &quot;part&quot;').and.to.not.include('NaN')
    expect(svg).to.match(/<desc>0:0\d\.\d–0:1\d\.\d of tune/)
    // Dark dots: what both have.
    expect(svg.match(/<path d="(M[^"]*)" stroke="#0b3d91" stroke-width="2"/)![1]!.split('M').length).to.be.greaterThan(50)
  })

  it('compares no recording with a text', async () => {
    const text = await fingerprint(new TextEncoder().encode('a text that is long enough to be something else than a recording'))
    expect(compare(tune, text)).to.include({ verdict: 'different' })
    expect(compare(tune, text).reason).to.include('a recording').and.to.include('a text')
  })
})

describe('recordings that cannot be told apart', () => {
  needPeer('node-av')
  const plain: [string, Int16Array][] = [
    ['silence', new Int16Array(20 * RATE)],
    ['almost silence', Int16Array.from({ length: 20 * RATE }, (_, i) => (i * 7919) % 3)],
    ['a single tone', Int16Array.from({ length: 20 * RATE }, (_, i) => 9000 * Math.sin((2 * Math.PI * 440 * i) / RATE))],
    ['half a second', play({ seed: 7, seconds: 0.5 })],
    ['one sample', new Int16Array([1000])],
  ]
  for (const [what, samples] of plain) {
    it(`${what} is plain and matches nothing but itself`, async () => {
      const one = await fingerprint(wav(samples))
      expect(one).to.include({ media: 'audio', plain: true })
      // The same sound in another file.
      const other = await fingerprint(wav(Int16Array.from({ length: samples.length + 1 }, (_, i) => samples[i] ?? 0)))
      expect(compare(one, other).verdict).to.equal('different')
      expect(compare(one, other).reason).to.include('too plain')
      expect(compare(one, one).verdict).to.equal('identical')
    })
  }
})

describe('bad recordings', () => {
  needPeer('node-av')
  const header = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from([...text].map((character) => character.charCodeAt(0)))

  it('are refused when nothing can be decoded', async () => {
    const heads: Record<string, string> = {
      'audio/wav': 'RIFF\0\0\0\0WAVE',
      'audio/aiff': 'FORM\0\0\0\0AIFF',
      'audio/flac': 'fLaC',
      'audio/mpeg': 'ID3\u0004\0\0\0\0\0\0 no frames here',
      'audio/aac': '\u00ff\u00f1 nor here',
      'audio/ogg': 'OggS',
      'audio/mp4': '\0\0\0\u0018ftypM4A \0\0\0\0isom',
    }
    for (const [mediaType, head] of Object.entries(heads)) {
      const error = await refusal(header(head))
      expect(error.code, mediaType).to.equal('AUDIO_UNREADABLE')
      expect(error.details).to.deep.include({ mediaType })
      expect(error.hint).to.be.a('string')
    }
  })

  it('that claim rates and channels that no recording has are refused before room is made for them', async () => {
    for (const [rate, channels] of [
      [13_446_929, 1],
      [1, 1],
      [44_100, 400],
    ]) {
      const error = await refusal(wav(play({ seed: 1, seconds: 1 }), rate, channels))
      expect(error.code).to.equal('AUDIO_UNREADABLE')
      expect(error.shortMessage).to.match(/claims \d+ samples a second on \d+ channel/)
    }
  })

  it('that are no sound at all are refused when sound was asked for', async () => {
    const error = await refusal(header('only a text'), { media: 'audio' })
    expect(error.code).to.equal('FINGERPRINT_WRONG_MEDIA')
    expect(error.shortMessage).to.include('a recording')
  })

  it('that are too long are refused, however far the decoder has read ahead', async () => {
    const bytes = wav(play({ seed: 7, seconds: 5 }))
    for (let time = 0; time < 20; time++)
      for (const maxSeconds of [2, 4]) {
        const error = await refusal(bytes, { maxSeconds })
        expect(error.code).to.equal('AUDIO_TOO_LONG')
        expect(error.details).to.deep.include({ maxSeconds })
      }
  })

  it('cut short are taken as far as they go', async () => {
    const bytes = wav(play({ seed: 7, seconds: 10 }))
    const cut = (await fingerprint(bytes.subarray(0, 5 * 2 * RATE))) as AudioFingerprint
    expect(cut.features.seconds).to.be.closeTo(5, 0.1)
  })

  it('pass on what the source failed with', async () => {
    const bytes = wav(play({ seed: 7, seconds: 10 }))
    const source = {
      async *open() {
        yield bytes.subarray(0, 100_000)
        throw new Error('the disk is gone')
      },
    }
    const error: unknown = await fingerprint(source).catch((cause: unknown) => cause)
    expect(String(error)).to.include('the disk is gone')
  })

  it('are left when the call is aborted while their source has nothing more to give', async () => {
    const bytes = wav(play({ seed: 7, seconds: 5 }))
    const controller = new AbortController()
    const reason = new Error('enough')
    const source = {
      async *open() {
        yield bytes.slice(0, 30_000)
        setTimeout(() => controller.abort(reason), 20)
        await new Promise(() => undefined)
      },
    }
    const thrown: unknown = await fingerprint(source, { signal: controller.signal }).catch((cause: unknown) => cause)
    expect(thrown).to.equal(reason)
  })

  it('are left when the call is aborted', async () => {
    const bytes = wav(play({ seed: 7, seconds: 10 }))
    const controller = new AbortController()
    let closed = false
    const source = {
      async *open() {
        try {
          for (let at = 0; ; at += 4096) {
            yield bytes.subarray(at % 100_000, (at % 100_000) + 4096)
            if (at > 50_000) controller.abort(new Error('enough'))
          }
        } finally {
          closed = true
        }
      },
    }
    const error: unknown = await fingerprint(source, { signal: controller.signal }).catch((cause: unknown) => cause)
    expect(String(error)).to.include('enough')
    expect(closed).to.equal(true)
  })

  it('end with a fingerprint or an error, whatever is changed in them', async function () {
    this.timeout(120_000)
    const next = numbers(99)
    const original = wav(play({ seed: 7, seconds: 2 }))
    const outcomes = new Set<string>()
    for (let round = 0; round < 150; round++) {
      const bytes = original.slice(0, next() < 0.3 ? Math.floor(next() * original.length) + 12 : original.length)
      for (let n = Math.floor(next() * 6); n >= 0; n--) {
        // Mostly in the header, where it hurts.
        bytes[12 + Math.floor(next() ** 4 * (bytes.length - 12))] = Math.floor(next() * 256)
      }
      const outcome = await fingerprint(bytes, { maxSeconds: 600 }).then(
        ({ media }) => media,
        (error: unknown) => (error instanceof ColophonError ? error.code : `untyped: ${String(error)}`),
      )
      outcomes.add(outcome)
    }
    expect([...outcomes].sort().join()).to.match(/^AUDIO_UNREADABLE,audio$|^AUDIO_TOO_LONG,AUDIO_UNREADABLE,audio$/)
  })
})
