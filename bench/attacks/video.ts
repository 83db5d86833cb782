import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { H264 } from '../corpora/video.ts'
import { numbers } from '../report.ts'

/** What is done to a piece of a film, as arguments of FFmpeg. */
export interface VideoAttack {
  name: string
  /** Seconds of the piece; 10 where it is not said. */
  seconds?: number
  /** A graph of filters that ends in one picture. Without one the picture stays. */
  filter?: string
  /** Further inputs, numbered from 1. */
  inputs?: readonly string[]
  /** How it is written: codec and bit rate; a good H.264 where it is not said. */
  output?: readonly string[]
  extension?: string
}

/** Drawings that attacks lay over films, in a folder of their own. */
async function overlays(folder: string): Promise<{ logo: string; text: string; screen: string; host: string }> {
  mkdirSync(folder, { recursive: true })
  const draw = async (name: string, width: number, height: number, content: string): Promise<string> => {
    const path = join(folder, `${name}.png`)
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`
    writeFileSync(path, await sharp(Buffer.from(svg)).png().toBuffer())
    return path
  }
  const words = (y: number, text: string): string =>
    `<text x="200" y="${y}" font-family="DejaVu Sans, sans-serif" font-weight="bold" font-size="26" text-anchor="middle" fill="white" stroke="black">${text}</text>`
  const next = numbers(99)
  const shapes = Array.from({ length: 60 }, () => {
    const [x, y, size] = [next() * 640, next() * 360, 10 + next() * 70]
    const colour = `hsl(${Math.floor(next() * 360)} 50% ${Math.floor(30 + next() * 50)}%)`
    return next() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${colour}"/>`
      : `<rect x="${x}" y="${y}" width="${size}" height="${size * next()}" fill="${colour}"/>`
  })
  const lines = Array.from(
    { length: 220 },
    (_, row) => `<rect x="0" y="${row * 1.83}" width="480" height="0.8" fill="#000" fill-opacity="0.22"/>`,
  )
  return {
    logo: await draw('logo', 90, 50, '<rect width="90" height="50" rx="12" fill="#c22"/><path d="M30 10L66 25L30 40Z" fill="#fff"/>'),
    text: await draw('text', 400, 224, words(40, 'YOU WILL NOT BELIEVE') + words(205, 'SHARE BEFORE IT IS GONE')),
    screen: await draw('screen', 480, 400, lines.join('')),
    host: await draw('host', 640, 360, `<rect width="640" height="360" fill="#9ab"/>${shapes.join('')}`),
  }
}

const quality = (crf: number): readonly string[] => ['-crf', String(crf), ...H264]

/** All attacks on films. Random ones are seeded. */
export async function videoAttacks(folder: string): Promise<VideoAttack[]> {
  const { logo, text, screen, host } = await overlays(folder)
  return [
    { name: 're-encoded, crf 40', output: quality(40) },
    { name: 'MPEG-4, 200 kbit/s', output: ['-c:v', 'mpeg4', '-b:v', '200k', '-an'], extension: 'avi' },
    { name: '144p', filter: 'scale=-2:144' },
    { name: '10 frames a second', filter: 'fps=10' },
    { name: '15 frames a second', filter: 'fps=15' },
    { name: 'crop 5 %', filter: 'crop=iw*0.95:ih*0.95' },
    { name: 'crop 15 %', filter: 'crop=iw*0.85:ih*0.85' },
    { name: 'stretch 20 %', filter: 'scale=trunc(iw*1.2/2)*2:ih' },
    { name: 'letterbox', filter: 'pad=iw:trunc(ih*1.35/2)*2:0:(oh-ih)/2' },
    { name: 'pillarbox', filter: 'pad=trunc(iw*1.35/2)*2:ih:(ow-iw)/2:0' },
    {
      name: 'pillarbox, blurred sides',
      filter: 'split[a][b];[a]scale=trunc(iw*1.5/2)*2:ih,boxblur=14[w];[w][b]overlay=(W-w)/2:0',
    },
    { name: 'logo', filter: '[0:v][1:v]overlay=W-w-10:10', inputs: [logo] },
    { name: 'text', filter: '[1:v][0:v]scale2ref[t][v];[v][t]overlay', inputs: [text] },
    { name: 'brightness', filter: 'eq=brightness=0.18:contrast=1.15' },
    { name: 'grey', filter: 'hue=s=0' },
    { name: 'noise', filter: 'noise=alls=30:allf=t:all_seed=7' },
    { name: 'blur', filter: 'gblur=sigma=3.5' },
    { name: 'mirrored', filter: 'hflip' },
    { name: 'turned by 90°', filter: 'transpose=1' },
    { name: '1.25 times as fast', filter: 'setpts=PTS/1.25,fps=25' },
    { name: 'excerpt of 5 s', seconds: 5 },
    { name: 'excerpt of 3 s', seconds: 3 },
    {
      name: 'picture in picture',
      filter: '[0:v]scale=288:-2[p];[1:v]scale=640:360[h];[h][p]overlay=320:30:shortest=1,format=yuv420p',
      inputs: ['-loop', host],
    },
    {
      name: 'social media',
      filter: '[0:v]crop=iw*0.92:ih*0.94,scale=-2:180[c];[1:v][c]scale2ref[t][v];[v][t]overlay,eq=saturation=1.3:contrast=1.1',
      inputs: [text],
      output: quality(36),
    },
    {
      name: 'filmed off a screen',
      filter:
        '[0:v]scale=400:300,pad=480:400:40:50:0x202830,perspective=x0=22:y0=14:x1=462:y1=0:x2=6:y2=388:x3=476:y3=396:sense=destination,rotate=0.03:c=0x202830[p];' +
        '[p][1:v]overlay,gblur=sigma=0.9,eq=gamma=1.2:saturation=0.8,noise=alls=10:allf=t:all_seed=5',
      inputs: [screen],
      output: quality(30),
    },
    {
      name: 'shuffled segments',
      filter:
        'split=3[a][b][c];[a]trim=0:3.4,setpts=PTS-STARTPTS[x];[b]trim=3.4:6.8,setpts=PTS-STARTPTS[y];[c]trim=6.8,setpts=PTS-STARTPTS[z];[z][x][y]concat=n=3',
    },
  ]
}

/** Arguments that cut a piece out of a film, attack it and write it. */
export function attackArguments(attack: VideoAttack, film: string, from: number, seconds: number): string[] {
  const looped = attack.inputs?.[0] === '-loop'
  const inputs = (looped ? attack.inputs!.slice(1) : (attack.inputs ?? [])).flatMap((path) => [
    ...(looped ? ['-loop', '1'] : []),
    '-i',
    path,
  ])
  const filter =
    attack.filter === undefined ? [] : ['-filter_complex', attack.filter.startsWith('[') ? attack.filter : `[0:v]${attack.filter}`]
  return ['-ss', String(from), '-t', String(seconds), '-i', film, ...inputs, ...filter, ...(attack.output ?? quality(26))]
}
