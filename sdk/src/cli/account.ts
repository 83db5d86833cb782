import { readFile } from 'node:fs/promises'
import { Wallet } from 'ethers'
import { LOCAL_CHAIN_ID } from '../contracts/deployments.ts'
import { ColophonError } from '../errors/base.ts'
import { devAccount } from '../stack/index.ts'
import { ask, canAsk } from './prompt.ts'
import type { Session } from './session.ts'
import { firstLineOf } from './settings.ts'

/** An account, and where its key comes from. */
export interface Account {
  wallet: Wallet
  /** `'private key'`, a keystore's path, or `'development account 0'`. */
  source: string
  /** Its key is public knowledge. */
  development: boolean
}

/**
 * The account that signs, for a chain: private key, keystore, or on the local chain a development account.
 * @throws ACCOUNT_MISSING, KEY_INVALID, KEYSTORE_INVALID, PASSWORD_MISSING, PASSWORD_WRONG
 */
export async function openAccount({ settings, terminal, signal }: Session, chainId: number): Promise<Account> {
  const { privateKey, keystore } = settings
  if (privateKey !== undefined) return { wallet: walletOf(privateKey), source: 'private key', development: false }
  if (keystore !== undefined) {
    const json = await readFile(keystore, 'utf8').catch((cause: unknown) => {
      throw keystoreInvalid(keystore, 'it cannot be read', cause)
    })
    const password = await passwordOf(settings.passwordFile, keystore, signal)
    const bar = terminal.bar('Opening the keystore')
    try {
      const wallet = await Wallet.fromEncryptedJson(json, password, (share) =>
        bar.onProgress({ stage: 'decrypt', done: Math.round(share * 100), total: 100, unit: 'items' }),
      )
      return { wallet: new Wallet(wallet.privateKey), source: keystore, development: false }
    } catch (cause) {
      if (/incorrect password/i.test((cause as Error).message))
        throw new ColophonError('PASSWORD_WRONG', 'The password does not open the keystore.', {
          hint: 'Try again, or check the password file.',
          details: { keystore },
        })
      throw keystoreInvalid(keystore, 'it is not an encrypted JSON keystore', cause)
    } finally {
      bar.end()
    }
  }
  if (chainId === LOCAL_CHAIN_ID) {
    const { account } = settings
    return { wallet: new Wallet(devAccount(account).privateKey), source: `development account ${account}`, development: true }
  }
  throw new ColophonError('ACCOUNT_MISSING', `There is no account to sign with on chain ${chainId}.`, {
    hint: 'Give --keystore FILE or --key-file FILE, or set COLOPHON_KEYSTORE or COLOPHON_PRIVATE_KEY.',
    details: { chainId },
  })
}

function walletOf(privateKey: string): Wallet {
  if (!/^(0x)?[0-9a-fA-F]{64}$/.test(privateKey)) throw keyInvalid()
  try {
    return new Wallet(privateKey)
  } catch {
    throw keyInvalid()
  }
}

/** Neither message nor details nor cause may show the key. */
function keyInvalid(): ColophonError {
  return new ColophonError('KEY_INVALID', 'The private key is not valid.', {
    hint: 'It should be 32 bytes: 64 hex digits, with or without 0x.',
  })
}

function keystoreInvalid(keystore: string, why: string, cause: unknown): ColophonError {
  return new ColophonError('KEYSTORE_INVALID', `The keystore ${keystore} cannot be used: ${why}.`, {
    hint: 'Give an encrypted JSON keystore (Web3 Secret Storage), as geth, cast and ethers write it.',
    details: { keystore },
    cause,
  })
}

async function passwordOf(file: string | undefined, keystore: string, signal: AbortSignal): Promise<string> {
  if (file !== undefined) return firstLineOf(file, 'passwordFile')
  if (!canAsk())
    throw new ColophonError('PASSWORD_MISSING', 'The keystore has a password, and nobody is there to type it.', {
      hint: 'Give --password-file FILE or set COLOPHON_PASSWORD_FILE.',
      details: { keystore },
    })
  return await ask(`Password of ${keystore}: `, { hidden: true, signal })
}
