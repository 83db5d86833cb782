import { bytesOf, type Code, type Constant, type Local, leb, set } from './code.ts'

const TYPES = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const
type Type = keyof typeof TYPES

/** A function that a module exports; it returns nothing. */
export interface Kernel {
  name: string
  parameters: number[]
  locals: number[]
  body: number[]
}

/** Writes a kernel down: `code` gets its parameters and locals by their names. */
export function kernel<Parameter extends string, Variable extends string = never>(
  name: string,
  parameters: Record<Parameter, Type>,
  locals: Record<Variable, Type>,
  code: (local: Record<Parameter | Variable, Local>) => Code[],
): Kernel {
  const types = { ...parameters, ...locals } as Record<string, Type>
  const names = Object.keys(types)
  const named = Object.fromEntries(names.map((local, index): [string, Local] => [local, [0x20, index]])) as Record<
    Parameter | Variable,
    Local
  >
  const bytes = (of: Record<string, Type>): number[] => Object.values(of).map((type) => TYPES[type])

  // Constants stand in locals that are set once: engines make them anew wherever they are written, in every round of a loop.
  const constants = new Map<string, { local: Local; code: Code }>()
  const localOf = (constant: Constant): Local => {
    const key = constant.lanes.join()
    const found = constants.get(key) ?? { local: [0x20, names.length + constants.size] as const, code: bytesOf(constant) }
    constants.set(key, found)
    return found.local
  }
  const body = flat(code(named), localOf)
  const start = [...constants.values()].flatMap(({ local, code }) => flat(set(local, code), localOf))
  return {
    name,
    parameters: bytes(parameters),
    locals: [...bytes(locals), ...[...constants].map(() => TYPES.v128)],
    body: [...start, ...body],
  }
}

/** The bytes of a module with these functions and a memory that starts with so many pages of 64 KiB. */
export function assemble(kernels: readonly Kernel[], pages: number): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content]
  const list = (items: number[][]): number[] => [...leb(items.length), ...items.flat()]
  const text = (name: string): number[] => [...leb(name.length), ...[...name].map((letter) => letter.charCodeAt(0))]
  const bodies = kernels.map(({ locals, body }) => {
    const code = [...list(locals.map((type) => [1, type])), ...body, 0x0b]
    return [...leb(code.length), ...code]
  })
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(kernels.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [type])), 0]))),
    ...section(3, list(kernels.map((_, index) => leb(index)))),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, list([[...text('memory'), 2, 0], ...kernels.map(({ name }, index) => [...text(name), 0, ...leb(index)])])),
    ...section(10, list(bodies)),
  ])
}

function flat(code: Code, localOf: (constant: Constant) => Local): number[] {
  const out: number[] = []
  const add = (part: Code): void => {
    for (const item of part) {
      if (typeof item === 'number') out.push(item)
      else if ('lanes' in item) add(localOf(item))
      else add(item)
    }
  }
  add(code)
  return out
}

/** Memory of a module; its buffer is another one after it has grown. */
export interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** What is used of the global `WebAssembly`, which neither ECMAScript's nor every host's types have. */
interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: unknown }
}

/**
 * Starts a module. Null where there is no WebAssembly with SIMD, a content security policy forbids it, or numbers lie in memory the other way round: then the
 * same has to come from plain code.
 */
export function start<Functions extends string>(
  kernels: readonly Kernel[],
  pages: number,
): (Record<Functions, (...values: number[]) => void> & { memory: Memory }) | null {
  const engine = (globalThis as unknown as { WebAssembly?: Engine }).WebAssembly
  if (engine === undefined || new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) return null
  try {
    return new engine.Instance(new engine.Module(assemble(kernels, pages))).exports as Record<Functions, (...values: number[]) => void> & {
      memory: Memory
    }
  } catch {
    return null
  }
}
