// `npm run verify:sources [-- --deployment ID] [--rpc URL]`: proves, without an explorer, that deployed contracts were compiled
// from the sources saved with the deployment. For each contract it
//   1. recompiles the saved standard JSON with the npm package solc,
//   2. compares the creation code with what the deployment's transaction carried,
//   3. with --rpc, compares the runtime code on the chain, immutables masked,
//   4. recomputes the IPFS CID of the compiler's metadata and compares it with the one at the end of the code.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { getBytes, hexlify, JsonRpcProvider } from 'ethers'
import { deploymentFolders, deploymentsFolder, type JournaledContract, readJournal } from './journal.ts'

export interface SourceCheck {
  name: 'compiler' | 'creation code' | 'runtime code' | 'metadata CID'
  ok: boolean
  /** What was compared, or why it could not be. */
  note: string
}

export interface ContractVerification {
  contract: string
  address: string
  checks: SourceCheck[]
}

interface SavedArtifact {
  sourceName: string
  inputSourceName?: string
  contractName: string
  buildInfoId: string
  immutableReferences?: Record<string, { start: number; length: number }[]>
}

interface BuildInfo {
  solcLongVersion: string
  input: { settings: Record<string, unknown>; sources: Record<string, { content: string }> }
}

interface CompiledContract {
  metadata: string
  evm: {
    bytecode: { object: string }
    deployedBytecode: { object: string; immutableReferences?: Record<string, { start: number; length: number }[]> }
  }
}

interface Compiler {
  version(): string
  compile(input: string): string
}

/** Reads the code at an address; absent when there is no RPC. */
export type ReadCode = (address: string) => Promise<string>

/**
 * Verifies the contracts of a deployment's folder, all of them or those named.
 *
 * @param names Names in Solidity.
 * @throws If the deployment is not finished, or has no contract of such a name.
 */
export async function verifySources(folder: string, readCode?: ReadCode, names?: readonly string[]): Promise<ContractVerification[]> {
  const { contracts, unfinished, id } = readJournal(folder)
  if (unfinished.length > 0) throw new Error(`Deployment ${id} is not finished: ${unfinished.join(', ')}.`)
  const missing = names?.find((name) => !contracts.some((contract) => contract.name === name))
  if (missing !== undefined) throw new Error(`Deployment ${id} has no contract ${missing}.`)
  const solc = createRequire(import.meta.url)('solc') as Compiler
  const results: ContractVerification[] = []
  const saved = contracts
    .filter(({ name }) => names?.includes(name) ?? true)
    .map((contract) => ({ contract, artifact: readJson<SavedArtifact>(join(folder, 'artifacts', `${contract.futureId}.json`)) }))
  const outputs = new Map<string, Record<string, Record<string, CompiledContract>>>()
  for (const { contract, artifact } of saved) {
    const build = readJson<BuildInfo>(join(folder, 'build-info', `${artifact.buildInfoId}.json`))
    const checks: SourceCheck[] = []
    results.push({ contract: contract.name, address: contract.address, checks })
    const sameCompiler = solc.version().startsWith(build.solcLongVersion)
    checks.push({
      name: 'compiler',
      ok: sameCompiler,
      note: sameCompiler ? build.solcLongVersion : `saved with ${build.solcLongVersion}, here is ${solc.version()}`,
    })
    const together = saved.filter((other) => other.artifact.buildInfoId === artifact.buildInfoId).map((other) => other.artifact)
    const output = outputs.get(artifact.buildInfoId) ?? recompile(solc, build, together)
    outputs.set(artifact.buildInfoId, output)
    const compiled = output[artifact.inputSourceName ?? artifact.sourceName]?.[artifact.contractName]
    if (compiled === undefined) {
      checks.push({ name: 'creation code', ok: false, note: `the saved sources do not contain ${artifact.contractName}` })
      continue
    }
    checks.push(creationCheck(contract, compiled))
    const onChain = readCode === undefined ? undefined : await readCode(contract.address)
    if (onChain !== undefined) checks.push(runtimeCheck(onChain, compiled))
    checks.push(metadataCheck(onChain ?? `0x${compiled.evm.deployedBytecode.object}`, compiled.metadata, onChain !== undefined))
  }
  return results
}

/** Only what is asked for is compiled: the rest of a build would take minutes. */
function recompile(solc: Compiler, build: BuildInfo, wanted: readonly SavedArtifact[]): Record<string, Record<string, CompiledContract>> {
  const outputs = ['metadata', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences']
  const outputSelection: Record<string, Record<string, string[]>> = {}
  for (const { inputSourceName, sourceName, contractName } of wanted) {
    const source = inputSourceName ?? sourceName
    outputSelection[source] = { ...outputSelection[source], [contractName]: outputs }
  }
  const input = { ...build.input, settings: { ...build.input.settings, outputSelection } }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    errors?: { severity: string; formattedMessage: string }[]
    contracts?: Record<string, Record<string, CompiledContract>>
  }
  const failures = output.errors?.filter((error) => error.severity === 'error') ?? []
  if (failures.length > 0)
    throw new Error(`The saved sources do not compile:\n${failures.map((error) => error.formattedMessage).join('\n')}`)
  return output.contracts ?? {}
}

function creationCheck(contract: JournaledContract, compiled: CompiledContract): SourceCheck {
  const code = `0x${compiled.evm.bytecode.object}`
  const ok = contract.creationData.startsWith(code)
  const size = (code.length - 2) / 2
  const args = (contract.creationData.length - code.length) / 2
  return {
    name: 'creation code',
    ok,
    note: ok ? `${size} bytes equal, ${args} bytes of arguments` : 'differs from what the saved sources compile to',
  }
}

function runtimeCheck(onChain: string, compiled: CompiledContract): SourceCheck {
  const found = getBytes(onChain)
  const expected = getBytes(`0x${compiled.evm.deployedBytecode.object}`)
  if (found.length !== expected.length)
    return { name: 'runtime code', ok: false, note: `${found.length} bytes on the chain, ${expected.length} compiled` }
  let masked = 0
  for (const { start, length } of Object.values(compiled.evm.deployedBytecode.immutableReferences ?? {}).flat()) {
    found.fill(0, start, start + length)
    expected.fill(0, start, start + length)
    masked += length
  }
  const ok = Buffer.compare(found, expected) === 0
  return {
    name: 'runtime code',
    ok,
    note: ok ? `${found.length} bytes equal, ${masked} of them immutables` : 'differs from what the saved sources compile to',
  }
}

function metadataCheck(code: string, metadata: string, onChain: boolean): SourceCheck {
  const found = embeddedMultihash(getBytes(code))
  const expected = metadataMultihash(metadata)
  const ok = found === expected
  const where = onChain ? 'on the chain' : 'in the compiled code (no RPC given)'
  return { name: 'metadata CID', ok, note: ok ? `${expected} ${where}` : `${found ?? 'none'} ${where}, ${expected} from the sources` }
}

/** The multihash behind the key "ipfs" in the CBOR map at the end of the code. */
function embeddedMultihash(code: Uint8Array): string | undefined {
  if (code.length < 2) return undefined
  const length = (code.at(-2)! << 8) | code.at(-1)!
  const map = hexlify(code.subarray(Math.max(0, code.length - 2 - length), code.length - 2))
  // Text "ipfs" (64 69 70 66 73), then 34 bytes (58 22).
  return /64697066735822([0-9a-f]{68})/.exec(map)?.[1]
}

/** Largest file that UnixFS holds in one block by the chunk size the compiler uses. */
const CHUNK = 256 * 1024

/** sha2-256 multihash of the text as one UnixFS file in a dag-pb block: the CIDv0 that the compiler embeds. */
function metadataMultihash(metadata: string): string {
  const data = Buffer.from(metadata, 'utf8')
  if (data.length > CHUNK) throw new Error(`The metadata is ${data.length} bytes; more than one block is not supported.`)
  const unixfs = Buffer.concat([Buffer.from([0x08, 0x02, 0x12]), varint(data.length), data, Buffer.from([0x18]), varint(data.length)])
  const node = Buffer.concat([Buffer.from([0x0a]), varint(unixfs.length), unixfs])
  return `1220${createHash('sha256').update(node).digest('hex')}`
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest])
    bytes.push((rest & 0x7f) | 0x80)
  }
}

function readJson<Value>(file: string): Value {
  return JSON.parse(readFileSync(file, 'utf8')) as Value
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { deployment: { type: 'string', multiple: true }, rpc: { type: 'string' } } })
  const folders = values.deployment?.map((id) => join(deploymentsFolder, id)) ?? deploymentFolders()
  if (folders.length === 0) {
    console.error('There is no deployment to verify. Deploy first: npx hardhat ignition deploy deploy/modules/Colophon.ts --network NAME')
    process.exit(1)
  }
  const provider = values.rpc === undefined ? undefined : new JsonRpcProvider(values.rpc, undefined, { batchMaxCount: 1 })
  let failed = false
  for (const folder of folders) {
    const { id, chainId } = readJournal(folder)
    const found = provider === undefined ? chainId : Number((await provider.getNetwork()).chainId)
    if (found !== chainId) {
      console.error(`${id} was deployed on chain ${chainId}; the RPC is on chain ${found}.`)
      failed = true
      continue
    }
    for (const { contract, address, checks } of await verifySources(
      folder,
      provider === undefined ? undefined : (at) => provider.getCode(at),
    )) {
      console.log(`${id}  ${contract}  ${address}`)
      for (const { name, ok, note } of checks) {
        console.log(`  ${ok ? 'ok    ' : 'FAILED'}  ${name}: ${note}`)
        failed ||= !ok
      }
    }
  }
  provider?.destroy()
  process.exit(failed ? 1 : 0)
}
