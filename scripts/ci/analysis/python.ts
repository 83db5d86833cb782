import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './compiler.ts'

/** The Python packages that the analysis is made with; `.ci/run` installs them where Python is. */
export const packages = ['slither-analyzer==0.11.6', 'halmos==0.3.3']

/** Folder of a program of the virtual environment that has the packages; undefined where there is none. */
export function binariesWith(program: string): string | undefined {
  const environment = process.env.COLOPHON_ANALYSIS ?? join(root, '.peers/analysis')
  const folder = join(environment, 'bin')
  return existsSync(join(folder, program)) ? folder : undefined
}

/** What to say when a program is missing. */
export function howToInstall(program: string): string {
  const install = `python3 -m venv .peers/analysis && .peers/analysis/bin/pip install ${packages.join(' ')}`
  return `${program} is not here. With Python 3.10 or later: ${install}`
}
