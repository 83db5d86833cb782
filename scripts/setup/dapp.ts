import { join } from 'node:path'
import { installOwnPackage } from './ownPackage.ts'

/** Where the dApp lies. */
export const dapp: string = join(import.meta.dirname, '..', '..', 'dapp')

/** Installs the dApp's locked packages unless exactly these are there already; says whether they are. */
export function installDapp(): boolean {
  return installOwnPackage(dapp)
}
