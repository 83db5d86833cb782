import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { installPeer } from '../../scripts/setup/peers.ts'

const root = join(import.meta.dirname, '..', '..')
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'AGENTS.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(markdown: string): Set<string> {
  return new Set(
    [...markdown.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('documentation', () => {
  for (const page of pages) {
    it(`${page} links to what is there`, () => {
      const text = readFileSync(join(root, page), 'utf8').replace(/```.*?```/gs, '')
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target!)) continue
        const [path, anchor] = target!.split('#') as [string, string?]
        const file = path === '' ? join(root, page) : join(root, dirname(page), path)
        expect(existsSync(file), `${page} → ${target}`).to.equal(true)
        if (anchor !== undefined) expect([...anchorsOf(readFileSync(file, 'utf8'))], `${page} → ${target}`).to.include(anchor)
      }
    })

    it(`${page} names npm scripts that exist`, () => {
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
      for (const [, name] of readFileSync(join(root, page), 'utf8').matchAll(/npm run (?:--?\w+ )*([a-z][a-z:]*)/g))
        expect(Object.keys(scripts), page).to.include(name)
    })
  }

  it('shows the example that is run here', () => {
    expect(readme).to.include(`\`\`\`ts\n${readFileSync(join(root, 'examples', 'deposit.ts'), 'utf8')}\`\`\``)
  })

  it('has an example that deposits and verifies', function () {
    this.timeout(60_000)
    const folder = mkdtempSync(join(tmpdir(), 'colophon-readme-'))
    try {
      symlinkSync(join(root, 'examples'), join(folder, 'examples'))
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'examples', 'deposit.ts')], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(status, stderr).to.equal(0)
      expect(stdout.trim()).to.match(/^0x[0-9a-f]{64} verified$/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('registers, licenses, buys and claims in at most 15 lines of user code, imports included', () => {
    const lines = readFileSync(join(root, 'examples', 'license.ts'), 'utf8').split('\n')
    const last = lines.findIndex((line) => line.includes('revenue.claim('))
    const used = lines.slice(0, last + 1).filter((line) => line.trim() !== '' && !line.startsWith('//'))
    for (const step of ['deposits.create(', 'licenses.sign(', 'licenses.acquire(', 'revenue.claim('])
      expect(
        used.filter((line) => line.includes(step)),
        step,
      ).to.have.length(1)
    expect(used.length).to.be.at.most(15)
    // Nothing is hidden by writing two lines as one.
    for (const line of used) expect(line.length + line.split(';').length, line).to.be.at.most(141)
  })

  it('shows an example that licenses and is paid', function () {
    this.timeout(60_000)
    const example = join(root, 'examples', 'license.ts')
    expect(readme).to.include(`\`\`\`ts\n${readFileSync(example, 'utf8')}\`\`\``)
    const { status, stdout, stderr } = spawnSync(process.execPath, [example], { cwd: root, encoding: 'utf8' })
    expect(status, stderr).to.equal(0)
    expect(stdout.trim()).to.equal('true true')
  })

  for (const page of [
    'docs/deposits.md',
    'docs/verification.md',
    'docs/storage.md',
    'docs/fingerprints.md',
    'docs/search.md',
    'docs/deposit-document.md',
    'docs/evidence.md',
    'docs/monitor.md',
    'docs/sdk.md',
    'docs/guides/developer.md',
    'docs/guides/from-story.md',
    'docs/relay.md',
    'docs/batch.md',
    'docs/testing.md',
    'docs/indexer.md',
  ]) {
    it(`${page} has snippets that run in order and print what they say`, function () {
      this.timeout(320_000)
      if (page === 'docs/fingerprints.md' && !installPeer('node-av')) this.skip()
      const snippets = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code).join('\n')
      const promised = [...snippets.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line)
      expect(promised).to.have.length.greaterThan(2)
      const folder = mkdtempSync(join(tmpdir(), 'colophon-docs-'))
      try {
        symlinkSync(join(root, 'examples'), join(folder, 'examples'))
        const script = `process.chdir(${JSON.stringify(folder)})\n${snippets}`
        const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
          cwd: root,
          encoding: 'utf8',
        })
        expect(status, stderr).to.equal(0)
        expect(stdout.trim().split('\n')).to.deep.equal(promised)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  }

  it('names commands and options of the command line that exist', function () {
    this.timeout(180_000)
    const named = new Map<string, Set<string>>()
    const groups = new Set([
      'title',
      'license',
      'revenue',
      'agreement',
      'exchange',
      'identity',
      'claim',
      'alliance',
      'panel',
      'index',
      'watch',
    ])
    for (const [, first, rest] of readme.matchAll(/^colophon ([a-z]+)([^#\n]*)/gm)) {
      const command = groups.has(first!) ? `${first} ${/^ ([a-z]+)/.exec(rest!)![1]}` : first!
      const options = named.get(command) ?? new Set()
      for (const [option] of rest!.matchAll(/--[a-z-]+/g)) options.add(option)
      named.set(command, options)
    }
    expect(named.size).to.be.greaterThan(5)
    for (const [command, options] of named) {
      const { status, stdout } = spawnSync(
        process.execPath,
        [join(root, 'sdk', 'src', 'cli', 'main.ts'), ...command.split(' '), '--help'],
        {
          encoding: 'utf8',
        },
      )
      expect(status, command).to.equal(0)
      for (const option of options) expect(stdout, command).to.include(option)
    }
  })
})
