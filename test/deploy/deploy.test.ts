import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { recordStackRecipe } from '../../scripts/build/recordStackRecipe.ts'
import { mergeDeployments, networksModule } from '../../scripts/deploy/exportAddresses.ts'
import { readJournal } from '../../scripts/deploy/journal.ts'
import { verifySources } from '../../scripts/deploy/verifySources.ts'
import { isGenuine } from '../../sdk/src/contracts/index.ts'
import { recipe } from '../../sdk/src/stack-recipe/index.ts'
import { startChain, type TestChain } from '../../sdk/test/chain.ts'

const root = join(import.meta.dirname, '..', '..')
const hardhat = createRequire(import.meta.url)
  .resolve('hardhat/package.json')
  .replace('package.json', 'dist/src/cli.js')

/** Where the tests deploy: the project's own config, contracts and modules, and a deployments folder that goes away again. */
function workplace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-deploy-'))
  for (const name of ['hardhat.config.ts', 'package.json', 'contracts', 'scripts'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  cpSync(join(root, 'deploy', 'modules'), join(folder, 'deploy', 'modules'), { recursive: true })
  cpSync(join(root, 'deploy', 'parameters'), join(folder, 'deploy', 'parameters'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

interface Run {
  child: ChildProcess
  ended: Promise<{ code: number | null; output: string }>
}

function deploy(folder: string, chain: TestChain): Run {
  const args = ['ignition', 'deploy', 'deploy/modules/Colophon.ts', '--parameters', 'deploy/parameters/custom.json', '--network', 'custom']
  // Hardhat hands its own options down to child processes; this one has a project of its own.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HARDHAT_'))
  const env = {
    ...Object.fromEntries(inherited),
    COLOPHON_RPC_URL: chain.url,
    COLOPHON_DEPLOYER_KEY: chain.accounts[0]!.privateKey,
    HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'true',
  }
  const child = spawn(process.execPath, [hardhat, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))) }
}

describe('deployment', () => {
  const folder = workplace()

  /** Another chain id than the local one, since records of local chains are not exported. */
  const chainId = 777
  const journalFolder = join(folder, 'deploy', 'deployments', `chain-${chainId}`)
  let chain: TestChain
  before(async () => {
    chain = await startChain({ bare: true, args: ['--chain-id', String(chainId)] })
  })
  after(async () => {
    await chain.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const nonce = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[0]!.address)

  it('resumes after it was killed in the middle, and sends nothing twice', async function () {
    // Ignition compiles everything anew in the new folder, which takes minutes where cores are few.
    this.timeout(900_000)
    await chain.provider.send('evm_setAutomine', [false])
    const first = deploy(folder, chain)
    const journal = join(journalFolder, 'journal.jsonl')
    const sent = (): boolean => existsSync(journal) && readFileSync(journal, 'utf8').includes('"TRANSACTION_SEND"')
    while (!sent() && first.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(sent(), 'the deployment ended before it sent anything').to.equal(true)
    first.child.kill('SIGKILL')
    await first.ended
    expect(readJournal(journalFolder).unfinished).to.deep.equal(['CopyrightRegistry#CopyrightRegistry'])
    expect(() => mergeDeployments({}, [journalFolder])).to.throw('not finished')
    await verifySources(journalFolder).then(
      () => expect.fail('an unfinished deployment was verified'),
      (error: Error) => expect(error.message).to.include('not finished'),
    )

    await chain.provider.send('evm_setAutomine', [true])
    await chain.provider.send('evm_mine', [])
    const { code, output } = await deploy(folder, chain).ended
    expect(code, output).to.equal(0)
    expect(output).to.include('successfully deployed')
    expect(await nonce()).to.equal(recipe.transactions.length)
    for (const { address, name } of readJournal(journalFolder).contracts)
      expect(isGenuine(name as 'CopyrightRegistry', await chain.provider.getCode(address)), name).to.equal(true)
  })

  it('says there is nothing new when it is run again', async () => {
    const before = await nonce()
    const { code, output } = await deploy(folder, chain).ended
    expect(code, output).to.equal(0)
    expect(output).to.include('Nothing new to deploy')
    expect(await nonce()).to.equal(before)
  })

  it('exports addresses and blocks for the SDK, and keeps those of other chains', async () => {
    const other = { chainId: 5, contracts: { CopyrightRegistry: { address: '0x90F79bf6EB2c4f870365E785982E1f101E93b906', block: 12 } } }
    const merged = mergeDeployments({ 5: other }, [journalFolder])
    const { contracts } = readJournal(journalFolder)
    expect(merged[5]).to.deep.equal(other)
    expect(merged[chainId]).to.deep.equal({
      chainId,
      contracts: Object.fromEntries(contracts.map(({ name, address, block }) => [name, { address, block }])),
    })
    expect(Object.keys(merged[chainId]!.contracts).sort()).to.deep.equal(Object.keys(recipe.addresses).sort())
    const source = networksModule(merged)
    expect(source.indexOf('  5: {')).to.be.lessThan(source.indexOf('  777: {'))
    for (const { name, address, block, creationData } of contracts) {
      const mined = (await chain.provider.getBlock(block, true))!
      expect(mined.prefetchedTransactions[0]!.data).to.equal(creationData)
      expect(source).to.include(`${name}: { address: '${address}', block: ${block} },`)
    }
    expect(networksModule({})).to.equal(readFileSync(join(root, 'sdk', 'src', 'contracts', 'networks.ts'), 'utf8'))
  })

  it('proves offline and against the chain that the code comes from the saved sources', async () => {
    const offline = await verifySources(journalFolder, undefined, ['CopyrightRegistry'])
    expect(offline.map(({ contract }) => contract)).to.deep.equal(['CopyrightRegistry'])
    expect(offline[0]!.checks.map(({ name, ok }) => [name, ok])).to.deep.equal([
      ['compiler', true],
      ['creation code', true],
      ['metadata CID', true],
    ])
    // Every contract is made by the same compiler in the same way; this one has arguments and immutables too.
    const online = await verifySources(journalFolder, (address) => chain.provider.getCode(address), ['CopyrightRegistry', 'CopyrightTitle'])
    for (const { checks } of online) {
      expect(checks.map(({ name, ok }) => [name, ok])).to.deep.equal([
        ['compiler', true],
        ['creation code', true],
        ['runtime code', true],
        ['metadata CID', true],
      ])
      expect(checks[2]!.note).to.match(/^\d+ bytes equal, \d+ of them immutables$/)
    }
    expect(online[1]!.checks[1]!.note).to.include('64 bytes of arguments')
    await verifySources(journalFolder, undefined, ['Nothing']).then(
      () => expect.fail('a contract that is not there was verified'),
      (error: Error) => expect(error.message).to.include('no contract Nothing'),
    )
  })

  it('sees a changed byte on the chain, and a changed comment in the saved sources', async () => {
    const failing = async (readCode: (address: string) => Promise<string>): Promise<string[]> =>
      (await verifySources(journalFolder, readCode, ['CopyrightRegistry']))[0]!.checks.filter(({ ok }) => !ok).map(({ name }) => name)
    expect(await failing(async (address) => (await chain.provider.getCode(address)).replace(/^0x../, '0x00'))).to.deep.equal([
      'runtime code',
    ])
    expect(await failing(async () => '0x')).to.deep.equal(['runtime code', 'metadata CID'])

    const builds = join(journalFolder, 'build-info')
    const artifact = join(journalFolder, 'artifacts', 'CopyrightRegistry#CopyrightRegistry.json')
    const file = join(builds, `${(JSON.parse(readFileSync(artifact, 'utf8')) as { buildInfoId: string }).buildInfoId}.json`)
    const saved = readFileSync(file, 'utf8')
    const build = JSON.parse(saved) as { input: { sources: Record<string, { content: string }> } }
    const name = Object.keys(build.input.sources).find((each) => each.endsWith('registry/CopyrightRegistry.sol'))!
    build.input.sources[name]!.content += '\n// changed\n'
    writeFileSync(file, JSON.stringify(build))
    try {
      // Code and runtime end with the metadata's CID, so all three show it.
      expect(await failing((address) => chain.provider.getCode(address))).to.deep.equal(['creation code', 'runtime code', 'metadata CID'])
    } finally {
      writeFileSync(file, saved)
    }
  })

  it('leaves the local chain out of the export', () => {
    const local = join(folder, 'deploy', 'deployments', 'local')
    cpSync(journalFolder, local, { recursive: true })
    const journal = join(local, 'journal.jsonl')
    writeFileSync(journal, `${readFileSync(journal, 'utf8').replace(`"chainId":${chainId}`, '"chainId":31337')}\n{"type":"half a li`)
    expect(mergeDeployments({}, [local])).to.deep.equal({})
    expect(() => readJournal(join(folder, 'nowhere'))).to.throw('There is no deployment')
  })

  it('records the same recipe every time', async () => {
    const [first, second] = [await recordStackRecipe(), await recordStackRecipe()]
    expect(JSON.stringify(first) === JSON.stringify(second)).to.equal(true)
    // Code measured for coverage is other code, but sender, order and addresses are what the SDK has.
    expect(first.deployer).to.equal(recipe.deployer)
    expect(first.addresses).to.deep.equal(recipe.addresses)
    expect(first.transactions.map(({ to, value }) => [to, value])).to.deep.equal(recipe.transactions.map(({ to, value }) => [to, value]))
  })
})
