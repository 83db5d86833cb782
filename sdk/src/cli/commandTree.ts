import type { Command } from 'commander'

/** Every command and the commands below it. */
export function commandsBelow(program: Command): Command[] {
  return program.commands.flatMap((command) => [command, ...commandsBelow(command)])
}
