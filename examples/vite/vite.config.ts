import { startStack } from '@colophon/sdk/stack'
import { defineConfig, type Plugin } from 'vite'

/** A local chain with the contracts on it, which ends with the dev server. */
const localChain: Plugin = {
  name: 'local chain',
  apply: (_, { command, isPreview }) => command === 'serve' && isPreview !== true,
  async config() {
    const { url } = await startStack({ port: 0 })
    return { define: { 'import.meta.env.VITE_RPC_URL': JSON.stringify(url) } }
  },
}

export default defineConfig({ plugins: [localChain], build: { target: 'es2022', chunkSizeWarningLimit: 1000 } })
