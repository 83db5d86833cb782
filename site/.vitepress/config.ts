import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'

const reference = join(import.meta.dirname, '..', 'pages', 'reference')

/** As on GitHub, so that one link leads to the same heading in both places. */
const slugify = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

const page = (text: string, link: string): { text: string; link: string } => ({ text, link })

export default defineConfig({
  srcDir: 'pages',
  outDir: 'dist',
  title: 'Colophon',
  description: 'Protect, prove, license and trade digital works.',
  cleanUrls: false,
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light', dark: 'github-dark' },
    config(markdown) {
      const fence = markdown.renderer.rules.fence!
      markdown.renderer.rules.fence = (tokens, index, ...rest) => {
        const { info, content } = tokens[index]!
        return info.trim() === 'mermaid' ? `<MermaidDiagram source="${encodeURIComponent(content)}" />` : fence(tokens, index, ...rest)
      }
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      page('Guides', '/guides/developer'),
      page('Architecture', '/architecture'),
      page('Reference', '/reference/'),
      page('Errors', '/errors'),
    ],
    outline: [2, 3],
    sidebar: [
      {
        text: 'Guides',
        items: [
          page('For creators', '/guides/creator'),
          page('For dApp developers', '/guides/developer'),
          page('For deployers', '/guides/deployer'),
          page('Coming from Story', '/guides/from-story'),
          page('The demo', '/demo'),
          page('The dApp', '/dapp'),
        ],
      },
      {
        text: 'Works',
        items: [
          page('Fingerprints', '/fingerprints'),
          page('Deposits', '/deposits'),
          page('Batches', '/batch'),
          page('Deposit document', '/deposit-document'),
          page('Certificate', '/certificate'),
          page('Verification', '/verification'),
          page('Storage', '/storage'),
          page('ISCC', '/iscc'),
        ],
      },
      { text: 'Rights', items: [page('The SDK', '/sdk'), page('The trail of a work', '/trail'), page('Testing an app', '/testing')] },
      { text: 'Services', items: [page('Relay', '/relay'), page('Indexer', '/indexer')] },
      {
        text: 'Watching',
        items: [
          page('Search', '/search'),
          page('How search grows', '/scaling'),
          page('Monitor', '/monitor'),
          page('Evidence', '/evidence'),
        ],
      },
      {
        text: 'Contracts',
        collapsed: true,
        items: [
          page('Overview', '/contracts/'),
          page('Registry', '/contracts/registry'),
          page('Titles', '/contracts/titles'),
          page('Licensing', '/contracts/licensing'),
          page('Revenue', '/contracts/revenue'),
          page('Agreements', '/contracts/agreements'),
          page('Exchange', '/contracts/exchange'),
          page('Identity', '/contracts/identity'),
          page('Alliance', '/contracts/alliance'),
          page('Panel', '/contracts/panel'),
          page('Claims', '/contracts/claims'),
          page('Deploying', '/deploying'),
        ],
      },
      {
        text: 'Security',
        collapsed: true,
        items: [
          page('Threat model', '/security/threat-model'),
          page('Static analysis', '/security/static-analysis'),
          page('Mutation tests', '/security/mutation'),
          page('Coverage', '/security/coverage'),
          page('Review: registry', '/security/review-registry'),
          page('Review: trading', '/security/review-trading'),
          page('Review: claims', '/security/review-claims'),
          page('Review: identity and alliance', '/security/review-alliance'),
        ],
      },
      {
        text: 'Reference',
        collapsed: true,
        items: [
          page('Command line', '/cli'),
          page('Errors', '/errors'),
          page('Benchmarks', '/benchmarks'),
          page('Glossary', '/glossary'),
          page('Architecture', '/architecture'),
          ...entryPoints(),
        ],
      },
    ],
  },
})

/** What TypeDoc wrote: one page an entry point of the SDK. */
function entryPoints(): { text: string; link: string }[] {
  return readdirSync(reference)
    .filter((file) => file.endsWith('.md') && file !== 'overview.md')
    .map((file) => file.slice(0, -'.md'.length))
    .sort()
    .map((name) => (name === 'index' ? page('@colophon/sdk', '/reference/') : page(`@colophon/sdk/${name}`, `/reference/${name}`)))
}
