#!/usr/bin/env node
import module from 'node:module'

// Compiling is most of the time that a short command takes. Node 20 has no such cache, and coverage needs none.
if (process.env.NODE_V8_COVERAGE === undefined) module.enableCompileCache?.()
const { run } = await import('./run.ts')

const code = await run(process.argv.slice(2))
// What was written is waited for; sockets to an RPC that has stopped answering are not.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
