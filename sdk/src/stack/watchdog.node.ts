import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Run by a Node of its own. Its standard input is a pipe from the process it watches, which the system closes however that one ends; then it
 * ends the child, politely at first, and removes its folder.
 */
const WATCH = `
const { rmSync } = require('node:fs')
const [pid, folder, patience] = [Number(process.argv[1]), process.argv[2], Number(process.argv[3])]
const signal = (name) => { try { process.kill(pid, name); return true } catch { return false } }
process.stdin.on('error', () => {}).on('close', () => {
  signal('SIGTERM')
  const end = Date.now() + patience
  const timer = setInterval(() => {
    if (signal(0) && Date.now() < end) return
    clearInterval(timer)
    signal('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }, 50)
}).resume()
`

/**
 * Sees to it that a child process does not outlive this one, even if this one crashes or is killed. The answer ends the watch; call it once
 * the child is gone, since another process may have its number then.
 * @param folder removed after the child has ended
 * @param patience milliseconds that the child has to end by itself
 */
export function watchOver(child: ChildProcess, folder: string, patience: number): () => void {
  if (child.pid === undefined) return () => {}
  const onExit = (): void => {
    child.kill('SIGTERM')
  }
  process.once('exit', onExit)
  const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, ...env } = process.env
  const watchdog = spawn(process.execPath, ['-e', WATCH, String(child.pid), folder, String(patience)], {
    // Apart from this process: Ctrl-C goes to all in a terminal's group, and this one has to end last. Electron's binary is no Node unasked.
    detached: true,
    windowsHide: true,
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Without it the child is only ended when this process exits in order.
  watchdog.on('error', () => undefined)
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  ;(watchdog.stdin as typeof watchdog.stdin & { unref?: () => void }).unref?.()
  return () => {
    process.off('exit', onExit)
    watchdog.kill('SIGKILL')
  }
}
