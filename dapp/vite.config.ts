import { fileURLToPath } from 'node:url'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { contentSecurityPolicy } from './build/policy.ts'

/** Origins that a build for a static host may ask, separated by spaces: RPC, gateways, relay. `npm start` serves all of them itself. */
const origins = (process.env.COLOPHON_DAPP_ORIGINS ?? '').split(/\s+/).filter((origin) => origin !== '')

const policy: Plugin = {
  name: 'content security policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy(origins) }, injectTo: 'head-prepend' },
  ],
}

export default defineConfig({
  // Any folder of any static host, an IPFS gateway included.
  base: './',
  plugins: [react(), policy, { ...optimizeLocales.vite({ locales: ['en-US', 'zh-CN'] }), enforce: 'pre' }],
  resolve: { alias: { '@adraffy/ens-normalize': fileURLToPath(new URL('./build/namesLeftOut.ts', import.meta.url)) } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // A polyfill that adds inline code, for browsers that cannot run the rest either.
    modulePreload: { polyfill: false },
    // Inlined as data: addresses, which the policy refuses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
})
