// Pictures for the local dApp, drawn from numbers: prints in a few flat inks, the same in every run.
import sharp from 'sharp'

/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const WIDTH = 900
const HEIGHT = 700

/** What there is to draw. */
export type Motif = 'hills' | 'harbour' | 'leaves' | 'windows' | 'orbits' | 'weave'

const MOTIFS: Record<Motif, (random: () => number) => string> = {
  hills: (random) =>
    sheet('#f4ead6', [
      `<circle cx="${600 + random() * 120}" cy="190" r="88" fill="#ff6a4d"/>`,
      ...[0, 1, 2, 3, 4].map((layer) => {
        const base = 300 + layer * 85
        const points = Array.from({ length: 10 }, (_, index) => `${index * 100},${base + Math.round((random() - 0.5) * 120)}`)
        return `<polygon points="0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}" fill="#1f4fa3" opacity="${0.25 + layer * 0.17}"/>`
      }),
    ]),
  harbour: (random) =>
    sheet('#dfe8ea', [
      `<rect y="430" width="${WIDTH}" height="270" fill="#0f5f73"/>`,
      ...Array.from({ length: 16 }, () => {
        const x = random() * WIDTH
        const height = 70 + random() * 250
        return `<rect x="${x}" y="${430 - height}" width="${24 + random() * 60}" height="${height}" fill="${random() < 0.3 ? '#f2b632' : '#123044'}" opacity="0.85"/>`
      }),
      ...Array.from(
        { length: 40 },
        () =>
          `<rect x="${random() * WIDTH}" y="${440 + random() * 250}" width="${20 + random() * 160}" height="5" fill="#f7f1e3" opacity="0.6"/>`,
      ),
    ]),
  leaves: (random) =>
    sheet(
      '#f6f3ea',
      Array.from({ length: 34 }, () => {
        const [x, y, length] = [random() * WIDTH, random() * HEIGHT, 60 + random() * 130]
        const colour = ['#16734f', '#0b4d3a', '#e4572e', '#a7c957'][Math.floor(random() * 4)]!
        return `<path d="M0 0C${length * 0.3} ${-length * 0.4} ${length * 0.8} ${-length * 0.3} ${length} 0C${length * 0.8} ${length * 0.3} ${length * 0.3} ${length * 0.4} 0 0z" transform="translate(${x} ${y}) rotate(${random() * 360})" fill="${colour}" opacity="0.88"/>`
      }),
    ),
  windows: (random) =>
    sheet(
      '#2b2347',
      Array.from({ length: 48 }, (_, index) => {
        const [x, y] = [70 + (index % 8) * 98, 60 + Math.floor(index / 8) * 100]
        const lit = random()
        return `<rect x="${x}" y="${y}" width="64" height="74" fill="${lit < 0.35 ? '#ffd166' : lit < 0.5 ? '#ef476f' : '#3d3266'}"/>${lit < 0.35 && random() < 0.5 ? `<circle cx="${x + 20 + random() * 24}" cy="${y + 48}" r="13" fill="#2b2347"/>` : ''}`
      }),
    ),
  orbits: (random) =>
    sheet('#101426', [
      ...Array.from(
        { length: 9 },
        (_, index) =>
          `<ellipse cx="450" cy="350" rx="${60 + index * 48}" ry="${30 + index * 33}" fill="none" stroke="#8ea2ff" stroke-width="${2 + random() * 5}" transform="rotate(${random() * 50 - 25} 450 350)"/>`,
      ),
      ...Array.from(
        { length: 12 },
        () =>
          `<circle cx="${random() * WIDTH}" cy="${random() * HEIGHT}" r="${6 + random() * 34}" fill="${random() < 0.5 ? '#ff5a7e' : '#f4d35e'}"/>`,
      ),
    ]),
  weave: (random) =>
    sheet(
      '#efe7dc',
      Array.from({ length: 60 }, (_, index) => {
        const along = index % 2 === 0
        const at = random() * (along ? HEIGHT : WIDTH)
        const colour = ['#7a3fd0', '#f2c200', '#1b998b', '#c1121f'][Math.floor(random() * 4)]!
        return along
          ? `<rect y="${at}" x="${random() * 300}" width="${300 + random() * 500}" height="${8 + random() * 26}" fill="${colour}" opacity="0.75"/>`
          : `<rect x="${at}" y="${random() * 200}" height="${250 + random() * 400}" width="${8 + random() * 26}" fill="${colour}" opacity="0.75"/>`
      }),
    ),
}

function sheet(paper: string, shapes: string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="${WIDTH}" height="${HEIGHT}" fill="${paper}"/>${shapes.join('')}</svg>`
}

/** A print as JPEG. */
export async function drawPrint(motif: Motif, seed: number): Promise<Uint8Array> {
  return await sharp(Buffer.from(MOTIFS[motif](seeded(seed))))
    .jpeg({ quality: 92 })
    .toBuffer()
}
