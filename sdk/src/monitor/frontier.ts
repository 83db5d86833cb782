import { shapeOf } from './address.ts'
import type { Role } from './ledger.node.ts'

/** An address that is still to be visited. */
export interface Item {
  url: string
  role: Role
  /** Links from the watch list to here. */
  depth: number
  /** Times that it was tried. */
  tries: number
}

/** What is still to be visited, host by host. */
export interface Frontier {
  readonly size: number
  add(item: Item): void
  /** Puts an item back that was taken. */
  again(item: Item): void
  /**
   * Takes the next item of a host that is not being visited, or says in how many milliseconds one is ready; undefined when nothing is left that could be taken
   * before an item that is out is done.
   */
  take(readyAt: (url: string) => number, now: number): { item: Item } | { wait: number } | undefined
  /** An item that was taken is done with. */
  done(item: Item): void
  /** Drops everything of a host; gives what was dropped. */
  drop(url: string): Item[]
}

/** Shapes of addresses that are counted for each host. */
const MOST_SHAPES = 2000
const LEVELS = 24

interface Queue {
  /** By urgency, the most urgent first. */
  levels: Item[][]
  shapes: Map<string, number>
  size: number
  busy: boolean
}

export function createFrontier(): Frontier {
  const queues = new Map<string, Queue>()
  let size = 0

  const queueOf = (url: string): Queue => {
    const { host } = new URL(url)
    let queue = queues.get(host)
    if (queue === undefined) {
      queue = { levels: Array.from({ length: LEVELS }, () => []), shapes: new Map(), size: 0, busy: false }
      queues.set(host, queue)
    }
    return queue
  }
  const put = (queue: Queue, item: Item, level: number): void => {
    queue.levels[Math.min(level, LEVELS - 1)]!.push(item)
    queue.size++
    size++
  }

  return {
    get size() {
      return size
    },
    add(item) {
      const queue = queueOf(item.url)
      // Media first: their pages were just seen, and a short queue takes little memory.
      if (item.role !== 'page') {
        put(queue, item, item.role === 'list' ? 1 : 0)
        return
      }
      // Each page of one shape is less urgent than the ones before, so an endless calendar does not use up what the crawl may spend.
      const shape = shapeOf(item.url)
      const seen = queue.shapes.get(shape) ?? 0
      if (seen > 0 || queue.shapes.size < MOST_SHAPES) queue.shapes.set(shape, seen + 1)
      put(queue, item, 2 + item.depth + Math.floor(Math.log2(seen + 1)))
    },
    again(item) {
      put(queueOf(item.url), item, LEVELS - 1)
    },
    take(readyAt, now) {
      let soonest: { queue: Queue; at: number } | undefined
      for (const [host, queue] of queues) {
        if (queue.busy) continue
        const next = queue.levels.find(({ length }) => length > 0)?.[0]
        if (next === undefined) {
          // Shapes have to be remembered as long as pages of the host come.
          if (queue.shapes.size === 0) queues.delete(host)
          continue
        }
        const at = readyAt(next.url)
        if (soonest === undefined || at < soonest.at) soonest = { queue, at }
      }
      if (soonest === undefined) return undefined
      if (soonest.at > now) return { wait: soonest.at - now }
      const { queue } = soonest
      const item = queue.levels.find(({ length }) => length > 0)!.shift()!
      queue.size--
      queue.busy = true
      size--
      return { item }
    },
    done({ url }) {
      queueOf(url).busy = false
    },
    drop(url) {
      const queue = queueOf(url)
      const dropped = queue.levels.flat()
      for (const level of queue.levels) level.length = 0
      size -= queue.size
      queue.size = 0
      return dropped
    },
  }
}
