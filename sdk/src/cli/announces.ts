import { announcedType } from '../source/announced.node.ts'

/** Whether a file says of itself that it is of this type, e.g. `'colophon-deposit-receipt'`, whatever its name. */
export async function announces(path: string, type: string): Promise<boolean> {
  return (await announcedType(path)) === type
}
