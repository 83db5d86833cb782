import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { needPeer } from '../needPeer.ts'
import { type Family, REFUSAL, type Told } from './mutants.ts'

const DEEP = process.env.COLOPHON_DEEP !== undefined
/** A file that says nothing for so long hangs. */
const PATIENCE = 60_000
/** Megabytes of a process that fingerprints files of some kilobytes, one after the other, Node and decoders included. */
const MOST_MEMORY = 1000

/** How many files of each family; in deep runs more than ten thousand pictures and texts each. */
const FILES: Record<Family, number> = DEEP
  ? { image: 12_000, audio: 3000, video: 1000, text: 12_000 }
  : { image: 240, audio: 60, video: 24, text: 150 }

describe('mutated files', () => {
  for (const [family, peer] of [
    ['image', undefined],
    ['audio', 'node-av'],
    ['video', 'node-av'],
    ['text', 'pdfjs-dist'],
  ] as const) {
    describe(family, () => {
      if (peer !== undefined) needPeer(peer)

      it('are fingerprinted or refused with a reason: no crash, no hang, no end of memory', async function () {
        this.timeout(DEEP ? 7_200_000 : 300_000)
        const told = await run(family, FILES[family])
        expect(told).to.have.length(FILES[family])
        const untyped = told.filter(({ became }) => became !== 'fingerprinted' && !REFUSAL.test(became))
        expect(untyped.slice(0, 3)).to.deep.equal([])
        // Both ends are reached, or the mutations are too weak or too strong to say anything.
        const whole = told.filter(({ became }) => became === 'fingerprinted').length
        expect(whole / told.length).to.be.within(0.02, 0.98)
        const memory = Math.max(...told.map((each) => each.memory))
        expect(memory).to.be.below(MOST_MEMORY)
        if (DEEP) {
          const slowest = told.reduce((slow, each) => (each.milliseconds > slow.milliseconds ? each : slow))
          console.log(`      ${family}: ${told.length} files, ${whole} fingerprinted, slowest ${JSON.stringify(slowest)}, ${memory} MB`)
        }
      })
    })
  }
})

/** Has another process fingerprint the files, and ends it when it hangs. */
async function run(family: Family, count: number): Promise<Told[]> {
  const told: Told[] = []
  const child = fork(join(import.meta.dirname, 'mutants.ts'), [family, '0', String(count)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let printed = ''
  child.stderr!.on('data', (piece: Buffer) => (printed = `${printed}${piece}`.slice(-2000)))
  let hangs = false
  const end = (): void => {
    hangs = true
    child.kill('SIGKILL')
  }
  let timer = setTimeout(end, PATIENCE)
  child.on('message', (message: Told) => {
    told.push(message)
    clearTimeout(timer)
    timer = setTimeout(end, PATIENCE)
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearTimeout(timer)
  if (hangs) throw new Error(`The file of seed ${told.length} of ${family} hangs.`)
  if (code !== 0) throw new Error(`The file of seed ${told.length} of ${family} ended the process (${code ?? signal}): ${printed}`)
  return told
}
