// The 380 elements of the MPEG-7 frame signature (ISO/IEC 15938-3:2002/Amd 4:2010), written as the rules that their tables follow. All
// places are cells of the 32 × 32 grid that a frame is divided into.

/** A block of cells and how often it counts in the sum that is an element. */
export interface Term {
  x: number
  y: number
  width: number
  height: number
  weight: number
}

/** Elements that are judged by one threshold. Every sum is the element's value times {@link Category.scale}. */
export interface Category {
  scale: number
  /** Averages are measured from middle grey; all others are differences. */
  average: boolean
  elements: Term[][]
}

type Place = readonly [x: number, y: number]

/** Cells of a grid row by row. */
function grid(columns: number, rows: number, step: number, fromX: number, fromY: number = fromX): Place[] {
  return Array.from(
    { length: columns * rows },
    (_, at) => [fromX + step * (at % columns), fromY + step * Math.floor(at / columns)] as const,
  )
}

/** The four quarters of a square, and the quarters of each of them in turn. */
function quarters(places: readonly Place[], side: number): Place[] {
  return places.flatMap(([x, y]) => grid(2, 2, side / 2, x, y))
}

const block = (x: number, y: number, width: number, height: number, weight: number): Term => ({ x, y, width, height, weight })

/** First half less second half of a square, in the direction of a letter: to the right, down, to the left or up. */
function halves([x, y]: Place, side: number, direction: string): Term[] {
  const half = side / 2
  const across = direction === 'r' || direction === 'l'
  const sign = direction === 'r' || direction === 'd' ? 1 : -1
  const second = across ? block(x + half, y, half, side, -sign) : block(x, y + half, side, half, -sign)
  return [across ? block(x, y, half, side, sign) : block(x, y, side, half, sign), second]
}

/** The directions of the four quarters of a square. */
const PINWHEEL = 'rdul'
const TURNED = 'dlru'
const MIDDLE = 'dduu'
const CROSSED = 'drrd'

function halvesOfQuarters(squares: readonly Place[], patterns: (square: number) => string): Term[][] {
  return squares.flatMap((square, index) => quarters([square], 8).map((quarter, k) => halves(quarter, 4, patterns(index)[k]!)))
}

/** Averages of squares of several sizes; `scale` is a multiple of the cells of each. */
function averages(squares: readonly (readonly [...Place, side: number])[], scale: number): Category {
  return { scale, average: true, elements: squares.map(([x, y, side]) => [block(x, y, side, side, scale / side ** 2)]) }
}

function differences(scale: number, elements: Term[][]): Category {
  return { scale, average: false, elements }
}

const sized = (places: readonly Place[], side: number): (readonly [number, number, number])[] =>
  places.map(([x, y]) => [x, y, side] as const)

/** Squares less the square in their middle. */
function rings(places: readonly Place[], side: number, middle: number, scale: number): Term[][] {
  const inset = (side - middle) / 2
  const around = scale / (side ** 2 - middle ** 2)
  return places.map(([x, y]) => [
    block(x, y, side, side, around),
    block(x + inset, y + inset, middle, middle, -around - scale / middle ** 2),
  ])
}

/** Pairs of squares of six cells, by their columns and rows of a grid of five. */
const FIVE_BY_FIVE =
  '12-32 21-23 11-33 31-13 21-32 32-23 23-12 12-21 11-31 31-33 33-13 13-11 22-20 22-42 22-24 22-02 20-24 02-42 10-30 14-34 01-03 41-43 10-01 30-41 43-34 03-14 00-40 40-44 44-04 04-00'

/** All elements in the order in which a signature has them. */
export const CATEGORIES: readonly Category[] = /* @__PURE__ */ (() => {
  const whole = [[0, 0]] as const
  const big = quarters(whole, 32)
  const tiles = quarters(big, 16)
  const nine = grid(3, 3, 10, 1)
  const four = grid(2, 2, 10, 6)
  return [
    averages([...sized(tiles, 8), ...sized(big, 16)], 256),
    averages([...sized(grid(3, 3, 10, 2), 8), [9, 9, 14], [6, 6, 20], [3, 3, 26]], 13_249_600),
    differences(8, [
      ...halvesOfQuarters(tiles, (tile) => (tile < 4 || tile >= 12 ? PINWHEEL : TURNED)),
      ...halvesOfQuarters(grid(3, 3, 10, 2), (square) => (square === 4 ? MIDDLE : PINWHEEL)),
      ...halvesOfQuarters(grid(2, 2, 10, 7), () => CROSSED),
    ]),
    differences(
      32,
      [...grid(4, 4, 8, 0), ...grid(3, 3, 8, 4)].map(([x, y]) => [
        block(x, y, 4, 4, 1),
        block(x + 4, y + 4, 4, 4, 1),
        block(x + 4, y, 4, 4, -1),
        block(x, y + 4, 4, 4, -1),
      ]),
    ),
    differences(
      100,
      nine.flatMap(([x, y], index) => nine.slice(index + 1).map(([u, v]) => [block(x, y, 10, 10, 1), block(u, v, 10, 10, -1)])),
    ),
    differences(
      36,
      FIVE_BY_FIVE.split(' ').map((pair) => {
        const [x, y, , u, v] = [...pair].map((digit) => 1 + 6 * Number(digit)) as [number, number, number, number, number]
        return [block(x, y, 6, 6, 1), block(u, v, 6, 6, -1)]
      }),
    ),
    differences(40_320, [
      ...rings([...nine, ...four, ...interleaved()], 10, 4, 40_320),
      ...rings(grid(4, 4, 5, 2), 13, 3, 40_320),
      ...rings([...grid(3, 1, 5, 8, 3), ...grid(5, 3, 5, 3, 8), ...grid(3, 1, 5, 8, 23)], 6, 2, 40_320),
    ]),
    differences(
      60,
      grid(3, 3, 8, 3).map(([x, y]) => [block(x, y + 2, 10, 6, 1), block(x + 2, y, 6, 10, -1)]),
    ),
    differences(
      32,
      grid(5, 5, 5, 4).flatMap(([x, y]) => [
        [block(x - 4, y, 4, 4, 1), block(x + 4, y, 4, 4, 1), block(x, y, 4, 4, -2)],
        [block(x, y - 4, 4, 4, 1), block(x, y + 4, 4, 4, 1), block(x, y, 4, 4, -2)],
      ]),
    ),
    // The larger squares' halves have four times the cells of the smaller ones'.
    differences(128, [
      ...tiles.map((tile, index) => weighted(halves(tile, 8, 'drrdrddrrddrdrrd'[index]!), 4)),
      ...big.map((square, index) => halves(square, 16, 'rddr'[index]!)),
    ]),
  ]
})()

/** The squares between the nine and the four, row by row: two, three, two, three and two of them. */
function interleaved(): Place[] {
  return [1, 6, 11, 16, 21].flatMap((y, row) => (row % 2 === 0 ? grid(2, 1, 10, 6, y) : grid(3, 1, 10, 1, y)))
}

function weighted(terms: readonly Term[], weight: number): Term[] {
  return terms.map((term) => ({ ...term, weight: term.weight * weight }))
}
