import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programFromDebian } from '../debian.ts'
import { PHOTO } from './media.ts'

/** A folder for films, with Debian's FFmpeg to make them; the tests of the block are skipped where there is none. */
export function filmStudio(): { make(name: string, args: readonly string[]): string; path(name: string): string } {
  let folder = ''
  before(function () {
    this.timeout(300_000)
    if (!programFromDebian('ffmpeg', 'ffmpeg')) this.skip()
    folder = mkdtempSync(join(tmpdir(), 'colophon-films-'))
  })
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })
  const path = (name: string): string => join(folder, name)
  return {
    path,
    make(name, args) {
      execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, path(name)], { stdio: ['ignore', 'ignore', 'pipe'] })
      return path(name)
    },
  }
}

/** Arguments for a film of a picture that a camera moves over, `seconds` long. */
export function panned(seconds: number, picture: string = PHOTO): string[] {
  const move = `zoompan=z='1.6+0.5*sin(on/40)':x='(iw-iw/zoom)*(0.5+0.5*sin(on/31))':y='(ih-ih/zoom)*(0.5+0.5*cos(on/47))':d=1:s=320x240:fps=25`
  return ['-loop', '1', '-framerate', '25', '-i', picture, '-t', String(seconds), '-vf', move, ...H264]
}

/** Another film: a zoom into a fractal. */
export function fractal(seconds: number): string[] {
  return ['-f', 'lavfi', '-i', 'mandelbrot=size=320x240:rate=25:end_scale=0.001:end_pts=400', '-t', String(seconds), ...H264]
}

export const H264: readonly string[] = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
