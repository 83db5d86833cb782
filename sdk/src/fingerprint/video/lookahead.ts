import type { Held } from './sampler.ts'

/** Packets that are held back, to see what comes after each. */
const AHEAD = 8
/** Packets, those that are held back among them, in which one is looked for that shows the same sample later: files bring no two into order that are farther apart. */
const NEAR = 16

/** A packet on its way to the decoder. */
export interface Passed<Packet extends Held> {
  packet: Packet
  /** No sample shows its frame: another stays for the whole of the sample, or comes later in it. */
  unseen: boolean
}

/**
 * Finds packets whose frames nobody will see. Of a film of 25 frames a second four in five are not sampled, and those that no other frame refers to need not
 * be decoded. The last packets of a film are never unseen: its end is where the last frame ends.
 */
export interface Lookahead<Packet extends Held> {
  /**
   * Takes the next packet in the order of the file, and gives back the one that was held longest, if enough are held.
   * @param shown - when its frame is shown, and in which sample; undefined when it is not, or not known
   */
  add(packet: Packet, shown: Shown | undefined): Passed<Packet> | undefined
  /** Those that are still held. The caller frees what it gets, the lookahead nothing. */
  rest(): Packet[]
}

interface Shown {
  sample: number
  time: bigint
}

export function createLookahead<Packet extends Held>(): Lookahead<Packet> {
  const held: { packet: Packet; shown: Shown | undefined }[] = []
  const near: Shown[] = []
  return {
    add(packet, shown) {
      held.push({ packet, shown })
      if (shown !== undefined) near.push(shown)
      if (near.length > NEAR) near.shift()
      if (held.length <= AHEAD) return undefined
      const first = held.shift()!
      const own = first.shown
      return {
        packet: first.packet,
        unseen: own !== undefined && near.some(({ sample, time }) => sample === own.sample && time > own.time),
      }
    },
    rest: () => held.splice(0).map(({ packet }) => packet),
  }
}
