import { createRequire } from 'node:module'
import HardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import { configVariable, defineConfig } from 'hardhat/config'
import { branchCoverage } from './scripts/build/branchCoverage.ts'
import { parallelSolc } from './scripts/build/parallelSolc.ts'
import { type CompilerSettings, QUICK, THROUGH_YUL, YUL } from './scripts/build/quickSettings.ts'

// The compiler comes from the npm registry like everything else, so a build needs no other download.
const compilerPath = createRequire(import.meta.url).resolve('solc/soljson.js')

const compiler = {
  version: '0.8.37',
  path: compilerPath,
  settings: {
    // The optimizer first: Hardhat puts it there for `production`, and takes the same settings in another order for others.
    optimizer: { enabled: true, runs: 1_000_000 },
    evmVersion: 'prague',
    viaIR: true,
    metadata: { bytecodeHash: 'ipfs' as const },
  },
}

const withSettings = (settings: CompilerSettings): typeof compiler => ({ ...compiler, settings: { ...compiler.settings, ...settings } })
const quick = {
  compilers: [withSettings(QUICK)],
  overrides: Object.fromEntries(THROUGH_YUL.map((file) => [file, withSettings(YUL)])),
}

/** `npm run test:deep`: many more runs of the Solidity fuzz and invariant tests. */
const deep = process.env.COLOPHON_DEEP !== undefined

export default defineConfig({
  plugins: [HardhatToolboxMochaEthers, parallelSolc, branchCoverage],
  solidity: {
    // One set of settings for all that is measured or deployed: what the tests measure is what gets deployed.
    // `production` is what Ignition deploys. With the same build as `default`, what was tested is deployed as it is, and nothing is built twice.
    profiles: { default: compiler, production: { ...compiler, isolated: false, toolVersionsInBuildInfo: false }, quick },
    // A contract's code depends a little on which other sources are compiled with it. On their own, the contracts come out of a test run as
    // they came out of the build.
    splitTestsCompilation: true,
  },
  test: {
    mocha: { reporter: './scripts/test/countingReporter.ts', timeout: 120_000, forbidOnly: true },
    solidity: {
      fuzz: { runs: deep ? 20_000 : 256 },
      // Twelve invariants of 4,800 calls each are 57,600 calls of handlers, deep 1,200,000. No handler may revert: a call that does
      // nothing tests nothing.
      invariant: { runs: deep ? 500 : 80, depth: deep ? 200 : 60, failOnRevert: true },
    },
  },
  paths: {
    sources: 'contracts',
    tests: { mocha: 'test', solidity: 'test' },
    ignition: 'deploy',
  },
  typechain: { outDir: 'types/ethers-contracts' },
  networks: {
    // An RPC of your own: `npx hardhat keystore set COLOPHON_RPC_URL` (and COLOPHON_DEPLOYER_KEY), or environment variables.
    custom: {
      type: 'http',
      url: configVariable('COLOPHON_RPC_URL'),
      accounts: [configVariable('COLOPHON_DEPLOYER_KEY')],
    },
    local: { type: 'http', url: 'http://127.0.0.1:8545' },
  },
})
