// `npm run docs`: the documentation site, out of docs/ and the SDK's own comments, into site/dist. A link that leads nowhere fails the build.
// `npm run docs -- --serve` shows it on loopback afterwards.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { installOwnPackage } from '../setup/ownPackage.ts'

const root = join(import.meta.dirname, '..', '..')
const site = join(root, 'site')
const pages = join(site, 'pages')
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository: { url: string } }
const repositoryUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

if (!installOwnPackage(site)) {
  console.error(
    'The packages of the documentation site could not be installed. Check the network and the npm registry, then run the command again.',
  )
  process.exit(1)
}
rmSync(pages, { recursive: true, force: true })
cpSync(join(root, 'docs'), pages, { recursive: true })
cpSync(join(site, 'index.md'), join(pages, 'index.md'))
for (const page of globSync('**/*.md', { cwd: pages })) linkOutside(page)
run('typedoc', ['--options', 'typedoc.json', ...entryPoints().flatMap((file) => ['--entryPoints', file])])
run('vitepress', ['build'])
missingErrors()
if (process.argv.includes('--serve')) run('vitepress', ['preview', '--host', '127.0.0.1'])

/** The sources of what the SDK's package exports. */
function entryPoints(): string[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'sdk', 'package.json'), 'utf8')) as { exports: Record<string, string> }
  return Object.values(exports)
    .filter((file) => file.startsWith('./dist/'))
    .map((file) => file.replace('./dist/', '../sdk/src/').replace(/\.js$/, '.ts'))
}

/** Links of a page to files that are not part of the site (sources, tests, examples) lead to the repository. */
function linkOutside(page: string): void {
  const file = join(pages, page)
  const text = readFileSync(file, 'utf8').replaceAll(/\]\(([^)\s#:]+)(#[^)\s]*)?\)/g, (link, path: string, anchor = '') => {
    const target = resolve(root, 'docs', dirname(page), path)
    const inside = relative(join(root, 'docs'), target)
    if (!inside.startsWith('..')) return inside === '' || !path.endsWith('/') ? link : `](${path}index.md${anchor})`
    if (!existsSync(target)) throw new Error(`docs/${page} links to ${path}, which is not there.`)
    return `](${repositoryUrl}/blob/main/${relative(root, target)}${anchor})`
  })
  writeFileSync(file, text)
}

/** Each code of an error has its place on the page that the error names. */
function missingErrors(): void {
  const codes = [...readFileSync(join(root, 'docs', 'errors.md'), 'utf8').matchAll(/^### (\S+)$/gm)].map(([, code]) => code!.toLowerCase())
  const html = readFileSync(join(site, 'dist', 'errors.html'), 'utf8')
  const missing = codes.filter((code) => !html.includes(`id="${code}"`))
  if (codes.length === 0 || missing.length > 0) {
    console.error(`No place on the page of errors: ${missing.join(', ')}`)
    process.exit(1)
  }
}

function run(program: string, args: string[]): void {
  const { status } = spawnSync(join(site, 'node_modules', '.bin', program), args, {
    cwd: site,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
