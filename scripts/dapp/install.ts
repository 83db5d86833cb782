// Installs the dApp's packages, for checks that read its sources.
import { installDapp } from '../setup/dapp.ts'

process.exitCode = installDapp() ? 0 : 1
