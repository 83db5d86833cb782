import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { publicUrl, withPublicUrls } from '../errors/publicUrl.ts'

/** Options that every command takes on the command line. */
export interface GlobalOptions {
  json?: true
  verbose?: true
  quiet?: true
  config?: string
  rpc?: string
  chain?: string
  registry?: string
  store?: string
  keystore?: string
  keyFile?: string
  passwordFile?: string
  account?: string
}

/** What a configuration file may hold. */
export interface ConfigFile {
  /** RPC endpoint; `http://127.0.0.1:8545` by default. */
  rpcUrl?: string
  /** Chain id that the RPC must have; whatever it has by default. */
  chainId?: number
  /** Address of the CopyrightRegistry, where this SDK does not know the chain. */
  registry?: string
  /** First block to search for events of that registry; 0 by default. */
  registryBlock?: number
  /** Encrypted JSON keystore of the account that signs and pays; relative to the file. */
  keystore?: string
  /** File whose first line is the keystore's password; relative to the file. */
  passwordFile?: string
  /** Folder of the block store; relative to the file. */
  store?: string
  /** Name of the creator, when `--creator` is not given. */
  creator?: string
}

/** Everything the commands need to know, from flags, environment and file, in this order. */
export interface Settings extends ConfigFile {
  rpcUrl: string
  store: string
  /** Private key, from the environment or a key file; never from the command line, where other users can read it. */
  privateKey?: string
  /** Which development account to use on the local chain. */
  account: number
  /** The configuration file that was read. */
  file?: string
  /** Where each setting comes from, for `doctor`. */
  origins: Record<string, 'flag' | 'environment' | 'file' | 'default'>
}

export const CONFIG_NAME = 'colophon.config.json'
const DEFAULT_RPC = 'http://127.0.0.1:8545'

/** Where the configuration of the user, as opposed to that of a folder, is. */
export function userConfigFile(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'colophon', 'config.json')
}

/**
 * Reads the settings: flags win over the environment, the environment over the file.
 *
 * The file is `--config`, else `COLOPHON_CONFIG`, else `colophon.config.json` here or in a folder above, else the user's own.
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID
 */
export function readSettings(flags: GlobalOptions, env: NodeJS.ProcessEnv, folder: string): Settings {
  const file = findFile(flags.config ?? (env.COLOPHON_CONFIG || undefined), env, folder)
  const stored = file === undefined ? {} : readConfigFile(file)
  const origins: Settings['origins'] = {}
  const pick = (name: string, flag: string | undefined, variable: string, fromFile: string | undefined): string | undefined => {
    const fromEnv = env[variable] === '' ? undefined : env[variable]
    if (flag !== undefined) origins[name] = 'flag'
    else if (fromEnv !== undefined) origins[name] = 'environment'
    else if (fromFile !== undefined) origins[name] = 'file'
    else origins[name] = 'default'
    return flag ?? fromEnv ?? fromFile
  }
  const relative = (path: string | undefined): string | undefined =>
    path === undefined || file === undefined ? undefined : resolve(dirname(file), path)

  const rpcUrl = pick('rpcUrl', flags.rpc, 'COLOPHON_RPC_URL', stored.rpcUrl) ?? DEFAULT_RPC
  if (!/^https?:\/\//.test(rpcUrl) || !URL.canParse(rpcUrl)) throw invalid('rpcUrl', publicUrl(rpcUrl), 'an http or https URL')
  const chain = pick('chainId', flags.chain, 'COLOPHON_CHAIN_ID', stored.chainId?.toString())
  const registry = pick('registry', flags.registry, 'COLOPHON_REGISTRY', stored.registry)
  const keystore = pick('keystore', flags.keystore, 'COLOPHON_KEYSTORE', relative(stored.keystore))
  const passwordFile = pick('passwordFile', flags.passwordFile, 'COLOPHON_PASSWORD_FILE', relative(stored.passwordFile))
  const keyFile = pick('keyFile', flags.keyFile, 'COLOPHON_KEY_FILE', undefined)
  const account = pick('account', flags.account, 'COLOPHON_ACCOUNT', undefined) ?? '0'
  const privateKey = keyFile === undefined ? env.COLOPHON_PRIVATE_KEY || undefined : firstLineOf(keyFile, 'keyFile')
  return {
    rpcUrl,
    store: resolve(folder, pick('store', flags.store, 'COLOPHON_STORE', relative(stored.store)) ?? join('.colophon', 'store')),
    ...(chain === undefined ? {} : { chainId: integer('chainId', chain, 1) }),
    ...(registry === undefined ? {} : { registry: address(registry) }),
    ...(stored.registryBlock === undefined || origins.registry !== 'file' ? {} : { registryBlock: stored.registryBlock }),
    // A key given nearer wins over a keystore given farther away.
    ...(keystore === undefined || (privateKey !== undefined && origins.keystore !== 'flag') ? {} : { keystore }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(privateKey === undefined || (origins.keystore === 'flag' && flags.keyFile === undefined) ? {} : { privateKey }),
    ...((env.COLOPHON_CREATOR || stored.creator) === undefined ? {} : { creator: env.COLOPHON_CREATOR || stored.creator! }),
    account: integer('account', account, 0),
    ...(file === undefined ? {} : { file }),
    origins,
  }
}

function findFile(named: string | undefined, env: NodeJS.ProcessEnv, folder: string): string | undefined {
  if (named !== undefined) {
    const file = resolve(folder, named)
    if (existsSync(file)) return file
    throw new ColophonError('CONFIG_NOT_FOUND', `There is no configuration file ${file}.`, {
      hint: 'Check the path, or write one with: colophon init',
      details: { file },
    })
  }
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, CONFIG_NAME)
    if (existsSync(file)) return file
    if (dirname(at) === at) break
  }
  const own = userConfigFile(env)
  return existsSync(own) ? own : undefined
}

const STRINGS = ['rpcUrl', 'registry', 'keystore', 'passwordFile', 'store', 'creator'] as const
const NUMBERS = ['chainId', 'registryBlock'] as const

function readConfigFile(file: string): ConfigFile {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ColophonError('CONFIG_INVALID', `The configuration file ${file} cannot be read: ${reasonOf(cause)}`, {
      hint: 'It should be one JSON object; colophon init writes one.',
      details: { file },
      cause,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('the file', typeof value, 'one JSON object', file)
  for (const [name, found] of Object.entries(value)) {
    if (name === '$schema') continue
    if (/key$|mnemonic|password$/i.test(name))
      throw new ColophonError('CONFIG_INVALID', `The configuration file must not hold secrets, but has ${name}.`, {
        hint: 'Use an encrypted keystore, or the environment variable COLOPHON_PRIVATE_KEY.',
        details: { file, setting: name },
      })
    const expected = (STRINGS as readonly string[]).includes(name)
      ? 'string'
      : (NUMBERS as readonly string[]).includes(name)
        ? 'number'
        : undefined
    if (expected === undefined) throw invalid(name, 'an unknown setting', `one of ${[...STRINGS, ...NUMBERS].join(', ')}`, file)
    if (typeof found !== expected) throw invalid(name, found, `a ${expected}`, file)
    if (expected === 'number' && !(Number.isSafeInteger(found) && (found as number) >= 0))
      throw invalid(name, found, 'a whole number', file)
  }
  return value as ConfigFile
}

/** Why a configuration cannot be read; the parser would quote it, with whatever keys are in its addresses. */
function reasonOf(cause: unknown): string {
  return cause instanceof SyntaxError ? 'it is not valid JSON.' : `${(cause as Error).message}.`
}

/** First line of a file that holds a secret. */
export function firstLineOf(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0]!.trim()
  } catch (cause) {
    throw new ColophonError('CONFIG_NOT_FOUND', `The ${setting} ${file} cannot be read.`, {
      hint: 'Check the path and its permissions.',
      details: { setting, file },
      cause,
    })
  }
}

function integer(setting: string, text: string, least: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) throw invalid(setting, text, `a whole number from ${least}`)
  return value
}

function address(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw invalid('registry', text, 'an address: 0x and 40 hex digits')
  return text
}

function invalid(setting: string, found: unknown, expected: string, file?: string): ColophonError {
  return new ColophonError('CONFIG_INVALID', `The setting ${setting} is not valid: expected ${expected}.`, {
    hint: file === undefined ? 'Check the option or the environment variable.' : `Correct it in ${file}.`,
    details: { setting, found: withPublicUrls(String(found)).slice(0, 200), ...(file === undefined ? {} : { file }) },
  })
}
