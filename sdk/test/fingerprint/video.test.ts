import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect } from 'chai'
import { ColophonError } from '../../src/errors/index.ts'
import {
  compare,
  drawFilmMatch,
  type Fingerprint,
  fingerprint,
  type VideoFingerprint,
  type VideoMatch,
} from '../../src/fingerprint/index.ts'
import { decodeVideo } from '../../src/fingerprint/video/decode.node.ts'
import { decodeUnit, genVideoCode } from '../../src/iscc/index.ts'
import { createSimilarityIndex } from '../../src/search/index.ts'
import { needPeer } from '../needPeer.ts'
import { filmStudio, fractal, H264, panned } from './films.ts'
import { FILM, PHOTO, REEL } from './media.ts'

async function film(source: string | Uint8Array): Promise<VideoFingerprint> {
  const found = await fingerprint(source)
  expect(found.media).to.equal('video')
  return found as VideoFingerprint
}

async function refusal(source: Parameters<typeof fingerprint>[0], options: Parameters<typeof fingerprint>[1] = {}): Promise<ColophonError> {
  const error: unknown = await fingerprint(source, options).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).instanceOf(ColophonError)
  return error as ColophonError
}

function compared(a: Fingerprint, b: Fingerprint): VideoMatch {
  const match = compare(a, b)
  expect(match.media).to.equal('video')
  return match as VideoMatch
}

describe('fingerprint of a film', () => {
  needPeer('node-av')
  const studio = filmStudio()
  let whole: VideoFingerprint
  before(async () => {
    whole = await film(FILM)
  })

  it('has identity, code, features and what is heard', () => {
    expect(whole).to.include({ media: 'video', mediaType: 'video/mp4', plain: false, version: 1 })
    expect(whole.features).to.include({ width: 256, height: 192, seconds: 10 })
    expect(whole.features.sound!.seconds).to.be.closeTo(10, 0.1)
    expect(whole.code).to.deep.include({ type: 4, name: 'ISCC-Video-256' })
    expect(Buffer.from(decodeUnit(whole.units.content!).digest).toString('hex')).to.equal(whole.code.bits.slice(2))
    expect(JSON.parse(JSON.stringify(whole))).to.deep.equal(whole)
  })

  it('is the same from a path, from bytes and in pieces, and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('colophon-film-'))
    const bytes = new Uint8Array(readFileSync(FILM))
    expect(await fingerprint(bytes)).to.deep.equal(whole)
    const source = {
      async *open() {
        for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007)
      },
    }
    expect(await fingerprint(source)).to.deep.equal(whole)
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('colophon-film-'))).to.deep.equal(before)
  })

  it('gives back every packet, wherever one stops looking', async () => {
    const { Packet } = await import('node-av/lib')
    const prototype = Packet.prototype as { clone(): unknown; free(): void }
    const { clone, free } = prototype
    let held = 0
    Object.assign(prototype, {
      clone(this: unknown) {
        held++
        return clone.call(this as typeof prototype)
      },
      free(this: unknown) {
        held--
        free.call(this as typeof prototype)
      },
    })
    const seen = async (most: number): Promise<number> => {
      let frames = 0
      const options = { mediaType: 'video/mp4', name: undefined, maxSeconds: 100, maxPixels: 1 << 24, signal: undefined }
      for await (const { kind } of decodeVideo([readFileSync(FILM)] as never, options as never))
        if (kind === 'frame' && ++frames === most) break
      return frames
    }
    try {
      const all = await seen(Number.POSITIVE_INFINITY)
      // What reading itself holds is as much each time.
      const usual = held
      for (const most of [1, all - 2, all - 1]) {
        held = 0
        expect(await seen(most)).to.equal(most)
        expect(held, `after ${most} of ${all}`).to.equal(usual)
      }
    } finally {
      Object.assign(prototype, { clone, free })
    }
  })

  it('without key frames is the same otherwise', async () => {
    const signature = (await fingerprint(FILM, { layers: 'signature' })) as VideoFingerprint
    const { keyframes: _, ...features } = whole.features
    expect(signature).to.deep.equal({ ...whole, features })
    expect(compared(signature, await film(REEL)).verdict).to.equal('similar')
  })

  it('has the ISCC Video-Code that the reference makes of what FFmpeg’s signature filter writes', async function () {
    this.timeout(120_000)
    const source = ['-f', 'lavfi', '-i']
    const made = [
      studio.make('a.mp4', [...source, 'testsrc2=size=320x240:rate=30000/1001', '-t', '4.3', ...H264]),
      studio.make('deep.mkv', [...source, 'testsrc2=size=318x242:rate=12.5', '-t', '4.05', ...H264, '-pix_fmt', 'yuv420p10le']),
      studio.make('late.ts', [...source, 'testsrc2=size=320x240:rate=25', '-t', '4', '-c:v', 'mpeg2video']),
      studio.make('program.mpg', [...source, 'testsrc2=size=320x240:rate=25', '-t', '4', '-c:v', 'mpeg2video']),
      studio.make('slow.avi', [...source, 'testsrc2=size=320x240:rate=3', '-t', '5', '-c:v', 'mpeg4']),
      studio.make('colours.mkv', [...source, 'testsrc2=size=320x240:rate=25', '-t', '2', '-c:v', 'ffv1', '-pix_fmt', 'bgr0']),
      studio.make('flash.flv', [...source, 'testsrc2=size=320x240:rate=25', '-t', '2', '-c:v', 'flv']),
      studio.make('theora.ogv', [...source, 'testsrc2=size=320x240:rate=25', '-t', '2', '-c:v', 'libtheora']),
      studio.make('windows.wmv', [...source, 'testsrc2=size=320x240:rate=25', '-t', '2', '-c:v', 'wmv2']),
      studio.make('uneven.mov', [
        ...source,
        'testsrc2=size=320x240:rate=60',
        '-vf',
        "select='not(mod(n,7))'",
        '-vsync',
        'vfr',
        '-t',
        '3',
        ...H264,
      ]),
    ]
    made.push(studio.make('turned.mp4', ['-i', made[0]!, '-c', 'copy', '-metadata:s:v', 'rotate=90']))
    const types = new Set<string>()
    for (const path of made) {
      const written = studio.path('signature.xml')
      execFileSync('ffmpeg', [
        '-v',
        'error',
        '-y',
        '-i',
        path,
        '-an',
        '-vf',
        `fps=5,signature=format=xml:filename=${written}`,
        '-f',
        'null',
        '-',
      ])
      const xml = readFileSync(written, 'utf8')
      const frames = [...xml.matchAll(/<FrameSignature>([\d\s]+)<\/FrameSignature>/g)].map((match) =>
        match[1]!.trim().split(/\s+/).map(Number),
      )
      const found = await film(path)
      expect(found.units.content, path).to.equal(genVideoCode(frames, { bits: 256 }).iscc)
      expect(found.features.seconds, path).to.equal(frames.length / 5)
      types.add(found.mediaType)
    }
    expect([...types].sort().join(' ')).to.equal(
      'video/mp2t video/mp4 video/mpeg video/ogg video/quicktime video/webm video/x-flv video/x-ms-asf video/x-msvideo',
    )
    const turned = await film(studio.path('turned.mp4'))
    expect([turned.features.width, turned.features.height]).to.deep.equal([240, 320])
  })

  it('sees the same frames where it does not decode all of them', async function () {
    this.timeout(120_000)
    const moving = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=30', '-t', '6', '-pix_fmt', 'yuv420p']
    const x264 = [...moving, '-c:v', 'libx264', '-preset', 'veryfast']
    const made = [
      // Frames that refer to later ones, in groups, with and without a pyramid; a group that begins before its key frame; edited so that it begins between.
      studio.make('pyramid.mp4', [...x264, '-bf', '8', '-b_strategy', '0']),
      studio.make('flat.mkv', [...x264, '-bf', '3', '-x264-params', 'b-pyramid=none:open-gop=1:keyint=20']),
      studio.make('h265.mp4', [...moving, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:bframes=4:keyint=30']),
      studio.make('fields.mp4', [...x264, '-flags', '+ilme+ildct', '-bf', '3']),
      studio.make('broadcast.ts', [...x264, '-bf', '3']),
      studio.make('uneven.mkv', [...x264, '-bf', '5', '-vf', "select='gt(mod(n,11),3)'", '-vsync', 'vfr']),
    ]
    made.push(studio.make('edited.mp4', ['-ss', '1.3', '-i', studio.path('pyramid.mp4'), '-t', '3.1', '-c', 'copy']))
    for (const path of made) {
      // What FFmpeg's filter chooses of all frames, kept without loss, each decoded for its own sake.
      const chosen = studio.make('chosen.mkv', ['-i', path, '-vf', 'fps=5', '-c:v', 'ffv1'])
      const [found, all] = [await film(path), await film(chosen)]
      expect(found.units.content, path).to.equal(all.units.content)
      expect(found.features, path).to.deep.equal(all.features)
    }
  })

  it('finds an excerpt that was mirrored, framed and sped up', async () => {
    const reel = await film(REEL)
    const match = compared(whole, reel)
    expect(match.verdict).to.equal('similar')
    const [stretch] = match.stretches!
    expect(match.stretches).to.have.length(1)
    expect(stretch!.turn).to.equal('mirror')
    expect(stretch!.a.from).to.be.closeTo(4.1, 0.5)
    expect(stretch!.a.to).to.be.closeTo(9.1, 0.5)
    expect(stretch!.tempo).to.be.closeTo(1 / 1.1, 0.04)
    expect(match.shares!.a).to.be.closeTo(0.5, 0.08)
    expect(match.shares!.b).to.be.above(0.9)
    const back = compared(reel, whole)
    expect(back.stretches![0]!.tempo).to.be.closeTo(1.1, 0.04)
    expect(back.shares).to.deep.equal({ a: match.shares!.b, b: match.shares!.a })
  })

  it('finds segments in another order, each where it was', async function () {
    this.timeout(60_000)
    const original = await film(studio.make('long.mp4', panned(15)))
    const cut = ['trim=10:15,setpts=PTS-STARTPTS[x]', 'trim=0:5,setpts=PTS-STARTPTS[y]'].map((trim, at) => `[v${at}]${trim}`)
    const graph = `[0:v]split=2[v0][v1];${cut.join(';')};[x][y]concat=n=2`
    const shuffled = await film(studio.make('shuffled.mp4', ['-i', studio.path('long.mp4'), '-filter_complex', graph, ...H264]))
    const places = compared(original, shuffled).stretches!.map(({ a, b }) => [a.from, a.to, b.from].map(Math.round))
    expect(places).to.deep.equal([
      [0, 5, 5],
      [10, 15, 0],
    ])
  })

  it('finds a film that was cropped, one within another picture, one turned by an odd angle', async function () {
    this.timeout(60_000)
    studio.make('source.mp4', panned(6))
    const original = await film(studio.path('source.mp4'))
    const from = ['-i', studio.path('source.mp4')]
    const attacks = {
      cropped: [...from, '-vf', 'crop=iw*0.7:ih*0.7'],
      tilted: [...from, '-vf', 'rotate=0.2'],
      inside: [
        ...from,
        '-f',
        'lavfi',
        '-i',
        'mandelbrot=size=640x480',
        '-filter_complex',
        '[0:v]scale=280:-2[p];[1:v][p]overlay=300:200:shortest=1',
      ],
    }
    for (const [name, args] of Object.entries(attacks)) {
      const match = compared(original, await film(studio.make(`${name}.mp4`, [...args, ...H264])))
      expect(match.verdict, name).to.be.oneOf(['copy', 'similar'])
      expect(match.layers.find((layer) => layer.name === 'keyframes')!.speaksForCopy, name).to.equal(true)
    }
  })

  it('knows a copy, and nothing of a stranger', async function () {
    this.timeout(60_000)
    const copy = await film(studio.make('copy.avi', ['-i', FILM, '-c:v', 'mpeg4', '-b:v', '200k', '-vf', 'scale=200:-2', '-r', '15']))
    const match = compared(whole, copy)
    expect(match.verdict).to.equal('copy')
    expect(match.sound).to.not.equal(undefined)
    expect(match.falsePositiveRate).to.be.below(1e-4)
    const stranger = await film(studio.make('stranger.mp4', fractal(8)))
    expect(compared(whole, stranger)).to.deep.include({ verdict: 'different' })
    expect(compare(whole, whole).verdict).to.equal('identical')
  })

  it('with the same sound under other pictures is no copy', async function () {
    this.timeout(60_000)
    studio.make('silent.mp4', fractal(10))
    const song = studio.make('song.mp4', ['-i', studio.path('silent.mp4'), '-i', FILM, '-map', '0:v', '-map', '1:a', '-c', 'copy'])
    const match = compared(whole, await film(song))
    expect(match.verdict).to.equal('similar')
    expect(match.stretches).to.equal(undefined)
    expect(match.reason).to.match(/nothing to be seen/)
  })

  it('of a black film and of a still say that they are plain, and match nothing', async function () {
    this.timeout(60_000)
    const black = await film(studio.make('black.mp4', ['-f', 'lavfi', '-i', 'color=black:size=320x240', '-t', '5', ...H264]))
    const other = await film(studio.make('black2.mp4', ['-f', 'lavfi', '-i', 'color=black:size=352x288', '-t', '4', ...H264]))
    const still = await film(
      studio.make('still.mp4', ['-loop', '1', '-framerate', '25', '-i', PHOTO, '-vf', 'scale=320:-2', '-t', '5', ...H264]),
    )
    expect([black.plain, other.plain, still.plain]).to.deep.equal([true, true, true])
    for (const [a, b] of [
      [black, other],
      [black, whole],
      [still, whole],
    ] as const) {
      expect(compare(a, b).verdict).to.equal('different')
    }
    expect(compare(black, other).reason).to.include('plain')
  })

  it('is drawn with the frames of both', async function () {
    this.timeout(60_000)
    const reel = await film(REEL)
    const match = compared(whole, reel)
    const svg = await drawFilmMatch(
      match,
      { source: FILM, seconds: whole.features.seconds, name: 'a <film>' },
      { source: new Uint8Array(readFileSync(REEL)), seconds: reel.features.seconds, name: 'reel' },
    )
    expect(svg.match(/<image /g)).to.have.length(2 * match.stretches![0]!.moments.length)
    expect(svg).to.include('a &lt;film&gt;').and.to.not.include('<film>')
    const error: unknown = await drawFilmMatch(
      match,
      { source: PHOTO, seconds: 1, name: 'a' },
      { source: FILM, seconds: 1, name: 'b' },
    ).catch((cause: unknown) => cause)
    expect(error).to.include({ code: 'FINGERPRINT_WRONG_MEDIA' })
  })

  it('is found in an index by its excerpt', async () => {
    const index = await createSimilarityIndex()
    await index.insert({ id: 'film', fingerprint: whole })
    const hits = await index.search(await film(REEL))
    expect(hits.map(({ id, media }) => [id, media])).to.deep.equal([['film', 'video']])
    await index.close()
  })

  describe('of bad input', () => {
    it('says what is wrong with files that are cut short, changed, or something else', async function () {
      this.timeout(60_000)
      const bytes = new Uint8Array(readFileSync(FILM))
      expect((await refusal(bytes.subarray(0, 600))).code).to.equal('VIDEO_UNREADABLE')
      const emptied = bytes.slice()
      emptied.fill(0, bytes.length >> 3)
      expect((await refusal(emptied)).code).to.equal('VIDEO_UNREADABLE')
      const sound = studio.make('sound.mp4', ['-i', FILM, '-vn', '-c', 'copy'])
      expect((await refusal(sound)).shortMessage).to.include('no film')
      const unknown = new TextEncoder().encode('\u0001\u0002 no container that anyone knows')
      expect((await refusal(unknown)).code).to.equal('FINGERPRINT_UNSUPPORTED')
      const error = await refusal(PHOTO, { media: 'video' })
      expect(error.code).to.equal('FINGERPRINT_WRONG_MEDIA')
      expect(error.shortMessage).to.include('a film')
    })

    it('takes a mislabelled film for what its bytes are, and says so', async () => {
      const reel = await fingerprint(new File([new Uint8Array(readFileSync(REEL))], 'reel.avi'))
      expect(reel).to.include({ media: 'video', mediaType: 'video/webm', declaredType: 'video/x-msvideo' })
      // Its reader is chosen by the bytes as well: the type that a browser would promise is not asked.
      const { declaredType: _, ...rest } = reel
      expect(rest).to.deep.equal(await film(REEL))
    })

    it('refuses a film of a whole day, and takes it where that is allowed', async function () {
      this.timeout(60_000)
      const day = studio.make('day.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=1/100', '-t', '86400', ...H264])
      const error = await refusal(day)
      expect(error.code).to.equal('VIDEO_TOO_LONG')
      expect(error.details).to.deep.include({ maxSeconds: 4 * 3600 })
      const whole = (await fingerprint(day, { maxSeconds: 25 * 3600 })) as VideoFingerprint
      expect(whole.features.seconds).to.equal(86_400)
    })

    it('takes a film with damage in every frame as far as it goes', async function () {
      this.timeout(60_000)
      const bytes = new Uint8Array(readFileSync(studio.make('groups.mp4', [...panned(6), '-bf', '3', '-g', '12'])))
      const damaged = bytes.slice()
      for (let at = bytes.length >> 2; at < bytes.length - 4000; at += 997) damaged[at]! ^= 0x55
      const found = await film(damaged)
      expect(found.features.seconds).to.be.within(4, 6)
      expect(compare(found, await film(studio.path('groups.mp4'))).verdict).to.be.oneOf(['copy', 'similar'])
    })

    it('goes on behind a hole in a transport stream', async function () {
      this.timeout(60_000)
      const bytes = readFileSync(studio.make('hole.ts', panned(6)))
      const half = bytes.length >> 1
      const found = await film(Buffer.concat([bytes.subarray(0, half), new Uint8Array(300_000), bytes.subarray(half)]))
      expect(found.features.seconds).to.be.within(5.5, 6.5)
    })

    it('takes a film cut short as far as it goes', async () => {
      const reel = new Uint8Array(readFileSync(REEL))
      const half = await film(reel.subarray(0, reel.length >> 1))
      expect(half.features.seconds).to.be.within(1, 4)
    })

    it('refuses encrypted films, films of one frame, films too small, too large and too long', async function () {
      this.timeout(60_000)
      const key = [
        '-encryption_scheme',
        'cenc-aes-ctr',
        '-encryption_key',
        '76a6c65c5ea762046bd749a2e632ccbb',
        '-encryption_kid',
        'a7e61c373e219033c21091fa607bf3b8',
      ]
      const encrypted = studio.make('encrypted.mp4', ['-i', FILM, '-an', '-c', 'copy', ...key])
      expect((await refusal(encrypted)).code).to.equal('VIDEO_UNREADABLE')
      const one = studio.make('one.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=64x64', '-frames:v', '1', ...H264])
      expect((await refusal(one)).code).to.equal('VIDEO_ONE_FRAME')
      const small = studio.make('small.mkv', ['-f', 'lavfi', '-i', 'testsrc2=size=64x24', '-t', '1', '-c:v', 'ffv1'])
      expect((await refusal(small)).shortMessage).to.include('32 a side')
      expect((await refusal(FILM, { maxPixels: 1000 })).code).to.equal('VIDEO_TOO_LARGE')
      expect((await refusal(FILM, { maxSeconds: 3 })).code).to.equal('VIDEO_TOO_LONG')
    })

    it('does not fill a gap that time stamps claim', async function () {
      this.timeout(60_000)
      const gap = studio.make('gap.mkv', [
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=64x64:duration=2',
        '-vf',
        "setpts='PTS+if(gt(N,20),90000/TB,0)'",
        '-vsync',
        'vfr',
        '-c:v',
        'ffv1',
      ])
      expect((await refusal(gap)).code).to.equal('VIDEO_TOO_LONG')
    })

    it('notices a file that is changed while it is read', async () => {
      const path = studio.path('changing.mp4')
      copyFileSync(FILM, path)
      const long = studio.make('changing-source.mp4', panned(8))
      copyFileSync(long, path)
      const error = await refusal(path, {
        onProgress: ({ stage }) => {
          if (stage === 'read') writeFileSync(path, readFileSync(long), { flag: 'r+' })
        },
      })
      expect(error.code).to.equal('SOURCE_NOT_READABLE')
      expect(error.shortMessage).to.include('changed while it was read')
    })

    it('ends when it is aborted, with the caller’s reason', async () => {
      const controller = new AbortController()
      const error: unknown = await fingerprint(FILM, {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      }).catch((cause: unknown) => cause)
      expect(String(error)).to.include('enough')
    })

    it('refuses features that no film has', () => {
      const changed = (change: Partial<VideoFingerprint['features']>): VideoFingerprint => ({
        ...whole,
        sha256: `0x${'1'.repeat(64)}`,
        features: { ...whole.features, ...change },
      })
      const cut = whole.features.keyframes!
      for (const features of [
        { codes: '!' },
        { codes: whole.features.codes.slice(0, -8) },
        { keyframes: cut.slice(0, -8) },
        { keyframes: `AAAA${cut.slice(4)}` },
        { keyframes: '' },
      ]) {
        expect(() => compare(whole, changed(features)))
          .to.throw(ColophonError)
          .with.property('code', 'FEATURES_INVALID')
      }
    })
  })
})
