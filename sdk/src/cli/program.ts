import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { Action } from './action.ts'
import { addAgreement } from './commands/agreement.ts'
import { addAlliance } from './commands/alliance.ts'
import { addBatch } from './commands/batch.ts'
import { addCapture, addTimestamp } from './commands/capture.ts'
import { addCertificate } from './commands/certificate.ts'
import { addClaim } from './commands/claim.ts'
import { addCompare } from './commands/compare.ts'
import { addCompletion } from './commands/completion.ts'
import { addDeposit } from './commands/deposit.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEvents } from './commands/events.ts'
import { addExchange } from './commands/exchange.ts'
import { addFingerprint } from './commands/fingerprint.ts'
import { addIdentity } from './commands/identity.ts'
import { addInit } from './commands/init.ts'
import { addLicense } from './commands/license.ts'
import { addLift } from './commands/lift.ts'
import { addPanel } from './commands/panel.ts'
import { addPin } from './commands/pin.ts'
import { addReceipt } from './commands/receipt.ts'
import { addRelay } from './commands/relay.ts'
import { addRevenue } from './commands/revenue.ts'
import { addSeal } from './commands/seal.ts'
import { addIndex } from './commands/searchIndex.ts'
import { addStack } from './commands/stack.ts'
import { addTitle } from './commands/title.ts'
import { addTrace } from './commands/trace.ts'
import { addVerify } from './commands/verify.ts'
import { addWatch } from './commands/watch.ts'
import { commandsBelow } from './commandTree.ts'
import type { Answer, Session } from './session.ts'

type Start = (
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  command: (session: Session, ...args: unknown[]) => Promise<Answer | void>,
) => (flags: unknown, ...args: unknown[]) => Promise<void>

/** The whole command line. */
export function createProgram(start: Start): Command {
  const program = new Command('colophon')
  const action: Action = (run) => {
    return async (...given) => {
      // Commander gives the arguments, then the options, then the command.
      const command = given.at(-1) as Command
      const options = given.at(-2)
      const args = given.slice(0, -2)
      const handler = start((session) => run(session, options as never, ...(args as never)))
      await handler(command.optsWithGlobals())
    }
  }

  program
    .description('Fingerprint, deposit and verify digital works.')
    .version(versionOfPackage(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .exitOverride()
    // Errors are printed once, in one form, by whoever runs the program.
    .configureOutput({ outputError: () => {} })
    .optionsGroup('Everywhere:')
    .option('--json', 'one JSON document on standard output, errors included')
    .option('-v, --verbose', 'whole hashes, addresses and CIDs')
    .option('-q, --quiet', 'no notices and no progress')
    .option('--config <file>', 'configuration file (COLOPHON_CONFIG)')
    .optionsGroup('Chain and account:')
    .option('--rpc <url>', 'RPC endpoint (COLOPHON_RPC_URL)')
    .option('--chain <id>', 'chain the RPC must be on (COLOPHON_CHAIN_ID)')
    .option('--registry <address>', 'registry, where this version knows none (COLOPHON_REGISTRY)')
    .option('--keystore <file>', 'encrypted JSON keystore that signs (COLOPHON_KEYSTORE)')
    .option('--password-file <file>', 'file with its password (COLOPHON_PASSWORD_FILE)')
    .option('--key-file <file>', 'file with a private key (COLOPHON_KEY_FILE, or the key in COLOPHON_PRIVATE_KEY)')
    .addOption(new Option('--account <number>', 'development account on the local chain (COLOPHON_ACCOUNT)'))
    .optionsGroup('Storage:')
    .option('--store <folder>', 'block store for documents (COLOPHON_STORE; .colophon/store)')

  program.commandsGroup('Works:')
  addFingerprint(program, action)
  addCompare(program, action)
  addIndex(program, action)
  program.commandsGroup('Deposits:')
  addDeposit(program, action)
  addBatch(program, action)
  addSeal(program, action)
  addLift(program, action)
  addVerify(program, action)
  addReceipt(program, action)
  addCertificate(program, action)
  addTrace(program, action)
  addPin(program, action)
  addEvents(program, action)
  program.commandsGroup('Rights and money:')
  addTitle(program, action)
  addLicense(program, action)
  addRevenue(program, action)
  addAgreement(program, action)
  addExchange(program, action)
  addIdentity(program, action)
  addAlliance(program, action)
  program.commandsGroup('Copies on the web:')
  addWatch(program, action)
  addCapture(program, action)
  addTimestamp(program, action)
  addClaim(program, action)
  addPanel(program, action)
  program.commandsGroup('Setting up:')
  addStack(program, action)
  addRelay(program, action)
  addInit(program, action)
  addDoctor(program, action)
  addCompletion(program, action)

  // Commander copies none of these to subcommands that were made before.
  for (const command of commandsBelow(program)) {
    command
      // Broken by the width of the terminal, not by that of the source.
      .description(command.description().replace(/(?<=\S)\n(?=\S)/g, ' '))
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .showSuggestionAfterError()
      .allowExcessArguments(false)
  }
  program.addHelpText(
    'after',
    `
Examples:
  $ colophon stack                                                  a local chain to try things on
  $ colophon deposit photo.jpg --title "Coffee" --creator "Ada"     deposit a photograph
  $ colophon verify photo.jpg                                       check it from the outside

Exit codes: 0 yes, 1 no (tampered, different), 2 wrong use or input, 3 network or disk, 4 refused by chain or account, 5 fault, 130 interrupted.`,
  )
  return program
}

function versionOfPackage(): string {
  const manifest = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
