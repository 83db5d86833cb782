import { stripVTControlCharacters } from 'node:util'
import type { Progress } from '../progress/progress.ts'

/** Styles by their SGR codes; Node's own `styleText` is younger than Node 20. */
const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

type Style = keyof typeof STYLES

const MARKS = { ok: ['green', '✓'], no: ['red', '✗'], open: ['yellow', '–'] } as const

/** Where the command writes: answers to standard output, everything else to standard error. */
export interface Terminal {
  /** Styles text if standard output shows styles. */
  style(style: Style, text: string): string
  /** A tick, cross or dash for standard output. */
  mark(kind: 'ok' | 'no' | 'open'): string
  /** The cross before an error, for standard error. */
  readonly cross: string
  /** One line to standard error: a notice, not an answer. */
  note(text: string): void
  /** A progress bar on standard error; silent unless that is a terminal. */
  bar(label: string): Bar
}

/** A progress bar; give `onProgress` to long calls and `end` it whatever happens. */
export interface Bar {
  onProgress(progress: Progress): void
  end(): void
}

export interface TerminalOptions {
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
  quiet: boolean
}

export function createTerminal({ out, err, env, quiet }: TerminalOptions): Terminal {
  const outColours = showsColours(out, env)
  const errColours = showsColours(err, env)
  const styled = (on: boolean, style: Style, text: string): string =>
    on ? `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m` : text
  let open: (Bar & { erase(): void }) | undefined
  return {
    style: (style, text) => styled(outColours, style, text),
    mark: (kind) => styled(outColours, MARKS[kind][0], MARKS[kind][1]),
    cross: styled(errColours, 'red', '✗'),
    note(text) {
      if (quiet) return
      open?.erase()
      err.write(`${styled(errColours, 'dim', printable(text))}\n`)
    },
    bar(label) {
      if (quiet || err.isTTY !== true || env.TERM === 'dumb') return { onProgress() {}, end() {} }
      open = createBar(printable(label), err, (text) => styled(errColours, 'dim', text))
      return open
    },
  }
}

/** https://no-color.org, and FORCE_COLOR as Node understands it. */
function showsColours(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/** Milliseconds between two drawings. */
const REDRAW = 80
const WIDTH = 24

function createBar(label: string, err: NodeJS.WriteStream, dim: (text: string) => string): Bar & { erase(): void } {
  let drawn = 0
  let stage = ''
  let begun = performance.now()
  let first = 0
  const erase = (): void => {
    err.write('\r\u001b[2K')
  }
  return {
    erase,
    onProgress(progress) {
      const now = performance.now()
      if (progress.stage !== stage) {
        stage = progress.stage
        begun = now
        first = progress.done
        drawn = 0
      }
      if (now - drawn < REDRAW && progress.done !== progress.total) return
      drawn = now
      const line = `${label}  ${dim(describe(progress, (now - begun) / 1000, first))}`
      const room = (err.columns ?? 80) - 1
      err.write(`\r\u001b[2K${stripVTControlCharacters(line).length <= room ? line : stripVTControlCharacters(line).slice(0, room)}`)
    },
    end: erase,
  }
}

/** `━━━━━━────  1,204 / 4,000  30 %  about 12 s left`. */
function describe({ stage, done, total, unit, secondsLeft }: Progress, seconds: number, first: number): string {
  const count = (value: number): string => (unit === 'bytes' ? bytes(value) : value.toLocaleString('en'))
  if (total === undefined || total === 0) return done === 0 ? `${stage} …` : `${stage}  ${count(done)}`
  if (unit === 'steps' && total === 1) return `${stage} …`
  const share = Math.min(1, done / total)
  const filled = Math.round(share * WIDTH)
  // What reports knows better, where it says so: it tells what an earlier run had done from what this one does.
  const rest = secondsLeft ?? (done > first && seconds > 1 ? (seconds * (total - done)) / (done - first) : undefined)
  const left = rest !== undefined && done < total ? `  about ${duration(rest)} left` : ''
  return `${'━'.repeat(filled)}${'─'.repeat(WIDTH - filled)}  ${stage} ${count(done)} of ${count(total)}${left}`
}

/**
 * Text without characters that would steer the terminal: names of files and what others wrote may hold any. Styles stay where they are
 * ours.
 */
export function printable(text: string, options: { styled?: boolean } = {}): string {
  return text.replace(options.styled === true ? STEERING_BUT_STYLES : STEERING, '\u{fffd}')
}

/** Control characters except line feed, and those that turn the direction of writing. */
const STEERING = /(?!\n)[\p{Cc}\p{Bidi_Control}]/gu
const STEERING_BUT_STYLES = /(?!\n|\p{Cc}\[\d{1,2}m)[\p{Cc}\p{Bidi_Control}]/gu

/** Bytes for people, in powers of 1,000. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`
  const [scale, unit] = value < 1e6 ? [1e3, 'kB'] : value < 1e9 ? [1e6, 'MB'] : [1e9, 'GB']
  return `${(value / scale).toFixed(1)} ${unit}`
}

/** Seconds for people. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
