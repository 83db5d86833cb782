import { inspect } from 'node:util'
import { type Command, CommanderError } from 'commander'
import { ColophonError } from '../errors/base.ts'
import { withPublicUrls } from '../errors/publicUrl.ts'
import { EXIT, exitCodeOf } from './exitCodes.ts'
import { forCommandLine } from './hints.ts'
import { createProgram } from './program.ts'
import type { Answer, Session } from './session.ts'
import { type GlobalOptions, readSettings } from './settings.ts'
import { createTerminal, printable, type Terminal } from './terminal.ts'

/** Runs one command line and gives the exit code. Prints everything, throws nothing. */
export async function run(args: readonly string[]): Promise<number> {
  const { stdout, stderr, env } = process
  const has = (...names: string[]): boolean => names.some((name) => args.slice(0, endOfOptions(args)).includes(name))
  const json = has('--json')
  const terminal = createTerminal({ out: stdout, err: stderr, env, quiet: has('--quiet', '-q') })
  // Whoever reads the answer may stop early, as `head` does.
  stdout.on('error', (fault: NodeJS.ErrnoException) => process.exit(fault.code === 'EPIPE' ? EXIT.ok : EXIT.environment))
  const interruption = watchInterrupt(terminal)
  const endings: (() => void | Promise<void>)[] = []
  const print = ({ data, text }: Answer): void => {
    if (json) stdout.write(`${JSON.stringify(data, bigintAsText, 2)}\n`)
    else if (text !== '') stdout.write(`${printable(text, { styled: true })}\n`)
  }
  let exitCode: number = EXIT.ok

  const program = createProgram((command) => async (options, ...rest) => {
    const flags = options as GlobalOptions
    const session: Session = {
      settings: readSettings(flags, env, process.cwd()),
      terminal,
      signal: interruption.signal,
      verbose: flags.verbose === true,
      json,
      folder: process.cwd(),
      onEnd: (end) => endings.push(end),
      answer: print,
    }
    const answer = await command(session, ...rest)
    if (answer === undefined) return
    print(answer)
    exitCode = answer.exitCode ?? EXIT.ok
  })

  try {
    await program.parseAsync(asked(args, program), { from: 'user' })
    return exitCode
  } catch (fault) {
    return report(fault, {
      json,
      terminal,
      interrupted: interruption.signal.aborted,
      command: program.commands.find((command) => args.includes(command.name()))?.name(),
    })
  } finally {
    for (const end of endings.reverse()) await end()
    interruption.stop()
  }
}

/** `help license offer` is `license offer --help`: commander's own help knows one word only. */
function asked(args: readonly string[], program: Command): string[] {
  const [first, ...path] = args
  if (first !== 'help' || path.length < 2 || path.some((word) => word.startsWith('-'))) return [...args]
  let command: Command | undefined = program
  for (const name of path) {
    command = command.commands.find((each) => each.name() === name || each.aliases().includes(name))
    if (command === undefined) throw new ColophonError('USAGE', `There is no command ${path.join(' ')}.`, { hint: 'See: colophon help' })
  }
  return [...path, '--help']
}

function endOfOptions(args: readonly string[]): number {
  const at = args.indexOf('--')
  return at === -1 ? args.length : at
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function asPublicText(key: string, value: unknown): unknown {
  return typeof value === 'string' ? withPublicUrls(value) : bigintAsText(key, value)
}

/** Ctrl-C, a polite kill, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The first Ctrl-C asks the command to stop where it is safe; the second does not ask. */
function watchInterrupt(terminal: Terminal): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    controller.abort(
      new ColophonError('INTERRUPTED', 'Interrupted.', { hint: 'Nothing was left half-done; run the command again to go on.' }),
    )
    // Only what takes longer than a moment needs a word.
    const waiting = setTimeout(() => terminal.note('Stopping … (Ctrl-C again stops at once)'), 500)
    waiting.unref()
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: controller.signal,
    stop() {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}

interface Circumstances {
  json: boolean
  terminal: Terminal
  interrupted: boolean
  /** Name of the command that was given, if it is one. */
  command: string | undefined
}

/** Prints an error for people or, with `--json`, as the one document on standard output; gives the exit code. */
function report(fault: unknown, { json, terminal, interrupted, command }: Circumstances): number {
  // Commander has printed help and version by itself.
  if (fault instanceof CommanderError && (fault.exitCode === 0 || (fault.code === 'commander.help' && !json)))
    return fault.exitCode === 0 ? EXIT.ok : EXIT.usage
  const error = forCommandLine(typedOf(fault, command))
  if (process.env.COLOPHON_DEBUG !== undefined && process.env.COLOPHON_DEBUG !== '')
    process.stderr.write(`${withPublicUrls(inspect(fault))}\n`)
  // Whatever an error of a library quotes, no key of an RPC gets into a terminal or a log.
  if (json) process.stdout.write(`${JSON.stringify({ error: error.toJSON() }, asPublicText, 2)}\n`)
  else {
    const { shortMessage, hint, docsUrl, code } = error
    process.stderr.write(`${terminal.cross} ${printable(withPublicUrls(shortMessage))}\n`)
    if (hint !== undefined) process.stderr.write(`  ${printable(hint)}\n`)
    if (code !== 'INTERRUPTED' && code !== 'CANCELLED') process.stderr.write(`  ${code}  ${docsUrl}\n`)
  }
  return interrupted ? EXIT.interrupted : exitCodeOf(error)
}

function typedOf(fault: unknown, command?: string): ColophonError {
  if (fault instanceof ColophonError) return fault
  if (fault instanceof CommanderError) {
    return new ColophonError(
      'USAGE',
      fault.code === 'commander.help' ? 'Which command?' : sentence(fault.message.replace(/^error: /, '')),
      {
        hint: command === undefined ? 'See: colophon help' : `See: colophon help ${command}`,
        details: { reason: fault.code },
        cause: fault,
      },
    )
  }
  const message = fault instanceof Error ? fault.message.split('\n')[0] : String(fault)
  return new ColophonError('INTERNAL', `The program has a fault: ${message}`, {
    hint: 'Run it again with COLOPHON_DEBUG=1 and report what it prints.',
    cause: fault,
  })
}

function sentence(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  const capital = first.charAt(0).toUpperCase() + first.slice(1)
  return [/[.?!]$/.test(capital) ? capital : `${capital}.`, ...rest].join(' ')
}
