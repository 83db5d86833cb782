import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { publicUrl } from '../../errors/publicUrl.ts'
import type { Action } from '../action.ts'
import { facts } from '../layout.ts'
import { checkOutput, writeJson } from '../output.ts'
import { CONFIG_NAME, type ConfigFile, userConfigFile } from '../settings.ts'

interface InitFlags {
  creator?: string
  global?: true
  force?: true
}

export function addInit(program: Command, action: Action): void {
  program
    .command('init')
    .summary('write a configuration file')
    .description(`Writes ${CONFIG_NAME} here, with the options given and the defaults for the rest. It holds no secrets.`)
    .option('--creator <name>', 'creator of works for which no other is named')
    .option('--global', 'write the configuration of the user instead of that of this folder')
    .option('--force', 'write over a file that is there')
    .action(
      action<[], InitFlags>(async (session, options) => {
        const { settings, folder } = session
        const file = options.global ? userConfigFile(process.env) : join(folder, CONFIG_NAME)
        await checkOutput(file, options.force)
        const config: ConfigFile = {
          rpcUrl: settings.rpcUrl,
          ...(settings.chainId === undefined ? {} : { chainId: settings.chainId }),
          ...(settings.registry === undefined ? {} : { registry: settings.registry }),
          ...(settings.keystore === undefined ? {} : { keystore: settings.keystore }),
          ...(settings.passwordFile === undefined ? {} : { passwordFile: settings.passwordFile }),
          store: settings.origins.store === 'default' ? join('.colophon', 'store') : settings.store,
          ...((options.creator ?? settings.creator) === undefined ? {} : { creator: options.creator ?? settings.creator! }),
        }
        await writeJson(file, config)
        const shown = { ...config, rpcUrl: publicUrl(settings.rpcUrl) }
        if (shown.rpcUrl !== settings.rpcUrl.replace(/\/$/, ''))
          session.terminal.note(
            `The RPC's address may hold a key, and ${file} has it whole: keep the file to yourself, or use COLOPHON_RPC_URL.`,
          )
        return {
          data: { file, config: shown },
          text: [
            `${session.terminal.mark('ok')} Wrote ${file}.`,
            '',
            facts(Object.entries(shown).map(([name, value]) => [name, String(value)])),
            '',
            `  Flags win over environment variables, those over this file. Relative paths start at ${dirname(file)}.`,
            '  colophon doctor checks it.',
          ].join('\n'),
        }
      }),
    )
}
