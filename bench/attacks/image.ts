// What people do to pictures that are not theirs, as code with seeds: the same photograph always gives the same attacked file.
import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import { numbers } from '../report.ts'

/** A photograph to attack: opaque sRGB pixels. */
export interface Photo {
  width: number
  height: number
  /** Red, green, blue, a byte each. */
  data: Buffer
  /** Another one for every photograph. */
  seed: number
}

export interface ImageAttack {
  name: string
  /** The attacked file, in the encoding that people would have it in. */
  make: (photo: Photo) => Promise<Buffer>
}

const JPEG = { quality: 85 } as const

function open({ data, width, height }: Pick<Photo, 'data' | 'width' | 'height'>): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** An attack that one chain of sharp's operations makes, saved as a JPEG of quality 85. */
function edit(name: string, change: (image: Sharp, photo: Photo) => Sharp): ImageAttack {
  return { name, make: async (photo) => await change(open(photo), photo).jpeg(JPEG).toBuffer() }
}

/** Pixels changed one by one, saved as a JPEG of quality 85. */
function pixels(name: string, change: (photo: Photo) => Buffer): ImageAttack {
  return {
    name,
    make: async (photo) =>
      await open({ ...photo, data: change(photo) })
        .jpeg(JPEG)
        .toBuffer(),
  }
}

/** The picture without `share` of its width and height, from the centre or from a corner that the seed chooses. */
function crop(share: number, where: 'centre' | 'corner'): ImageAttack {
  return edit(`crop ${share * 100} % ${where}`, (image, { width, height, seed }) => {
    const [w, h] = [Math.round(width * (1 - share)), Math.round(height * (1 - share))]
    const [x, y] = where === 'centre' ? [0.5, 0.5] : [seed & 1, (seed >> 1) & 1]
    return image.extract({ left: Math.round((width - w) * x), top: Math.round((height - h) * y), width: w, height: h })
  })
}

function resize(name: string, factor: number): ImageAttack {
  return edit(name, (image, { width }) => image.resize(Math.round(width * factor)))
}

/** Turned by some degrees and cut to the largest upright rectangle of the same shape that has no empty corner. */
function rotate(degrees: number): ImageAttack {
  return {
    name: `rotate ${degrees}°`,
    make: async (photo) => {
      const { data, info } = await open(photo).rotate(degrees, { background: '#000' }).png().toBuffer({ resolveWithObject: true })
      const { width, height } = photo
      const angle = (degrees * Math.PI) / 180
      const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
      const scale = Math.min(width / (width * cos + height * sin), height / (width * sin + height * cos))
      const [w, h] = [Math.floor(width * scale) - 2, Math.floor(height * scale) - 2]
      return await sharp(data)
        .extract({ left: Math.floor((info.width - w) / 2), top: Math.floor((info.height - h) / 2), width: w, height: h })
        .jpeg(JPEG)
        .toBuffer()
    },
  }
}

function svg(width: number, height: number, content: string): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`)
}

/** Words in large letters over the middle, as memes have them. */
function caption({ width, height }: { width: number; height: number }): OverlayOptions {
  const size = Math.round(height / 8)
  const line = (y: number, text: string): string =>
    `<text x="50%" y="${y}" font-family="DejaVu Sans, sans-serif" font-weight="bold" font-size="${size}" text-anchor="middle" fill="white" stroke="black" stroke-width="${size / 24}" textLength="${width * 0.86}" lengthAdjust="spacingAndGlyphs">${text}</text>`
  return { input: svg(width, height, line(height * 0.18, 'WHEN YOU SEE IT') + line(height * 0.92, 'SHARE THIS NOW')) }
}

function logo({ width, height }: Photo): OverlayOptions {
  const side = Math.round(Math.min(width, height) * 0.28)
  const mark = svg(
    side,
    side,
    `<circle cx="50%" cy="50%" r="48%" fill="#e8322b"/><path d="M${side * 0.3} ${side * 0.25}L${side * 0.75} ${side * 0.5}L${side * 0.3} ${side * 0.75}Z" fill="#fff"/>`,
  )
  return { input: mark, gravity: 'southeast' }
}

function border(share: number): ImageAttack {
  return edit(`border ${share * 100} %`, (image, { width, height, seed }) => {
    const size = Math.round(Math.max(width, height) * share)
    const background = ['#ffffff', '#000000', '#d8c8a8', '#1b3a5c'][seed & 3]!
    return image.extend({ top: size, bottom: size, left: size, right: size, background })
  })
}

function mapped(name: string, level: (value: number) => number): ImageAttack {
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.max(0, Math.min(255, Math.round(level(value)))))
  return pixels(name, ({ data }) => Buffer.from(data.map((value) => table[value]!)))
}

/** Normally distributed noise on every channel of every pixel. */
function noise(deviation: number): ImageAttack {
  return pixels(`noise ${deviation}`, ({ data, seed }) => {
    const next = numbers(seed)
    const out = Buffer.alloc(data.length)
    for (let at = 0; at < data.length; at++) {
      // The sum of four uniform numbers is near enough to a normal distribution: variance 4 / 12.
      const value = (next() + next() + next() + next() - 2) * Math.sqrt(3) * deviation
      out[at] = Math.max(0, Math.min(255, Math.round(data[at]! + value)))
    }
    return out
  })
}

/** A page of an application around the picture, as a telephone's or desktop's screenshot shows it. */
const screenshot: ImageAttack = {
  name: 'screenshot in a page',
  make: async (photo) => {
    const next = numbers(photo.seed)
    const [width, height] = [1280, 900]
    const shown = await open(photo).resize(620, 560, { fit: 'inside' }).png().toBuffer({ resolveWithObject: true })
    const [left, top] = [90 + Math.round(next() * 60), 150 + Math.round(next() * 60)]
    const word = (): string => 'lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam'.split(' ')[Math.floor(next() * 10)]!
    const line = (x: number, y: number, size: number, words: number): string =>
      `<text x="${x}" y="${y}" font-family="DejaVu Sans, sans-serif" font-size="${size}" fill="#333">${Array.from({ length: words }, word).join(' ')}</text>`
    const lines = Array.from({ length: 22 }, (_, k) => line(860, 170 + k * 30, 15, 6)).join('')
    const page = `<rect width="100%" height="100%" fill="#f4f5f7"/><rect width="100%" height="64" fill="#2b3f63"/>
      <circle cx="40" cy="32" r="18" fill="#fff"/><rect x="300" y="16" width="480" height="32" rx="16" fill="#fff"/>
      <rect x="60" y="90" width="740" height="780" fill="#fff"/>${line(90, 128, 22, 5)}${lines}${line(90, 800, 16, 9)}${line(90, 830, 16, 8)}`
    return await sharp(svg(width, height, page))
      .composite([{ input: shown.data, left, top }])
      .flatten({ background: '#fff' })
      .png({ compressionLevel: 3 })
      .toBuffer()
  },
}

/** Cut, made smaller, captioned and saved badly, one after the other. */
const social: ImageAttack = {
  name: 'social-media chain',
  make: async (photo) => {
    const { width, height } = photo
    const cut = await open(photo)
      .extract({
        left: Math.round(width * 0.04),
        top: Math.round(height * 0.06),
        width: Math.round(width * 0.92),
        height: Math.round(height * 0.88),
      })
      .resize(Math.round(width * 0.6))
      .png()
      .toBuffer({ resolveWithObject: true })
    const once = await sharp(cut.data)
      .composite([caption(cut.info)])
      .jpeg({ quality: 60 })
      .toBuffer()
    return await sharp(once).jpeg({ quality: 40 }).toBuffer()
  },
}

/** Four pictures in one, this one in a place that the seed chooses; the others are made-up scenes. */
const collage: ImageAttack = {
  name: 'collage of four',
  make: async (photo) => {
    const [width, height] = [640, 480]
    const next = numbers(photo.seed)
    const own = await open(photo).resize(width, height, { fit: 'fill' }).png().toBuffer()
    const place = photo.seed & 3
    const cells = await Promise.all(
      [0, 1, 2, 3].map(async (index): Promise<OverlayOptions> => {
        const input = index === place ? own : await scene(width, height, next)
        return { input, left: (index & 1) * width, top: (index >> 1) * height }
      }),
    )
    return await sharp({ create: { width: width * 2, height: height * 2, channels: 3, background: '#000' } })
      .composite(cells)
      .jpeg(JPEG)
      .toBuffer()
  },
}

/** Shapes, lines and grain: something for every layer to see. */
async function scene(width: number, height: number, next: () => number): Promise<Buffer> {
  const colour = (): string => `rgb(${Math.floor(next() * 256)},${Math.floor(next() * 256)},${Math.floor(next() * 256)})`
  const shapes = Array.from({ length: 60 }, () => {
    const [x, y, size] = [next() * width, next() * height, 10 + next() * 90]
    return next() < 0.5
      ? `<rect x="${x}" y="${y}" width="${size}" height="${size * (0.3 + next())}" transform="rotate(${next() * 90} ${x} ${y})" fill="${colour()}"/>`
      : `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${colour()}"/>`
  })
  return await sharp(svg(width, height, `<rect width="100%" height="100%" fill="${colour()}"/>${shapes.join('')}`))
    .png()
    .toBuffer()
}

/** A screen photographed at an angle: perspective, the screen's lines against the sensor's, glare, blur. */
const photographed: ImageAttack = {
  name: 'photographed screen',
  make: async (photo) => {
    const next = numbers(photo.seed)
    const [width, height] = [1100, 850]
    const jitter = (): number => next() * 60
    // Corners of the screen in the camera's picture.
    const fit = Math.min(900 / photo.width, 650 / photo.height)
    const [w, h] = [photo.width * fit, photo.height * fit]
    const [x, y] = [(width - w) / 2, (height - h) / 2]
    const corners = [
      [x + jitter(), y + jitter()],
      [x + w - jitter(), y + jitter()],
      [x + w - jitter(), y + h - jitter()],
      [x + jitter(), y + h - jitter()],
    ] as const
    const back = perspective(corners, photo.width, photo.height)
    const out = Buffer.alloc(width * height * 3)
    for (let v = 0; v < height; v++) {
      for (let u = 0; u < width; u++) {
        const at = (v * width + u) * 3
        const d = back[6]! * u + back[7]! * v + 1
        const px = (back[0]! * u + back[1]! * v + back[2]!) / d
        const py = (back[3]! * u + back[4]! * v + back[5]!) / d
        const wave = 12 * Math.sin(px * 1.9 + py * 0.13) * Math.sin(py * 1.7)
        const glare = 30 * Math.exp(-(((u - 700) / 300) ** 2) - ((v - 250) / 220) ** 2)
        for (let channel = 0; channel < 3; channel++) {
          const inside = px >= 0 && py >= 0 && px < photo.width - 1 && py < photo.height - 1
          const value = inside ? bilinear(photo, px, py, channel) * 0.9 + wave + glare : 38 + 6 * Math.sin(u / 40) + glare * 0.4
          out[at + channel] = Math.max(0, Math.min(255, Math.round(value + (next() - 0.5) * 14)))
        }
      }
    }
    return await open({ data: out, width, height }).blur(1.2).jpeg({ quality: 80 }).toBuffer()
  },
}

function bilinear({ data, width }: Photo, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top]
  const at = (top * width + left) * 3 + channel
  const below = at + width * 3
  return (data[at]! * (1 - right) + data[at + 3]! * right) * (1 - down) + (data[below]! * (1 - right) + data[below + 3]! * right) * down
}

/** The map from the camera's picture to the screen's pixels, eight numbers, from where the screen's corners are. */
function perspective(corners: readonly (readonly [number, number])[], width: number, height: number): number[] {
  const targets = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ]
  const rows: number[][] = []
  for (const [index, [u, v]] of corners.entries()) {
    const [x, y] = targets[index] as [number, number]
    rows.push([u, v, 1, 0, 0, 0, -u * x, -v * x, x], [0, 0, 0, u, v, 1, -u * y, -v * y, y])
  }
  for (let column = 0; column < 8; column++) {
    let pivot = column
    for (let row = column; row < 8; row++) if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let row = 0; row < 8; row++) {
      if (row === column) continue
      const factor = rows[row]![column]! / rows[column]![column]!
      for (let k = column; k < 9; k++) rows[row]![k]! -= factor * rows[column]![k]!
    }
  }
  return rows.map((row, index) => row[8]! / row[index]!)
}

/** All attacks, in the order that the tables have. */
export const imageAttacks: readonly ImageAttack[] = [
  ...[90, 50, 30, 10].map(
    (quality): ImageAttack => ({ name: `jpeg ${quality}`, make: (photo) => open(photo).jpeg({ quality }).toBuffer() }),
  ),
  { name: 'webp 50', make: (photo) => open(photo).webp({ quality: 50, effort: 1 }).toBuffer() },
  { name: 'avif 40', make: (photo) => open(photo).avif({ quality: 40, effort: 0 }).toBuffer() },
  resize('resize 50 %', 0.5),
  resize('resize 25 %', 0.25),
  resize('resize 12 %', 0.12),
  resize('upscale 150 %', 1.5),
  edit('stretch 20 %', (image, { width, height }) => image.resize(Math.round(width * 1.2), height, { fit: 'fill' })),
  ...[0.02, 0.05, 0.1, 0.2, 0.4].flatMap((share) => [crop(share, 'centre'), crop(share, 'corner')]),
  ...[1, 2, 5, 10].map(rotate),
  edit('rotate 5° filled', (image) => image.rotate(5, { background: '#fff' })),
  edit('rotate 90°', (image) => image.rotate(90)),
  edit('rotate 180°', (image) => image.rotate(180)),
  edit('flip horizontal', (image) => image.flop()),
  edit('flip vertical', (image) => image.flip()),
  edit('text', (image, photo) => image.composite([caption(photo)])),
  edit('logo', (image, photo) => image.composite([logo(photo)])),
  border(0.05),
  border(0.15),
  edit('letterbox', (image, { width, height }) => {
    const tall = Math.round(Math.max(width * 1.25, height * 1.25)) - height
    return image.extend({ top: tall >> 1, bottom: tall - (tall >> 1), background: '#000' })
  }),
  mapped('brightness +30 %', (value) => value * 1.3),
  mapped('contrast +40 %', (value) => (value - 128) * 1.4 + 128),
  mapped('gamma 1.8', (value) => 255 * (value / 255) ** (1 / 1.8)),
  edit('saturation +80 %', (image) => image.modulate({ saturation: 1.8 })),
  edit('hue 60°', (image) => image.modulate({ hue: 60 })),
  edit('grey', (image) => image.greyscale()),
  edit('sepia', (image) =>
    image.recomb([
      [0.393, 0.769, 0.189],
      [0.349, 0.686, 0.168],
      [0.272, 0.534, 0.131],
    ]),
  ),
  mapped('invert', (value) => 255 - value),
  edit('blur 2', (image) => image.blur(2)),
  edit('blur 5', (image) => image.blur(5)),
  edit('sharpen', (image) => image.sharpen({ sigma: 2, m1: 2, m2: 4 })),
  edit('median 5', (image) => image.median(5)),
  noise(10),
  noise(30),
  screenshot,
  social,
  collage,
  photographed,
]
