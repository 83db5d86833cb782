import type { Write } from './write.ts'

/** Which members of a client are writes and which are plain calls. */
export type Shape<Client> = {
  // biome-ignore lint/suspicious/noExplicitAny: any write, whatever it takes and gives
  readonly [Name in keyof Client]: Client[Name] extends Write<any, any, any> ? 'write' : 'call'
}

type AnyCall = (...given: unknown[]) => Promise<unknown>

/**
 * A client whose code is loaded at its first call, so that an app that only deposits does not carry the ABIs of nine contracts.
 *
 * Its members are listed, not guessed: a misspelt one is undefined, as with any object, and the list is checked against the client's type.
 */
export function lazyClient<Client extends object>(load: () => Promise<Client>, shape: Shape<Client>): Client {
  let loading: Promise<Client> | undefined
  const client = (): Promise<Client> => {
    // A chunk that could not be fetched is asked for again next time.
    loading ??= load().catch((fault: unknown) => {
      loading = undefined
      throw fault
    })
    return loading
  }
  const members = Object.entries(shape).map(([name, kind]) => {
    const member = async (): Promise<AnyCall & Record<string, AnyCall>> => (await client())[name as keyof Client] as never
    const call = async (...given: unknown[]): Promise<unknown> => await (await member())(...given)
    if (kind === 'call') return [name, call]
    const way = (which: string) => async (input: unknown) => await (await member())[which]!(input)
    return [name, Object.assign(call, { simulate: way('simulate'), estimate: way('estimate'), populate: way('populate') })]
  })
  return Object.fromEntries(members) as Client
}
