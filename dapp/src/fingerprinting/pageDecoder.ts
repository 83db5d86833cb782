import type { Said, Task } from './protocol.ts'

interface Decoded {
  length: number
  numberOfChannels: number
  getChannelData(channel: number): Float32Array
}

/**
 * Web Audio as far as the SDK uses it, for a worker, which has none: the page decodes, the worker computes.
 */
export function createPageDecoder(say: (said: Said, transfer: Transferable[]) => void): {
  OfflineAudioContext: new (channels: number, length: number, rate: number) => { decodeAudioData(bytes: ArrayBuffer): Promise<Decoded> }
  answer(task: Extract<Task, { kind: 'decoded' }>): void
} {
  const waiting = new Map<number, { resolve: (decoded: Decoded) => void; reject: (fault: Error) => void }>()
  let calls = 0
  return {
    OfflineAudioContext: class {
      readonly #rate: number
      constructor(_channels: number, _length: number, rate: number) {
        this.#rate = rate
      }
      decodeAudioData(bytes: ArrayBuffer): Promise<Decoded> {
        const call = calls++
        return new Promise((resolve, reject) => {
          waiting.set(call, { resolve, reject })
          say({ kind: 'decode', call, bytes, rate: this.#rate }, [bytes])
        })
      }
    },
    answer({ call, channels, fault }) {
      const asked = waiting.get(call)
      waiting.delete(call)
      if (channels === undefined) return asked?.reject(new Error(fault ?? 'not decoded'))
      asked?.resolve({
        length: channels[0]?.length ?? 0,
        numberOfChannels: channels.length,
        getChannelData: (channel) => channels[channel]!,
      })
    },
  }
}
