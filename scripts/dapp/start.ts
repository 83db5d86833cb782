// `npm start`: the dApp on a local chain with works on it, until Ctrl-C. `npm start -- --port 5173 --rpc-port 8545 --replay-port 5174 --no-replay --empty`.
import { parseArgs } from 'node:util'
import { ColophonError } from '@colophon/sdk/errors'
import { REPLAY_VIEWER } from '../setup/replayViewer.ts'
import { buildDapp } from './build.ts'
import { startDapp } from './dapp.ts'
import { seed } from './seed.ts'

const VIEWER_NAME = `ReplayWeb.page ${REPLAY_VIEWER.version} (${REPLAY_VIEWER.license}, from the npm registry)`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5173' },
    'rpc-port': { type: 'string', default: '8545' },
    empty: { type: 'boolean', default: false },
    'replay-port': { type: 'string', default: '5174' },
    'no-replay': { type: 'boolean', default: false },
  },
})

if (!buildDapp()) {
  console.error('The packages of the dApp could not be installed. Check the network and the npm registry, then run the command again.')
  process.exit(1)
}
const dapp = await startDapp({
  port: Number(values.port),
  rpcPort: Number(values['rpc-port']),
  ...(values['no-replay'] ? {} : { replayPort: Number(values['replay-port']) }),
}).catch((fault: unknown) => {
  if (!(fault instanceof ColophonError)) throw fault
  console.error(`${fault.shortMessage}\n${fault.hint ?? ''}`)
  process.exit(1)
})
if (!values.empty) {
  console.log('Putting works on the chain …')
  await seed(dapp)
}
if (dapp.replayPort !== undefined) console.log(`Captured pages are replayed by ${VIEWER_NAME}, on port ${dapp.replayPort}.`)
else if (!values['no-replay']) console.log(`${VIEWER_NAME} could not be fetched: captured pages are shown, but not replayed.`)
console.log(`\nColophon runs at ${dapp.url}\nIts chain is at ${dapp.stack.url}. Nothing is kept: Ctrl-C ends it.`)
let ending = false
const end = async (): Promise<void> => {
  if (ending) return
  ending = true
  await dapp.stop()
  process.exit(0)
}
process.on('SIGINT', () => void end())
process.on('SIGTERM', () => void end())
await dapp.stack.ended
if (!ending) {
  console.error('The local chain ended by itself.')
  process.exit(1)
}
