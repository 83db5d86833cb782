/** Creation bytecode of the contracts, apart from everything else because only deployers need it. */
export * from './generated/bytecode.ts'
