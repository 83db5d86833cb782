import { Argument, type Command, type Option } from 'commander'
import type { Action } from '../action.ts'
import { commandsBelow } from '../commandTree.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export function addCompletion(program: Command, action: Action): void {
  program
    .command('completion')
    .summary('print a completion script for the shell')
    .description(
      `Prints a script that lets the shell complete commands and options.

  bash  add to ~/.bashrc:  source <(colophon completion bash)
  zsh   add to ~/.zshrc:   source <(colophon completion zsh)
  fish  run once:          colophon completion fish > ~/.config/fish/completions/colophon.fish`,
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action(
      action<[(typeof SHELLS)[number]], object>(async (_session, _options, shell) => {
        const script = { bash, zsh, fish }[shell](program)
        return { data: { shell, script }, text: script }
      }),
    )
}

interface Word {
  word: string
  about: string
  /** Whether a file or folder may follow. */
  choices?: readonly string[]
  takesValue?: boolean
}

interface Completed {
  name: string
  about: string
  /** Those of the commands below it too. */
  options: Word[]
  /** Names of the commands below it. */
  below: string[]
}

function commandsOf(program: Command): Completed[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.summary() || command.description(),
    options: withoutTwins(
      [...command.options, ...commandsBelow(command).flatMap(({ options }) => options), ...program.options]
        .filter((option) => !option.hidden)
        .flatMap(wordsOf),
    ),
    below: command.commands.map((each) => each.name()),
  }))
}

/** Commands below one another share options. */
function withoutTwins(words: readonly Word[]): Word[] {
  return [...new Map(words.map((each) => [each.word, each])).values()]
}

function wordsOf(option: Option): Word[] {
  const about = option.description
  const takesValue = option.required || option.optional
  return [option.long, option.short]
    .filter((word) => word !== undefined && word !== null)
    .map((word) => ({ word, about, takesValue, ...(option.argChoices === undefined ? {} : { choices: option.argChoices }) }))
}

function bash(program: Command): string {
  const commands = commandsOf(program)
  const choices = choicesOf(commands)
  const groups = commands.filter(({ below }) => below.length > 0)
  return `# bash completion for colophon
_colophon() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${commands.map(({ name }) => name).join('|')}) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$before" in
${choices.map(({ word, choices: values }) => `    ${word}) COMPREPLY=($(compgen -W "${values!.join(' ')}" -- "$word")); return ;;`).join('\n')}
    completion) COMPREPLY=($(compgen -W "${SHELLS.join(' ')}" -- "$word")); return ;;
  esac
  if [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), 'help', ...program.options.map(({ long }) => long)].join(' ')}" -- "$word"))
    return
  fi
  if [[ "$word" == -* ]]; then
    case "$command" in
${commands.map(({ name, options }) => `      ${name}) COMPREPLY=($(compgen -W "${options.map(({ word }) => word).join(' ')}" -- "$word")) ;;`).join('\n')}
    esac
    return
  fi
  if (( i == COMP_CWORD - 1 )); then
    case "$command" in
${groups.map(({ name, below }) => `      ${name}) COMPREPLY=($(compgen -W "${below.join(' ')}" -- "$word")); return ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _colophon colophon`
}

function choicesOf(commands: readonly { options: Word[] }[]): Word[] {
  const found = new Map<string, Word>()
  for (const { options } of commands) for (const option of options) if (option.choices !== undefined) found.set(option.word, option)
  return [...found.values()]
}

function zsh(program: Command): string {
  const commands = commandsOf(program)
  const quoted = (text: string): string => text.replace(/'/g, "'\\''").replace(/([[\]:])/g, '\\$1')
  const spec = ({ word, about, choices, takesValue }: Word): string =>
    `'${word}[${quoted(about)}]${takesValue ? `:value:${choices === undefined ? '_files' : `(${choices.join(' ')})`}` : ''}'`
  return `#compdef colophon
_colophon() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${commands
  .map(
    ({ name, options, below }) =>
      `    ${name}) _arguments '2:${name}:${name === 'completion' ? `(${SHELLS.join(' ')})` : below.length > 0 ? `(${below.join(' ')})` : '_files'}' '*:file:_files' ${options.map(spec).join(' ')} ;;`,
  )
  .join('\n')}
  esac
}
compdef _colophon colophon`
}

function fish(program: Command): string {
  const commands = commandsOf(program)
  const quoted = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
  const lines = ['# fish completion for colophon']
  for (const { name, about } of commands) lines.push(`complete -c colophon -f -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`)
  for (const { name, options } of commands)
    for (const { word, about, choices, takesValue } of options) {
      const flag = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`
      const value = choices === undefined ? (takesValue ? ' -r -F' : '') : ` -x -a ${quoted(choices.join(' '))}`
      lines.push(`complete -c colophon -n '__fish_seen_subcommand_from ${name}' ${flag}${value} -d ${quoted(about)}`)
    }
  for (const { name, below } of commands)
    if (below.length > 0) lines.push(`complete -c colophon -f -n '__fish_seen_subcommand_from ${name}' -a ${quoted(below.join(' '))}`)
  lines.push(`complete -c colophon -f -n '__fish_seen_subcommand_from completion' -a '${SHELLS.join(' ')}'`)
  return lines.join('\n')
}
