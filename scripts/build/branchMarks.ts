import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

/** One outcome of one operand of a condition. */
export interface Branch {
  /** What is told when it is taken: 32 bytes in hexadecimal. */
  tag: string
  /** Of the source, from 1. */
  line: number
  outcome: 'true' | 'false' | 'success' | 'catch'
  /** The operand, or the call that is tried. */
  text: string
}

interface Node {
  nodeType: string
  /** `start:length:source`, in bytes. */
  src: string
  [field: string]: unknown
}

interface Insertion {
  place: number
  text: string
}

const CONDITIONAL = new Set(['IfStatement', 'WhileStatement', 'DoWhileStatement', 'ForStatement', 'Conditional'])
const NAME = '__NomicFoundationCoverage'
const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }

/**
 * Puts a mark around each operand of each condition.
 * @param file Tells the tags of one file from those of others.
 * @param source Solidity in which the library of marks can be seen. No line is added or taken away.
 */
export function markBranches(file: string, source: string): { source: string; branches: Branch[] } {
  const bytes = Buffer.from(source)
  const branches: Branch[] = []
  const insertions: Insertion[] = []
  const text = ({ src }: Node): string => {
    const [start, length] = src.split(':').map(Number) as [number, number]
    return bytes.subarray(start, start + length).toString()
  }
  const branch = (node: Node, outcome: Branch['outcome'], about: string): string => {
    const start = Number(node.src.split(':')[0])
    const tag = createHash('sha256').update(`${file}:${node.src}:${outcome}`).digest('hex')
    const line = bytes.subarray(0, start).toString().split('\n').length
    branches.push({ tag, line, outcome, text: about.replaceAll(/\s+/g, ' ') })
    return `0x${tag}`
  }

  visit(parse(file, source), {
    operand: (node, inside) => {
      const [start, length] = node.src.split(':').map(Number) as [number, number]
      insertions.push({ place: start, text: `${NAME}.branch(` })
      // Marks nest: where two end at one place, the inner one ends first.
      inside()
      insertions.push({ place: start + length, text: `, ${branch(node, 'true', text(node))}, ${branch(node, 'false', text(node))})` })
    },
    clause: (block, outcome, call) => {
      const place = Number(block.src.split(':')[0]) + 1
      insertions.push({ place, text: `${NAME}.sendHit(${branch(block, outcome, text(call))});` })
    },
  })
  return { source: insert(bytes, insertions), branches }
}

interface Visitor {
  /** @param inside Visits what the operand holds. */
  operand(node: Node, inside: () => void): void
  clause(block: Node, outcome: 'success' | 'catch', call: Node): void
}

function visit(node: Node, visitor: Visitor): void {
  // What is worked out at compile time can call nothing.
  if (node.nodeType === 'VariableDeclaration' && (node.stateVariable === true || node.constant === true)) return
  if (isLogical(node)) {
    visitOperands(node, visitor)
    return
  }
  if (node.nodeType === 'TryStatement') {
    for (const [index, clause] of childrenOf(node, 'clauses').entries()) {
      visitor.clause(clause.block as Node, index === 0 ? 'success' : 'catch', node.externalCall as Node)
    }
  }
  const conditions = conditionsOf(node)
  for (const child of childrenOf(node)) {
    if (conditions.includes(child)) visitOperands(child, visitor)
    else visit(child, visitor)
  }
}

function conditionsOf(node: Node): Node[] {
  if (CONDITIONAL.has(node.nodeType)) return childrenOf(node, 'condition')
  return node.nodeType === 'FunctionCall' && (node.expression as Node).name === 'require' ? childrenOf(node, 'arguments').slice(0, 1) : []
}

/** What a condition is put together from by `&&`, `||` and `!`. */
function visitOperands(node: Node, visitor: Visitor): void {
  const inner = childrenOf(node)
  const isParenthesis = node.nodeType === 'TupleExpression' && inner.length === 1
  if (isLogical(node) || isParenthesis || (node.nodeType === 'UnaryOperation' && node.operator === '!')) {
    for (const child of inner) visitOperands(child, visitor)
  } else if (node.nodeType !== 'Literal') {
    visitor.operand(node, () => visit(node, visitor))
  }
}

function isLogical(node: Node): boolean {
  return node.nodeType === 'BinaryOperation' && (node.operator === '&&' || node.operator === '||')
}

/** The nodes in one field of a node, or in all. */
function childrenOf(node: Node, only?: string): Node[] {
  return Object.entries(node)
    .filter(([field]) => only === undefined || field === only)
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'nodeType' in value
}

/** The syntax tree alone, of the project's own compiler: nothing that is imported is needed. */
function parse(file: string, source: string): Node {
  const alone = source.replaceAll(/^import\s[^;]*;/gm, (text) => ' '.repeat(Buffer.byteLength(text)))
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { [file]: { content: alone } },
        settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
      }),
    ),
  ) as { sources?: Record<string, { ast?: Node }>; errors?: { severity: string; formattedMessage: string }[] }
  const ast = output.sources?.[file]?.ast
  if (ast === undefined)
    throw new Error(`${file} cannot be read: ${output.errors?.map(({ formattedMessage }) => formattedMessage).join('\n')}`)
  return ast
}

/** What goes in at one place goes in as it comes. */
function insert(bytes: Buffer, insertions: Insertion[]): string {
  let source = ''
  let last = 0
  for (const { place, text } of insertions.toSorted((a, b) => a.place - b.place)) {
    source += bytes.subarray(last, place).toString() + text
    last = place
  }
  return source + bytes.subarray(last).toString()
}
