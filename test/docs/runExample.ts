import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '..', '..')
const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...given: unknown[]) => Promise<void>

/**
 * Runs the one TypeScript block of a page, which must be JavaScript, and compares what its lines come to with what stands behind them: the
 * value, and after a colon what it means.
 * @param names What the block takes as given. A value that is the address of one of them is called by its name.
 * @returns How many values were compared.
 */
export async function runExample(page: string, names: Record<string, unknown>): Promise<number> {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!)
  expect(blocks, page).to.have.length(1)
  const said: string[] = []
  const body = blocks[0]!.replaceAll(/^(await .*?) +\/\/ (.*)$/gm, (_, expression: string, comment: string) => {
    said.push(comment)
    return `await compare(${expression}, ${said.length - 1})`
  })
  let compared = 0
  const tell = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(tell).join(', ')}]`
    if (typeof value === 'bigint') return `${value}n`
    const named = Object.entries(names).find(([, each]) => typeof value === 'string' && (each as { address?: string }).address === value)
    return named?.[0] ?? String(value)
  }
  const compare = async (value: { wait?: () => Promise<unknown> } | undefined, index: number): Promise<void> => {
    if (typeof value === 'object' && 'wait' in value) await value.wait!()
    else if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      expect(said[index]!.split(': ')[0], `${page}: ${said[index]}`).to.equal(tell(value))
      compared++
    }
  }
  await new AsyncFunction(...Object.keys(names), 'compare', body)(...Object.values(names), compare)
  return compared
}
