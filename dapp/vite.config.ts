import { fileURLToPath } from 'node:url'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { first } from './build/first.ts'
import { contentSecurityPolicy } from './build/policy.ts'

/** Origins that a build for a static host may ask, separated by spaces: RPC, gateways, relay. `npm start` serves all of them itself. */
const origins = named(process.env.COLOPHON_DAPP_ORIGINS)
/** Origins that replay captured pages. */
const replay = named(process.env.COLOPHON_DAPP_REPLAY)

function named(origins = ''): string[] {
  return origins.split(/\s+/).filter((origin) => origin !== '')
}

const policy: Plugin = {
  name: 'content security policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy(origins, { replay }) },
      injectTo: 'head-prepend',
    },
  ],
}

export default defineConfig({
  // Any folder of any static host, an IPFS gateway included.
  base: './',
  plugins: [react(), policy, first, { ...optimizeLocales.vite({ locales: ['en-US', 'zh-CN'] }), enforce: 'pre' }],
  resolve: {
    // The SDK asks for it where it lies, outside of the dApp.
    dedupe: ['mediabunny'],
    alias: { '@adraffy/ens-normalize': fileURLToPath(new URL('./build/namesLeftOut.ts', import.meta.url)) },
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // A polyfill that adds inline code, for browsers that cannot run the rest either.
    modulePreload: {
      polyfill: false,
      // What is there already need not be asked for again, and each question is work.
      resolveDependencies: (_, files) => files.filter((file) => !/\/(first|load|rolldown-runtime)-[^/]*\.js$/.test(file)),
    },
    // Inlined as data: addresses, which the policy refuses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // Shared by pages that come later: left to itself the bundler puts them where everything is shared, into the first load.
        codeSplitting: {
          groups: [
            // What loads scripts, by itself: what the page begins with needs no more, and must not run the app.
            { name: 'load', priority: 3, test: /preload-helper/ },
            // The app, its start page and what every page has (presses, focus, files), in one piece: each file costs the page's thread work of its own.
            {
              name: 'first',
              priority: 2,
              test: /[/\\]src[/\\](main|home[/\\]HomePage)\.tsx|react-aria[/\\]dist[/\\]private[/\\](utils|interactions|focus|i18n|ssr|button|link|progress|label|visually-hidden|live-announcer)[/\\]|overlays[/\\]ariaHideOutside|[/\\]react[/\\]|@internationalized|react-aria-components[/\\]dist[/\\]private[/\\](Button|Link|ProgressBar|Label|Text|utils|RSPContexts|SharedElementTransition|DropZone|FileTrigger)\.|react-aria[/\\]dist[/\\]private[/\\]dnd[/\\]useDrop|[/\\]src[/\\](design[/\\](icons|Button|Progress)|files)\b(?!.*\.css$)/,
            },
            // What asks the chain: ethers and the SDK's clients.
            { name: 'clients', priority: 1, test: /[/\\]src[/\\]chain[/\\]clients\.ts/ },
            // Lists, dialogs and forms.
            {
              name: 'controls',
              test: /(react-aria|react-stately)[/\\]dist[/\\]private[/\\](overlays|selection|select|listbox|list|radio|menu|form|textfield|checkbox|toggle|collections|dialog)[/\\]|react-aria-components[/\\]dist[/\\]private[/\\](Select|ListBox|Popover|Dialog|Modal|Radio|RadioGroup|Checkbox|TextField|Input|TextArea|FieldError|Form|Collection|SelectionIndicator)\.|[/\\]src[/\\]design[/\\](Select|Dialog|RadioGroup|Checkbox|TextField)\./,
            },
          ],
        },
      },
    },
  },
})
