import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect } from 'chai'
import { compare, fingerprint, type VideoFingerprint } from '../../src/fingerprint/index.ts'
import { decodeCodes } from '../../src/fingerprint/video/featureText.ts'
import { bitsBetween, CODE_WORDS } from '../../src/fingerprint/video/frameCode.ts'
import { hammingDistance } from '../../src/verify/file.ts'
import { filmStudio, H264 } from '../fingerprint/films.ts'
import { FILM, REEL } from '../fingerprint/media.ts'
import { needPeer } from '../needPeer.ts'
import { openTestPage, type TestPage } from './testPage.ts'

/** Bits of 256 that verification allows two decoders to differ in. */
const TOLERANCE = 8

describe('films in Chromium', function () {
  // The first time, the browser itself may have to be installed.
  this.timeout(300_000)
  needPeer('node-av')
  needPeer('mediabunny')
  const studio = filmStudio()
  const files = new Map<string, Uint8Array | string>()
  let opened: TestPage | undefined

  before(async function () {
    opened = await openTestPage('filmPage.ts', files)
    if (opened === undefined) this.skip()
  })
  after(async () => await opened?.close())

  const call = <Answer>(name: string, ...args: unknown[]): Promise<Answer> => opened!.call<Answer>(name, ...args)
  const serve = (path: string, bytes: Uint8Array = readFileSync(path)): string => {
    const name = `/${basename(path)}`
    files.set(name, bytes)
    return name
  }
  const source = ['-f', 'lavfi', '-i']
  const tone = [...source, 'aevalsrc=0.3*sin(2*PI*t*(300+90*floor(3*t)))+0.2*sin(2*PI*t*(900+70*floor(5*t))):s=48000']

  const moving = ['-i', FILM, ...tone, '-t', '6', '-map', '0:v', '-map', '1:a']
  const VP9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8']
  const AV1 = ['-c:v', 'libsvtav1', '-preset', '12']
  const made: Record<string, readonly string[]> = {
    'ntsc.mp4': [...moving, '-c:v', 'libx264', '-bf', '3', '-pix_fmt', 'yuv420p', '-r', '30000/1001', '-c:a', 'aac'],
    'whole.mp4': [...moving, ...H264],
    'vp9.webm': [...moving, ...VP9, '-c:a', 'libopus'],
    'av1.mp4': [...moving, ...AV1],
    'av1.webm': [...moving, ...AV1, '-c:a', 'libvorbis'],
    'stream.ts': [...moving, ...H264, '-c:a', 'aac'],
    'surround.mp4': ['-i', FILM, '-t', '6', ...H264, '-ac', '6'],
    'uneven.mov': [...moving, '-vf', "select='not(mod(n,7))'", '-vsync', 'vfr', ...H264],
    'full.mp4': [...moving, '-vf', 'scale=251:189', ...H264, '-pix_fmt', 'yuv444p'],
    'large.mp4': [...moving, '-vf', 'scale=1920:1080', '-t', '2', ...H264],
  }
  /** What is made of another. */
  const changed: Record<string, (from: string) => string[]> = {
    // Between two frames, and not where one stands for itself.
    'cut.mp4': (from) => ['-ss', '1.37', '-i', from, '-c', 'copy'],
    'late.mp4': (from) => ['-i', from, '-itsoffset', '0.4', '-i', from, '-map', '1:v', '-map', '0:a', '-c', 'copy'],
    'right.mp4': (from) => ['-i', from, '-c', 'copy', '-metadata:s:v', 'rotate=90'],
    'over.mp4': (from) => ['-i', from, '-c', 'copy', '-metadata:s:v', 'rotate=180'],
    'left.mp4': (from) => ['-i', from, '-c', 'copy', '-metadata:s:v', 'rotate=270'],
  }
  const pathOf = (name: string): string => {
    const change = changed[name]
    if (change !== undefined) return studio.make(name, change(pathOf('whole.mp4')))
    return studio.make(name, made[name]!)
  }
  const both = async (path: string, options: object = {}): Promise<{ here: VideoFingerprint; there: VideoFingerprint }> => ({
    here: (await fingerprint(path, options)) as VideoFingerprint,
    there: await call<VideoFingerprint>('fingerprintOf', serve(path), options),
  })

  it('are what Node takes them for, bit for bit, in every container that browsers read', async () => {
    for (const path of [FILM, REEL, ...Object.keys(made).map(pathOf), ...Object.keys(changed).map(pathOf)]) {
      const { here, there } = await both(path)
      if (here.mediaType === 'video/webm' && here.features.sound !== undefined) {
        // Opus is padded to whole packets, and browsers do not say by how much.
        expect(there.features.sound!.seconds, path).to.be.closeTo(here.features.sound.seconds, 0.02)
        there.features.sound!.seconds = here.features.sound.seconds
      }
      expect(there, path).to.deep.equal(JSON.parse(JSON.stringify(here)))
    }
  })

  it('of more than 8 bits, or in colours that have no plane of brightness, are the same up to rounding', async () => {
    for (const [name, args] of [
      ['deep.mkv', [...moving, ...H264, '-pix_fmt', 'yuv420p10le']],
      ['deep.webm', [...moving, ...VP9, '-pix_fmt', 'yuv420p10le']],
      ['colours.webm', [...moving, ...VP9, '-pix_fmt', 'gbrp']],
    ] as const) {
      const { here, there } = await both(studio.make(name, args))
      const [a, b] = [decodeCodes(here.features.codes), decodeCodes(there.features.codes)]
      expect(b.count, name).to.equal(a.count)
      const bits = Array.from({ length: a.count }, (_, sample) => bitsBetween(a.words, sample * CODE_WORDS, b.words, sample * CODE_WORDS))
      expect(Math.max(...bits), name).to.be.at.most(2)
      expect(hammingDistance(here.code.bits, there.code.bits), name).to.be.at.most(TOLERANCE)
      expect(compare({ ...here, sha256: `0x${'00'.repeat(32)}` }, there).verdict, name).to.equal('copy')
    }
  })

  it('are the same from bytes, in pieces, in a worker, and without key frames', async () => {
    const name = serve(FILM)
    const whole = JSON.parse(JSON.stringify(await fingerprint(FILM))) as VideoFingerprint
    expect(await call('fingerprintOfPieces', name, 10_007)).to.deep.equal(whole)
    expect(await call('fingerprintInWorker', name)).to.deep.equal(whole)
    const { keyframes: _, ...features } = whole.features
    expect(await call('fingerprintOf', name, { layers: 'signature' })).to.deep.equal({ ...whole, features })
    expect(await call('drawingOf', name, serve(REEL)))
      .to.be.a('number')
      .that.is.above(3)
  })

  it('say how far they are, and end when they are told to', async () => {
    const long = studio.make('long.webm', [...source, 'testsrc2=size=64x48:rate=5', '-t', '150', '-c:v', 'libvpx', '-cpu-used', '8'])
    expect(await call('progressOf', serve(long), 0)).to.deep.equal({ seconds: [60, 120], ended: 'done' })
    expect(await call('progressOf', serve(long), 60)).to.deep.equal({ seconds: [60], ended: 'enough' })
  })

  it('that are damaged are taken as far as they go', async () => {
    const bytes = Uint8Array.from(readFileSync(studio.make('keys.mp4', [...moving, ...H264, '-g', '25'])))
    // In the middle, where the frames are.
    for (let at = bytes.length >> 1; at < (bytes.length >> 1) + 4000; at++) bytes[at] = (at * 31) & 0xff
    const { features } = await call<VideoFingerprint>('fingerprintOf', serve('/damaged.mp4', bytes), {})
    expect(features.seconds).to.be.within(4, 6)
    // Up to the last cluster that is whole.
    const cut = readFileSync(studio.make('clusters.webm', [...moving, ...VP9, '-an', '-cluster_time_limit', '1000']))
    const half = await call<VideoFingerprint>('fingerprintOf', serve('/half.webm', cut.subarray(0, cut.length / 2)), {})
    expect(half.features.seconds).to.be.within(1, 5)
  })

  it('that cannot be taken are refused with the codes of Node, and a hint what to do', async () => {
    const refusal = (name: string, options: object = {}): Promise<{ error: string; message: string; hint: string }> =>
      call('fingerprintOf', name, options)
    const path = pathOf('whole.mp4')
    const bytes = readFileSync(path)
    expect(await refusal(serve(path), { maxPixels: 1000 })).to.include({ error: 'VIDEO_TOO_LARGE' })
    expect(await refusal(serve(path), { maxSeconds: 3 })).to.include({ error: 'VIDEO_TOO_LONG' })
    // The directory of frames stands at the end of it.
    expect(await refusal(serve('/half.mp4', bytes.subarray(0, bytes.length / 2)))).to.include({ error: 'VIDEO_UNREADABLE' })
    expect(await refusal(serve('/head.webm', readFileSync(REEL).subarray(0, 100)))).to.include({ error: 'VIDEO_UNREADABLE' })
    expect(await refusal(serve(studio.make('one.mp4', ['-i', FILM, '-frames:v', '1', ...H264])))).to.include({ error: 'VIDEO_ONE_FRAME' })
    const small = studio.make('small.mp4', [...source, 'testsrc2=size=30x40', '-t', '1', ...H264])
    expect((await refusal(serve(small))).message).to.contain('30 × 40')
    const still = studio.make('sound.mp4', [...tone, '-t', '2', '-c:a', 'aac'])
    expect((await refusal(serve(still))).message).to.contain('no film in it')
    for (const [name, codec, hint] of [
      ['old.mp4', 'mpeg4', 'H.264, VP9 or AV1'],
      ['old.avi', 'mpeg4', 'WebM'],
      ['old.mpg', 'mpeg2video', 'WebM'],
    ] as const) {
      const { error, hint: said } = await refusal(serve(studio.make(name, ['-i', FILM, '-t', '1', '-an', '-c:v', codec])))
      expect(error, name).to.equal('VIDEO_UNREADABLE')
      expect(said, name).to.contain(hint).and.contain('Node')
    }
    expect(await call('withoutWebCodecs', serve(path)))
      .to.have.property('message')
      .that.contains('WebCodecs')
    expect(await call('withFileThatIsGone', serve(path))).to.include({ error: 'SOURCE_NOT_READABLE' })
  })

  it('go nowhere', () => {
    const { asked, origin } = opened!
    expect(asked.filter((request) => !request.startsWith(`GET ${origin}`) && !request.startsWith('GET blob:'))).to.deep.equal([])
  })
})
