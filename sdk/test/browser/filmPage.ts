/** What the page under test offers of films, in a page and in a worker: the SDK as a bundler for browsers resolves it. */
import { ColophonError } from '../../src/errors/index.ts'
import { compare, drawFilmMatch, fingerprint, type VideoFingerprint } from '../../src/fingerprint/index.ts'

async function settled(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run()
  } catch (fault) {
    return fault instanceof ColophonError ? { error: fault.code, message: fault.shortMessage, hint: fault.hint } : { error: String(fault) }
  }
}

const file = async (path: string): Promise<Blob> => await (await fetch(path)).blob()

/** A blob that can be read once and never again, like a file that is written anew while it is read. */
class Gone extends Blob {
  override slice(): Blob {
    const gone = super.slice(0, 0)
    const fail = (): never => {
      throw new DOMException('gone', 'NotReadableError')
    }
    return Object.assign(gone, { stream: fail, arrayBuffer: fail })
  }
}

const offered = {
  fingerprintOf: (path: string, options: object) => settled(async () => await fingerprint(await file(path), options)),
  fingerprintOfPieces: (path: string, size: number) =>
    settled(async () => {
      const bytes = new Uint8Array(await (await file(path)).arrayBuffer())
      return await fingerprint({
        async *open() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
        },
      })
    }),
  fingerprintInWorker: (path: string) =>
    new Promise((resolve) => {
      const worker = new Worker('/page.js', { type: 'module' })
      worker.onmessage = ({ data }) => {
        worker.terminate()
        resolve(data)
      }
      worker.postMessage(path)
    }),
  progressOf: (path: string, enough: number) =>
    settled(async () => {
      const seconds: number[] = []
      const controller = new AbortController()
      const ended = await fingerprint(await file(path), {
        signal: controller.signal,
        onProgress({ stage, done }) {
          if (stage !== 'decode') return
          seconds.push(done)
          if (done === enough) controller.abort('enough')
        },
      }).then(
        () => 'done',
        (reason: unknown) => reason,
      )
      return { seconds, ended }
    }),
  /** How many pictures are in the drawing of what two films share. */
  drawingOf: (...paths: [string, string]) =>
    settled(async () => {
      const [a, b] = await Promise.all(paths.map(file))
      const [one, other] = [(await fingerprint(a!)) as VideoFingerprint, (await fingerprint(b!)) as VideoFingerprint]
      const match = compare(one, other)
      if (match.media !== 'video') return match.media
      const svg = await drawFilmMatch(
        match,
        { source: a!, seconds: one.features.seconds, name: 'a' },
        { source: b!, seconds: other.features.seconds, name: 'b' },
      )
      return svg.split('data:image/jpeg').length - 1
    }),
  withoutWebCodecs: async (path: string) => {
    const all = globalThis as { VideoDecoder?: unknown }
    const { VideoDecoder: kept } = all
    delete all.VideoDecoder
    try {
      return await settled(async () => await fingerprint(await file(path)))
    } finally {
      Object.assign(all, { VideoDecoder: kept })
    }
  },
  withFileThatIsGone: (path: string) => settled(async () => await fingerprint(new Gone([await file(path)]))),
}

if (typeof document === 'undefined') {
  addEventListener('message', async ({ data }: MessageEvent<string>) => postMessage(await offered.fingerprintOf(data, {})))
} else {
  Object.assign(globalThis, offered, { ready: true })
}
