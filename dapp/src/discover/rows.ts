// Which rows of a grid are near the window: arithmetic alone, since all rows are of one height.

const LEAST_WIDTH = 200
/** Room of a card below its mark: a title of two lines, who made it, and tags. */
const WORDS = 142
/** Rows above and below the window that are in the page too. */
const BEYOND = 3

/** Sizes in CSS pixels. */
export interface Shape {
  columns: number
  gap: number
  /** Width of a card. */
  cell: number
  /** Height of a card. */
  height: number
  /** From one row to the next. */
  pitch: number
}

/** How cards lie in a grid of this width. */
export function shapeOf(width: number): Shape {
  const narrow = width < 480
  const gap = narrow ? 14 : 24
  const columns = Math.max(narrow ? 2 : 1, Math.floor((width + 24) / (LEAST_WIDTH + 24)))
  const cell = (width - gap * (columns - 1)) / columns
  const height = Math.round(cell + WORDS)
  return { columns, gap, cell, height, pitch: height + gap }
}

/** Where a grid is on the page, and which of its rows are near the window: `first` to before `end`, however many there are. */
export interface Place {
  width: number
  /** Of the grid, from the top of the page. */
  top: number
  first: number
  end: number
}

/** Before the grid was measured. */
export const NOWHERE: Place = { width: 0, top: 0, first: 0, end: 0 }

/**
 * The place of a grid while the page is scrolled so far.
 * @param height of the window
 */
export function placeOf({ width, top, scrolled, height }: { width: number; top: number; scrolled: number; height: number }): Place {
  const { pitch } = shapeOf(width)
  const first = Math.max(0, Math.floor((scrolled - top) / pitch) - BEYOND)
  const end = Math.max(first, Math.ceil((scrolled + height - top) / pitch) + BEYOND)
  return { width, top, first, end }
}
