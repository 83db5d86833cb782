// What the local dApp starts with: works, and what became of them.
import type { LocalDapp } from './dapp.ts'
import { depositWorks, type SeededWork } from './works.ts'

/** Puts everything on the chain; gives the works by their names. */
export async function seed(dapp: LocalDapp): Promise<Map<string, SeededWork>> {
  return await depositWorks(dapp)
}
