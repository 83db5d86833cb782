import { ColophonError } from '../../errors/base.ts'
import type { Font } from '../font/font.ts'
import type { UsedFont } from '../pdf/document.ts'
import { pdfNumber } from '../pdf/objects.ts'

/** Red, green and blue, 0 to 1, in sRGB. */
export type Colour = readonly [number, number, number]

/** Fonts in the order in which they are asked for a character. */
export type Face = readonly Font[]

export interface TextStyle {
  face: Face
  /** Points. */
  size: number
  colour: Colour
  /** Points between characters, beside their own. */
  tracking?: number
}

/** A page to draw on. Lengths are points, from the upper left corner; text stands on `y`. */
export interface Sheet {
  text(text: string, x: number, y: number, style: TextStyle, align?: 'left' | 'centre' | 'right'): void
  /** Width of a text, in points. */
  widthOf(text: string, style: TextStyle): number
  line(x1: number, y1: number, x2: number, y2: number, width: number, colour: Colour): void
  frame(x: number, y: number, width: number, height: number, line: number, colour: Colour): void
  fill(shapes: readonly Shape[], colour: Colour): void
  picture(x: number, y: number, width: number, height: number): void
  /** Operators so far, and the glyphs they use. */
  finish(): { content: string; fonts: UsedFont[] }
}

/** A closed outline: where it begins, and lines (two numbers) or Bézier curves (six) from there. */
export interface Shape {
  from: readonly [number, number]
  segments: readonly (readonly number[])[]
}

/** What of a text one font sets. */
interface Run {
  font: Font
  glyphs: { glyph: number; text: string }[]
}

/** @param height of the page, in points, since PDF counts from below */
export function createSheet(height: number): Sheet {
  const operators: string[] = []
  const used: { font: Font; codes: Map<number, number>; glyphs: { glyph: number; text: string }[] }[] = []
  const numbers = (...values: number[]): string => values.map(pdfNumber).join(' ')

  function codeOf(font: Font, glyph: number, text: string): { font: number; code: number } {
    let index = used.findIndex((each) => each.font === font)
    if (index === -1) index = used.push({ font, codes: new Map(), glyphs: [] }) - 1
    const { codes, glyphs } = used[index]!
    const known = codes.get(glyph)
    if (known !== undefined) return { font: index, code: known }
    const code = glyphs.push({ glyph, text })
    codes.set(glyph, code)
    return { font: index, code }
  }

  const sheet: Sheet = {
    text(text, x, y, style, align = 'left') {
      const { size, colour, tracking = 0 } = style
      const shift = align === 'left' ? 0 : sheet.widthOf(text, style) / (align === 'centre' ? 2 : 1)
      const parts = [`BT ${numbers(...colour)} rg ${numbers(tracking)} Tc ${numbers(x - shift, height - y)} Td`]
      for (const { font, glyphs } of runsOf(text, style.face)) {
        const codes = glyphs.map(({ glyph, text: stands }) => codeOf(font, glyph, stands))
        let shown = ''
        for (const [index, { code }] of codes.entries()) {
          shown += code.toString(16).toUpperCase().padStart(4, '0')
          const next = glyphs[index + 1]
          const kern = next === undefined ? 0 : font.kerning(glyphs[index]!.glyph, next.glyph)
          if (kern !== 0) shown += `> ${pdfNumber((-kern * 1000) / font.unitsPerEm)} <`
        }
        parts.push(`/F${codes[0]!.font} ${numbers(size)} Tf [<${shown}>] TJ`)
      }
      operators.push(`${parts.join(' ')} ET`)
    },

    widthOf(text, { face, size, tracking = 0 }) {
      let width = 0
      let count = 0
      for (const { font, glyphs } of runsOf(text, face)) {
        for (const [index, { glyph }] of glyphs.entries()) {
          const next = glyphs[index + 1]
          const units = font.advanceOf(glyph) + (next === undefined ? 0 : font.kerning(glyph, next.glyph))
          width += (units * size) / font.unitsPerEm
          count++
        }
      }
      return width + Math.max(0, count - 1) * tracking
    },

    line(x1, y1, x2, y2, width, colour) {
      operators.push(`${numbers(...colour)} RG ${numbers(width)} w ${numbers(x1, height - y1)} m ${numbers(x2, height - y2)} l S`)
    },

    frame(x, y, width, tall, line, colour) {
      operators.push(`${numbers(...colour)} RG ${numbers(line)} w ${numbers(x, height - y - tall, width, tall)} re S`)
    },

    fill(shapes, colour) {
      const path = shapes.map(({ from, segments }) => {
        const flip = (values: readonly number[]): string =>
          numbers(...values.map((value, index) => (index % 2 === 0 ? value : height - value)))
        return `${flip(from)} m ${segments.map((each) => `${flip(each)} ${each.length === 2 ? 'l' : 'c'}`).join(' ')} h`
      })
      if (path.length > 0) operators.push(`${numbers(...colour)} rg ${path.join('\n')} f`)
    },

    picture(x, y, width, tall) {
      operators.push(`q ${numbers(width, 0, 0, tall, x, height - y - tall)} cm /P Do Q`)
    },

    finish: () => ({ content: `${operators.join('\n')}\n`, fonts: used.map(({ font, glyphs }) => ({ font, glyphs })) }),
  }
  return sheet
}

/** Characters that are not drawn, and have nothing to say to who reads the page. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Variation_Selector}]/u

/**
 * @throws ColophonError `FONT_LACKS_CHARACTER`
 */
function runsOf(text: string, face: Face): Run[] {
  const runs: Run[] = []
  for (const character of text.normalize('NFC')) {
    if (UNSEEN.test(character)) continue
    const codePoint = character.codePointAt(0)!
    const font = face.find((each) => each.glyphOf(codePoint) !== 0)
    if (font === undefined) throw lacking(character, face)
    const glyph = { glyph: font.glyphOf(codePoint), text: character }
    const last = runs.at(-1)
    if (last?.font === font) last.glyphs.push(glyph)
    else runs.push({ font, glyphs: [glyph] })
  }
  return runs
}

function lacking(character: string, face: Face): ColophonError {
  const codePoint = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return new ColophonError('FONT_LACKS_CHARACTER', `No font at hand has the character “${character}” (U+${codePoint}).`, {
    hint: /\p{Script=Han}|[\u3000-\u303f\uff00-\uffef]/u.test(character)
      ? 'Install the Chinese font: npm install @fontsource/noto-serif-sc. Or give a font that has it.'
      : 'Give a TrueType font that has it: fonts in the SDK, --font FILE on the command line.',
    details: { character, codePoint: `U+${codePoint}`, fonts: face.map(({ name }) => name) },
  })
}
