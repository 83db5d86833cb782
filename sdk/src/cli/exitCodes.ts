import { ColophonError } from '../errors/base.ts'
import { ContractError } from '../errors/contract.ts'

/** What the process ends with; documented in docs/cli.md, so scripts rely on it. */
export const EXIT = {
  ok: 0,
  /** The command worked and its answer is no: tampered, different, something to cure. */
  no: 1,
  /** The command line, the configuration or a file given to it is not right. */
  usage: 2,
  /** Network, disk or an optional package stands in the way. */
  environment: 3,
  /** The chain, the contract or the account refuses. */
  chain: 4,
  /** A fault of the program itself. */
  fault: 5,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const

const ENVIRONMENT =
  /^(NETWORK_|RATE_LIMITED|PROOF_UNAVAILABLE|RPC_|CONTRACT_MISSING|DEPLOYMENT_UNKNOWN|WRONG_CHAIN|DEPENDENCY_MISSING|ANVIL_MISSING|PORT_TAKEN|STACK_|OUTPUT_UNWRITABLE|STORAGE_|REPLICATION_|STORE_|INDEX_(LOCKED|NOT_WRITABLE|DISK_FULL|DAMAGED|REWRITTEN|TOO_LARGE)|MERKLE_UN|TRANSACTION_PENDING|TRANSACTION_NOT_FOUND|EVENT_MISSING|BLOCK_MISSING|CHAIN_FAULT|BAD_CHAIN_DATA|BATCH_BUSY|WATCH_(BUSY|DAMAGED)|FETCH_FAILED|CAPTURE_FAILED|HOST_UNKNOWN|TIMESTAMP_UNAVAILABLE|RELAY_(BUSY|FULL|RATE_LIMITED|DAMAGED|UNREACHABLE|FOREIGN|PENDING|NOT_FOUND)|DATABASE_|SERVICE_FAILED|CHAIN_CHANGED|LOGS_TOO_MANY|REORG_TOO_DEEP)/
const CHAIN =
  /^(INSUFFICIENT_FUNDS|FEE_TOO_LOW|ARBITRATION_|REPLACEMENT_UNDERPRICED|NONCE_USED|TRANSACTION_|CONTRACT_|DEPOSIT_|SEAL_|ANCHOR_|PROOF_INVALID|SIGNATURE_|NOTHING_TO_DEPOSIT|USER_REJECTED|WRONG_CLAIMANT|SIGNER_MISSING|ALLOWANCE_MISSING|BALANCE_TOO_LOW|NOTHING_DUE|NOT_RIGHTS_HOLDER|WORK_REFUTED|RELAY_(REFUSED|UNTRUE|ELSEWHERE|IDENTITY_REQUIRED|QUOTA_EXCEEDED))/

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof ColophonError) || error.code === 'INTERNAL') return EXIT.fault
  if (error.code === 'INTERRUPTED') return EXIT.interrupted
  if (ENVIRONMENT.test(error.code)) return EXIT.environment
  if (CHAIN.test(error.code) || error instanceof ContractError) return EXIT.chain
  return EXIT.usage
}
