import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { commandsBelow } from '../../src/cli/commandTree.ts'
import { EXIT } from '../../src/cli/exitCodes.ts'
import { createProgram } from '../../src/cli/program.ts'
import { startChain, type TestChain } from '../chain.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { needPeer } from '../needPeer.ts'

const file = join(import.meta.dirname, '..', '..', '..', 'docs', 'cli.md')
const page = readFileSync(file, 'utf8')
const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')

/** What is shown in console blocks: each command with what it prints. */
const shown = [...page.matchAll(/```console\n(.*?)```/gs)]
  .flatMap(([, block]) => block!.split(/^(?=\$ )/m))
  .map((part) => {
    const [command = '', ...output] = part.trimEnd().split('\n')
    return { command: command.slice(2), output: output.join('\n').trim() }
  })

/** Without what is another at every run. */
function steady(output: string): string {
  return output
    .replace(/^Signing with development account .*\n?/gm, '')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'TIME')
    .replace(/(^ *transaction +)\S+/gm, '$1HASH')
    .replace(/(^ *commitment +)\S+/gm, '$1HASH')
    .replace(/0x[0-9a-f]{64}/g, 'HASH')
    .replace(/0x[0-9a-f]{6}…[0-9a-f]{6}/g, 'HASH')
    .replace(/bafkrei\S+/g, 'CID')
    .replace(/\d+\.\d+ of the chain's coin/g, 'SOME COIN')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:8545')
    .replace(/v\d+\.\d+\.\d+/g, 'VERSION')
    .replace(/\d+\.\d+\.\d+, decodes/g, 'VERSION, decodes')
    .replace(/\/\S+\/(?=\.colophon\/store|colophon\.config\.json)/g, '/home/ada/works/')
    .replace(/(Relative paths start at )\S+\./g, '$1/home/ada/works.')
    .trim()
}

describe('docs/cli.md', () => {
  let chain: TestChain
  let cwd: string
  needPeer('node-av')
  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-page-'))
    copyFileSync(PHOTO, join(cwd, 'coffee.jpg'))
    copyFileSync(ESSAY, join(cwd, 'on-colophons.md'))
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  it('shows what its commands print', async function () {
    // Some thirty processes one after the other.
    this.timeout(300_000)
    expect(shown.length).to.be.greaterThan(20)
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(COLOPHON_|FORCE_COLOR|NO_COLOR)/.test(name)))
    const mark = '@@ next @@'
    // One shell for all, so that `$?` is that of the command before.
    const script = [
      `colophon() { '${process.execPath}' '${main}' "$@"; }`,
      ...shown.map(({ command }) => `${command}\nstatus=$?; echo '${mark}'; (exit $status)`),
    ].join('\n')
    // Not spawnSync: the chain's output must be read meanwhile, or it stops.
    const shell = spawn('bash', ['-c', `exec 2>&1\n${script}`], {
      cwd,
      env: { ...inherited, COLOPHON_RPC_URL: chain.url, XDG_CONFIG_HOME: join(cwd, 'no-config') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    await new Promise((resolve) => shell.once('close', resolve))
    const printed = stdout.split(`${mark}\n`)
    if (process.env.COLOPHON_UPDATE_DOCS !== undefined) return update(printed)
    for (const [index, { command, output }] of shown.entries()) expect(steady(printed[index]!), command).to.equal(steady(output))
  })

  /** Writes what the commands print into the page, to be read before it is committed. */
  function update(printed: readonly string[]): void {
    let index = 0
    const example = (text: string): string =>
      text
        .replace(/^Signing with development account .*\n?/gm, '')
        .replaceAll(chain.url, 'http://127.0.0.1:8545')
        .replaceAll(cwd, '/home/ada/works')
        .trimEnd()
    const fill = (block: string): string =>
      block
        .split('\n')
        .filter((line) => line.startsWith('$ '))
        .map((line) => `${line}\n${example(printed[index++]!)}`.trimEnd())
        .join('\n')
    writeFileSync(
      file,
      page.replace(/```console\n(.*?)```/gs, (_, block: string) => `\`\`\`console\n${fill(block)}\n\`\`\``),
    )
  }

  it('names every command, every setting and every exit code', () => {
    const program = createProgram(() => async () => {})
    const names = program.commands.map((command) => command.name())
    expect(names.filter((name) => !new RegExp(`^\\| \\[.*\`.*${name}`, 'm').test(page))).to.deep.equal([])
    for (const { long, description } of program.options) {
      if (long === '--version') continue
      expect(page).to.include(`\`${long}`)
      for (const [variable] of description.matchAll(/COLOPHON_[A-Z_]+/g)) expect(page).to.include(`\`${variable}\``)
    }
    const codes = [...page.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code))
    expect(codes).to.deep.equal(Object.values(EXIT))
  })

  it('names no option that no command has', () => {
    const program = createProgram(() => async () => {})
    const known = new Set([program, ...commandsBelow(program)].flatMap(({ options }) => options.map(({ long }) => long)))
    const prose = page.replace(/```.*?```/gs, '').replace(/npm install --save-dev/g, '')
    const named = [...prose.matchAll(/--[a-z][a-z-]+/g), ...shown.flatMap(({ command }) => [...command.matchAll(/ --[a-z][a-z-]+/g)])]
    expect(named.map(([option]) => option.trim()).filter((option) => !known.has(option))).to.deep.equal([])
  })

  it('is not all there is: every command prints its own help', () => {
    const program = createProgram(() => async () => {})
    for (const command of commandsBelow(program)) expect(command.helpInformation(), command.name()).to.include('Usage: ')
  })
})
