import sharp from 'sharp'

/** A picture of its own for each seed. */
export async function picture(seed: number): Promise<Buffer> {
  const at = (step: number, most: number): number => (Math.imul(seed + step, 2654435761) >>> 8) % most
  const shapes = Array.from(
    { length: 9 },
    (_, index) =>
      `<circle cx="${at(index * 5, 700)}" cy="${at(index * 5 + 1, 500)}" r="${30 + at(index * 5 + 2, 120)}" fill="hsl(${at(index * 5 + 3, 360)} 70% ${20 + at(index * 5 + 4, 60)}%)"/>`,
  )
  return await sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="500"><rect width="700" height="500" fill="hsl(${at(99, 360)} 40% 80%)"/>${shapes.join('')}</svg>`,
    ),
  )
    .jpeg({ quality: 90 })
    .toBuffer()
}
