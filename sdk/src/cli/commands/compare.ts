import { basename } from 'node:path'
import type { Command } from 'commander'
import { compare, explanationOf, type Layer, type Match, type Side } from '../../fingerprint/index.ts'
import type { Action } from '../action.ts'
import { EXIT } from '../exitCodes.ts'
import { table } from '../layout.ts'
import { checkOutput, writeText } from '../output.ts'
import type { Session } from '../session.ts'
import { fingerprintFile, type MediaOptions, mediaOption } from './fingerprint.ts'

export function addCompare(program: Command, action: Action): void {
  program
    .command('compare')
    .summary('tell whether one work is a copy of another')
    .description('Compares two works and explains the answer. Exit code 0: identical, copy or similar; 1: different.')
    .argument('<a>', 'one file')
    .argument('<b>', 'the other file')
    .addOption(mediaOption())
    .option('--picture <file>', 'write what both share, to look at: pictures, recordings and films as SVG, texts as HTML')
    .option('--force', 'write over that file if it is there')
    .action(
      action<[string, string], CompareOptions>(async (session, options, a, b) => {
        const { picture } = options
        if (picture !== undefined) await checkOutput(picture, options.force)
        const first = await fingerprintFile(session, a, options)
        const second = await fingerprintFile(session, b, options)
        const match = compare(first, second)
        const sides: [Side, Side] = [
          { source: a, name: basename(a), fingerprint: first },
          { source: b, name: basename(b), fingerprint: second },
        ]
        const drawn = picture === undefined ? undefined : await explanationOf(match, ...sides, { signal: session.signal })
        if (picture !== undefined && drawn !== undefined) await writeText(picture, drawn.content, { overwrite: options.force === true })
        const note =
          picture === undefined ? [] : ['', drawn === undefined ? '  They share nothing that could be drawn.' : `  See ${picture}.`]
        return {
          data: { a, b, ...match, ...(drawn === undefined ? {} : { picture }) },
          text: [describe(session, match), ...note].join('\n'),
          exitCode: match.verdict === 'different' ? EXIT.no : EXIT.ok,
        }
      }),
    )
}

interface CompareOptions extends MediaOptions {
  picture?: string
  force?: true
}

const NAMES: Record<Layer['name'], string> = {
  sha256: 'SHA-256',
  pdq: 'PDQ',
  blockhash: 'blockhash',
  'iscc-content': 'ISCC content',
  views: 'turns and crops',
  keypoints: 'same places',
  minhash: 'shared wording',
  passages: 'shared passages',
  containment: 'contained',
  peaks: 'spectral peaks',
  chromaprint: 'chromaprint',
  frames: 'whole frames',
  keyframes: 'parts of frames',
  sound: 'sound',
}

function describe({ terminal, verbose }: Session, { verdict, reason, layers, passages, stretches = [] }: Match): string {
  const colour = ({ identical: 'green', copy: 'green', similar: 'yellow', different: 'red' } as const)[verdict]
  const rows = layers.map((layer) => [
    terminal.mark(layer.speaksForCopy ? 'ok' : 'no'),
    NAMES[layer.name],
    shown(layer, layer.value),
    layer.unit === 'equal'
      ? ''
      : `${layer.unit === 'bits' || layer.unit === 'error-rate' ? 'at most' : 'at least'} ${shown(layer, layer.threshold)}`,
    terminal.style('dim', verbose ? layer.source : ''),
  ])
  const found = passages ?? []
  const films = verbose ? stretches : stretches.slice(0, 8)
  const listed = verbose ? found : found.slice(0, 5)
  return [
    `${terminal.style('bold', terminal.style(colour, verdict.toUpperCase()))}  ${reason}`,
    '',
    table(rows),
    ...(films.length === 0
      ? []
      : [
          '',
          '  Shared stretches:',
          table(
            films.map(({ a, b, layer, turn }) => [
              `${clock(a.from)}–${clock(a.to)}`,
              'is',
              `${clock(b.from)}–${clock(b.to)}`,
              terminal.style('dim', `${NAMES[layer]}${turn === undefined || turn === '0' ? '' : `, ${turn}`}`),
            ]),
            [0],
          ),
          ...(stretches.length > films.length ? [`  and ${stretches.length - films.length} more (--verbose)`] : []),
        ]),
    ...(found.length === 0
      ? []
      : [
          '',
          '  Shared passages, in characters of each text:',
          table(
            listed.map(({ a, b }) => [`${a.from}–${a.to}`, 'stands at', `${b.from}–${b.to}`]),
            [0],
          ),
          ...(found.length > listed.length ? [`  and ${found.length - listed.length} more (--verbose)`] : []),
        ]),
  ].join('\n')
}

/** Minutes and seconds. */
function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10)
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`
}

function shown({ unit }: Layer, value: number): string {
  if (unit === 'equal') return value === 1 ? 'equal' : 'not equal'
  if (unit === 'score') return `score ${Math.round(value * 10) / 10}`
  if (unit === 'hashes') return `${value} in common`
  if (unit === 'error-rate') return `${Math.round(value * 100)} % of bits differ`
  return unit === 'bits' ? `${value} bits apart` : `${Math.round(value * 100)} %`
}
