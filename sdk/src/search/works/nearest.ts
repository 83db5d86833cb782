/** A work that was found, as good as any of its codes. */
export interface Found {
  work: number
  /** Bits between the codes. */
  distance: number
  /** Which of the query's codes. */
  query: number
  /** Number of the indexed code. */
  code: number
  /** Whether that is a part, and whether the query's is. */
  inParts: boolean
  queryIsPart: boolean
}

/** Keeps the nearest works; of works as near as each other those that were indexed first. */
export interface Nearest {
  /** Takes a code of a work. Gives the distance beyond which nothing can get in any more. */
  take(found: Found): number
  /** The same where only codes of works from this one on are still to come: as near as the worst is not near enough then. */
  limitFrom(work: number): number
  /** Nearest first. */
  list(): Found[]
}

/** Keeps `most` works within `radius`, in a heap whose root is the worst of them. */
export function createNearest(most: number, radius: number): Nearest {
  const heap: Found[] = []
  const places = new Map<number, number>()
  const isWorse = (a: Found, b: Found): boolean => a.distance > b.distance || (a.distance === b.distance && a.work > b.work)
  const put = (place: number, found: Found): void => {
    heap[place] = found
    places.set(found.work, place)
  }

  function up(from: number, found: Found): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isWorse(found, heap[parent]!)) break
      put(place, heap[parent]!)
      place = parent
    }
    put(place, found)
  }

  function down(from: number, found: Found): void {
    let place = from
    for (;;) {
      let child = place * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isWorse(heap[child + 1]!, heap[child]!)) child++
      if (!isWorse(heap[child]!, found)) break
      put(place, heap[child]!)
      place = child
    }
    put(place, found)
  }

  return {
    take(found) {
      const place = places.get(found.work)
      if (place !== undefined) {
        if (found.distance < heap[place]!.distance) down(place, found)
      } else if (heap.length < most) {
        heap.push(found)
        up(heap.length - 1, found)
      } else if (isWorse(heap[0]!, found)) {
        places.delete(heap[0]!.work)
        down(0, found)
      }
      return heap.length < most ? radius : heap[0]!.distance
    },
    limitFrom(work) {
      if (heap.length < most) return radius
      return heap[0]!.work <= work ? heap[0]!.distance - 1 : heap[0]!.distance
    },
    list: () => [...heap].sort((a, b) => (isWorse(a, b) ? 1 : -1)),
  }
}
