import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** A suite that can be run again and again. */
export interface Tests {
  /**
   * The first test that fails, undefined if all pass.
   * @param words Tests in which these stand run first.
   */
  run(words: string[]): Promise<string | undefined>
  close(): void
}

/** A suite takes seconds; one that takes so long never ends. */
const MAX_MILLISECONDS = 15 * 60_000

interface Answer {
  ready?: boolean
  tests?: number
  failed?: string
}

/** Mocha's tests of these files, in a process of their own that stays. */
export function mochaTests(project: string, files: string[]): Tests {
  let child: ChildProcess | undefined
  const close = (): void => {
    child?.removeAllListeners()
    child?.kill('SIGKILL')
    child = undefined
  }
  const ask = async (words: string[]): Promise<Answer> => {
    if (child === undefined) {
      const started = fork(join(project, 'scripts', 'mutation', 'runner', 'worker.ts'), files, {
        cwd: project,
        env: { ...process.env, COLOPHON_TEST_COUNTS: undefined, HH_TEST: 'true', NODE_ENV: 'test' },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      child = started
      const { ready } = await answerOf(started)
      if (ready !== true) throw new Error(`The tests cannot be loaded: ${files.join(', ')}`)
    }
    child.send(words)
    return await answerOf(child)
  }
  return {
    close,
    async run(words) {
      const { tests, failed } = await ask(words)
      if (tests === undefined) {
        close()
        return 'the tests came to no end'
      }
      if (tests === 0 && failed === undefined) throw new Error(`There are no tests in ${files.join(', ')}`)
      return failed
    },
  }
}

/** What the child says next; nothing if it ends or says nothing for too long. */
function answerOf(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve) => {
    const done = (answer: Answer): void => {
      clearTimeout(timer)
      child.off('message', done).off('exit', ended)
      resolve(answer)
    }
    const ended = (): void => done({})
    const timer = setTimeout(ended, MAX_MILLISECONDS)
    child.on('message', done).on('exit', ended)
  })
}

/** The Solidity tests of these files, which Hardhat builds anew for each run. */
export function solidityTests(project: string, files: string[]): Tests {
  return {
    close() {},
    async run() {
      const cli = join(project, 'node_modules/hardhat/dist/src/cli.js')
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [cli, '--build-profile', 'quick', '--no-typechain', 'test', 'solidity', ...files],
        { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }, maxBuffer: 64 * 1024 * 1024 },
      )
      if (status === 0) return undefined
      const output = stdout + stderr
      const failed = /\b[1-9]\d* failing\b[\s\S]*?\b((?:test|invariant)\w+)/.exec(output)?.[1]
      if (failed === undefined) throw new Error(`The Solidity tests did not run:\n${output.slice(-4000)}`)
      return failed
    },
  }
}
