import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AstNode, type CompilerOutput, root } from './compiler.ts'

/** What a tool reported once. */
export interface Finding {
  tool: string
  rule: string
  /** `Contract.function`, `Contract` for what is outside functions; a file's name stands for the contract of free functions. */
  where: string
  /** What the tool says, and the line, for the person who must judge it. */
  detail: string
}

/** What came of one tool. */
export interface ToolReport {
  findings: Finding[]
  /** One line: what was looked at, or why the tool was not run. */
  summary: string
  notRun?: boolean
}

/** A row of the table of findings: what was judged, and how often it may occur. */
export interface Verdict {
  tool: string
  rule: string
  where: string
  count: number
  verdict: string
  why: string
}

/** Where findings are judged; the table there is the baseline. */
export const verdictsFile = 'docs/security/static-analysis.md'

const kinds = ['accepted', 'false positive', 'bounded']

/**
 * Reads the table of findings.
 * @throws Error on a row that has no verdict or no reason.
 */
export function readVerdicts(markdown: string): Verdict[] {
  const verdicts: Verdict[] = []
  let isTable = false
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('|')) {
      isTable = false
      continue
    }
    const [tool, rule, where, count, verdict, why] = line
      .slice(1, line.lastIndexOf('|'))
      .split(' | ')
      .map((cell) => cell.trim().replaceAll('`', ''))
    if (tool === 'tool' && rule === 'rule') isTable = true
    else if (isTable && !/^-+/.test(tool!.replaceAll('|', ''))) {
      const places = where?.split(', ') ?? []
      if (places.length === 0 || !/^\d+$/.test(count ?? '') || !kinds.includes(verdict ?? '') || !why) {
        throw new Error(`${verdictsFile}: this row wants a place, a count, one of "${kinds.join('", "')}", and a reason:\n${line}`)
      }
      for (const place of places) verdicts.push({ tool: tool!, rule: rule!, where: place, count: Number(count), verdict: verdict!, why })
    }
  }
  return verdicts
}

/** Reads the table of the project. */
export function projectVerdicts(): Verdict[] {
  return readVerdicts(readFileSync(join(root, verdictsFile), 'utf8'))
}

export interface Comparison {
  /** Findings that no row explains, or more of them than it does. */
  unexplained: Finding[]
  /** Rows that explain what is not found, or not as often. */
  stale: string[]
}

/**
 * Compares findings with verdicts. Each is told by tool, rule and place, and counted, so that a second finding of a kind in a function that
 * has one is not covered by the first one's reason.
 * @param tools Tools that ran; rows of others are left alone.
 */
export function compare(findings: Finding[], verdicts: Verdict[], tools: string[]): Comparison {
  const found = new Map<string, Finding[]>()
  for (const finding of findings) found.set(keyOf(finding), [...(found.get(keyOf(finding)) ?? []), finding])
  const judged = new Map<string, Verdict>()
  const stale: string[] = []
  for (const verdict of verdicts.filter((candidate) => tools.includes(candidate.tool))) {
    if (judged.has(keyOf(verdict))) stale.push(`${keyOf(verdict)} is judged twice`)
    judged.set(keyOf(verdict), verdict)
    const count = found.get(keyOf(verdict))?.length ?? 0
    if (count < verdict.count) stale.push(`${keyOf(verdict)}: the table has ${verdict.count}, found ${count}`)
  }
  const unexplained = [...found].flatMap(([key, list]) => (list.length > (judged.get(key)?.count ?? 0) ? list : []))
  return { unexplained, stale }
}

function keyOf(entry: { tool: string; rule: string; where: string }): string {
  return `${entry.tool} ${entry.rule} ${entry.where}`
}

/** Names the place of a byte of a source: `Contract.function`. */
export function placeAt(output: CompilerOutput, file: string, byte: number): string {
  const names: string[] = []
  let nodes = output.sources[file]?.ast.nodes ?? []
  for (let node = nodeAt(nodes, byte); node !== undefined; node = nodeAt(nodes, byte)) {
    const name = node.kind === 'constructor' ? 'constructor' : node.name
    if (node.nodeType.endsWith('Definition') || node.nodeType === 'VariableDeclaration') names.push(name ?? '')
    if (node.nodeType !== 'ContractDefinition') {
      if (names.length === 1) names.unshift(fileName(file))
      break
    }
    nodes = node.nodes ?? []
  }
  return names.length === 0 ? fileName(file) : names.join('.')
}

/** First byte of a line, counted from 1, that is not white space. */
export function byteOfLine(source: string, line: number): number {
  const lines = source.split('\n')
  const before = lines.slice(0, line - 1).join('\n')
  const indent = lines[line - 1]!.length - lines[line - 1]!.trimStart().length
  return Buffer.byteLength(before) + (line > 1 ? 1 : 0) + indent
}

function nodeAt(nodes: AstNode[], byte: number): AstNode | undefined {
  return nodes.find((node) => {
    const [start, length] = node.src.split(':').map(Number)
    return start! <= byte && byte < start! + length!
  })
}

function fileName(file: string): string {
  return file
    .split('/')
    .at(-1)!
    .replace(/\.sol$/, '')
}
