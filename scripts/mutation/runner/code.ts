// The code of the contracts, made in this process: Hardhat looks at every file of the project and starts the compiler anew for each build,
// which takes far longer than compiling the one contract that a fault is in.
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { QUICK, THROUGH_YUL, YUL } from '../../build/quickSettings.ts'
import type { CompilerOutput } from '../../ci/analysis/compiler.ts'

type Compiler = typeof import('../../ci/analysis/compiler.ts')

export interface Code {
  /**
   * Writes the artifacts of all contracts as the sources are now, for Hardhat to read.
   * @param changed The one source that is not as it is meant to be, and so will be different again the next time.
   */
  write(changed?: string): void
}

/**
 * @param project Folder of a copy of the project.
 * @param compiler As the copy has it: it reads the sources beside it.
 */
export function codeOf(project: string, { compile, readSources, solidityFiles }: Compiler): Code {
  const files = solidityFiles('contracts')
  const imports = new Map(files.map((file) => [file, Object.keys(readSources([file]))]))
  let stale = files
  mkdirSync(join(project, 'artifacts', 'build-info'), { recursive: true })
  return {
    write(changed) {
      const affected = changed === undefined ? [] : files.filter((file) => imports.get(file)!.includes(changed))
      for (const [settings, through] of [
        [QUICK, false],
        [YUL, true],
      ] as const) {
        const wanted = files.filter((file) => (affected.includes(file) || stale.includes(file)) && THROUGH_YUL.includes(file) === through)
        if (wanted.length === 0) continue
        const outputs = ['abi', 'evm.bytecode', 'evm.deployedBytecode']
        const outputSelection = Object.fromEntries(wanted.map((file) => [file, { '*': outputs }]))
        writeArtifacts(project, compile(readSources(wanted), { ...settings, outputSelection }))
      }
      stale = affected
    },
  }
}

function writeArtifacts(project: string, { contracts = {} }: CompilerOutput): void {
  for (const [sourceName, inFile] of Object.entries(contracts)) {
    const folder = join(project, 'artifacts', sourceName)
    mkdirSync(folder, { recursive: true })
    for (const [contractName, { abi, evm }] of Object.entries(inFile)) {
      const artifact = {
        _format: 'hh3-artifact-1',
        contractName,
        sourceName,
        abi,
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
        linkReferences: evm.bytecode.linkReferences,
        deployedLinkReferences: evm.deployedBytecode.linkReferences,
        immutableReferences: evm.deployedBytecode.immutableReferences ?? {},
        inputSourceName: sourceName,
        buildInfoId: basename(project),
      }
      writeFileSync(join(folder, `${contractName}.json`), JSON.stringify(artifact))
    }
  }
}
