import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { JsonRpcProvider } from 'ethers'
import { interfaceOf } from '../../src/client/contract.ts'
import * as contracts from '../../src/contracts/index.ts'
import { createColophon } from '../../src/index.ts'

const sources = join(import.meta.dirname, '..', '..', 'src')

/** Why users need no method of their own for a function. */
const RIGHTS = 'ERC-721: exchange.approveTitle and approveLicense allow exactly one token; all-embracing permissions are not given'
const TRANSFER = 'ERC-721: the safe transfer, with or without data, is the one that the client sends'
const ALLIANCE = 'restricted: decided by the alliance, in a proposal (alliance.propose)'
const CONTRACTS = 'only other contracts of the system may call it'
const WIRING = 'called once, when the contracts are deployed'
const RECEIVING = 'called by tokens that are sent to it'
const TIMELOCK = 'done through the governor: alliance.queue, execute, cancel'
const MANAGING =
  "OpenZeppelin's AccessManager, whose admin is the alliance's timelock: any call goes through alliance.propose({ to, data })"

type Way = string

/** For each function that changes something: the client's method that covers it, or after a colon the reason why a user does not need one. */
const WAYS: Record<string, Record<string, Way>> = {
  AllianceGovernor: {
    cancel: 'alliance.cancel',
    castVote: ': alliance.vote sends castVoteWithReason, whose reason may be empty',
    castVoteBySig: 'alliance.submitBallot',
    castVoteWithReason: 'alliance.vote',
    castVoteWithReasonAndParams: ': votes of this governor have no parameters',
    castVoteWithReasonAndParamsBySig: ': votes of this governor have no parameters',
    execute: 'alliance.execute',
    onERC1155BatchReceived: `: ${RECEIVING}`,
    onERC1155Received: `: ${RECEIVING}`,
    onERC721Received: `: ${RECEIVING}`,
    propose: 'alliance.propose',
    queue: 'alliance.queue',
    relay: `: ${ALLIANCE}`,
    setProposalThreshold: `: ${ALLIANCE}`,
    setVotingDelay: `: ${ALLIANCE}`,
    setVotingPeriod: `: ${ALLIANCE}`,
    updateQuorumNumerator: `: ${ALLIANCE}`,
  },
  AllianceTimelock: {
    cancel: `: ${TIMELOCK}`,
    execute: `: ${TIMELOCK}`,
    executeBatch: `: ${TIMELOCK}`,
    grantRole: `: ${ALLIANCE}`,
    onERC1155BatchReceived: `: ${RECEIVING}`,
    onERC1155Received: `: ${RECEIVING}`,
    onERC721Received: `: ${RECEIVING}`,
    renounceRole: `: ${WIRING}`,
    revokeRole: `: ${ALLIANCE}`,
    schedule: `: ${TIMELOCK}`,
    scheduleBatch: `: ${TIMELOCK}`,
    updateDelay: `: ${ALLIANCE}`,
  },
  ArbitrationPanel: {
    advance: 'panel.advance',
    appeal: `: ${CONTRACTS}; the parties call claims.appeal`,
    commit: 'panel.commit',
    createDispute: `: ${CONTRACTS}; the parties call claims.escalate`,
    draw: 'panel.draw',
    enlist: 'panel.enlist',
    execute: 'panel.execute',
    recuse: 'panel.recuse',
    retire: 'panel.retire',
    reveal: 'panel.reveal',
    setAuthority: `: ${ALLIANCE}`,
    setFee: `: ${ALLIANCE}`,
    withdraw: 'panel.withdraw',
  },
  Authority: Object.fromEntries(
    [
      ...['cancel', 'consumeScheduledOp', 'execute', 'grantRole', 'labelRole', 'multicall', 'renounceRole', 'revokeRole', 'schedule'],
      ...[
        'setGrantDelay',
        'setRoleAdmin',
        'setRoleGuardian',
        'setTargetAdminDelay',
        'setTargetClosed',
        'setTargetFunctionRole',
        'updateAuthority',
      ],
    ].map((name) => [name, `: ${MANAGING}`]),
  ),
  CopyrightAlliance: {
    admit: `: ${ALLIANCE}`,
    admitMany: `: ${ALLIANCE}`,
    connect: `: ${WIRING}`,
    delegate: ': a member votes himself; the contract refuses any other delegate',
    delegateBySig: ': a member votes himself; the contract refuses any other delegate',
    expel: `: ${ALLIANCE}`,
    reinstate: `: ${ALLIANCE}`,
    resign: 'alliance.resign',
    safeTransferFrom: ': memberships cannot be transferred',
    setAuthority: `: ${ALLIANCE}`,
    setRoles: `: ${ALLIANCE}`,
    suspend: `: ${ALLIANCE}`,
    transferFrom: ': memberships cannot be transferred',
  },
  CopyrightRegistry: {
    anchor: 'deposits.anchor',
    deposit: 'deposits.create',
    depositBySig: 'deposits.submitSigned',
    depositMany: 'deposits.createMany',
    depositManyBySig: 'deposits.submitManySigned',
    lift: 'deposits.lift',
    liftBySig: 'deposits.submitSignedLift',
    seal: 'deposits.seal',
    unseal: 'deposits.unseal',
  },
  CopyrightTitle: {
    approve: 'exchange.approveTitle',
    connect: `: ${WIRING}`,
    freeze: `: ${CONTRACTS}; claimants call claims.freeze`,
    lowerRoyalty: 'titles.lowerRoyalty',
    mint: 'titles.mint',
    refute: `: ${CONTRACTS}; anybody may call claims.enforce`,
    safeTransferFrom: 'titles.transfer',
    setApprovalForAll: `: ${RIGHTS}`,
    setAuthority: `: ${ALLIANCE}`,
    transferFrom: `: ${TRANSFER}`,
    withdrawOffers: 'titles.withdrawOffers',
  },
  IdentityRegistry: {
    attest: 'identity.attest',
    attestBySig: 'identity.submit',
    attestMany: 'identity.attestMany',
    renounce: 'identity.renounce',
    revoke: 'identity.revoke',
    revokeBySig: 'identity.submitRevocation',
    revokeFor: `: ${ALLIANCE}: { revokeAttestation, verifier }`,
    revokeMany: 'identity.revokeMany',
    setAuthority: `: ${ALLIANCE}`,
    setVerifier: `: ${CONTRACTS}: the alliance's, when roles change`,
  },
  InfringementClaims: {
    answer: 'claims.respond',
    answerWithDeposit: 'claims.respondWithDeposit',
    answerWithLicense: 'claims.respondWithLicense',
    appeal: 'claims.appeal',
    conclude: 'claims.conclude',
    enforce: 'claims.enforce',
    escalate: 'claims.escalate',
    fileClaim: 'claims.file',
    fileMatch: 'claims.file',
    freeze: 'claims.freeze',
    retract: 'claims.retract',
    rule: `: ${CONTRACTS}: arbitrators`,
    settle: 'claims.acceptSettlement',
    submitEvidence: 'claims.submitEvidence',
    withdraw: 'claims.withdraw',
  },
  LicenseAgreements: {
    activate: 'agreements.activate',
    pay: 'agreements.pay',
    reportUsage: 'agreements.reportUsage',
    returnDeposit: 'agreements.returnDeposit',
    terminate: 'agreements.terminate',
    terminateByConsent: 'agreements.terminateByConsent',
    withdraw: 'agreements.withdraw',
    withdrawHeld: 'agreements.withdrawHeld',
  },
  LicenseToken: {
    acquire: 'licenses.acquire',
    approve: 'exchange.approveLicense',
    authorizeDerivative: 'licenses.authorizeDerivative',
    cancel: 'licenses.cancel',
    connect: `: ${WIRING}`,
    end: `: ${CONTRACTS}: the agreements`,
    issueUnderAgreement: `: ${CONTRACTS}: the agreements`,
    open: 'licenses.open',
    renew: 'licenses.renew',
    safeTransferFrom: 'licenses.transfer',
    setApprovalForAll: `: ${RIGHTS}`,
    transferFrom: `: ${TRANSFER}`,
  },
  RevenueSplitter: {
    claim: ': revenue.claim sends claimAll, which claims of every split and currency at once',
    claimAll: 'revenue.claim',
    claimTo: ': revenue.claim({ to }) sends claimAll, which takes a recipient',
    collect: `: ${CONTRACTS}`,
    collectSale: `: ${CONTRACTS}`,
    credit: `: ${CONTRACTS}`,
    grantDerivative: 'revenue.grantDerivative',
    pay: 'revenue.pay',
    payDirect: 'revenue.payDirect',
    registerDerivative: 'revenue.registerDerivative',
    resetSplit: `: ${CONTRACTS}: the titles, when one changes hands`,
    revokeDerivative: 'revenue.revokeDerivative',
    setAuthority: `: ${ALLIANCE}`,
    setCurrency: `: ${ALLIANCE}: { currency, allowed }`,
    setModules: `: ${WIRING}`,
    setSplit: 'revenue.setSplit',
    sweep: 'revenue.sweep',
    withdraw: ': revenue.withdraw sends withdrawTo, which takes a recipient',
    withdrawTo: 'revenue.withdraw',
  },
  RightsExchange: {
    bid: 'exchange.bid',
    cancel: 'exchange.cancel',
    cancelAuction: 'exchange.cancelAuction',
    cancelNonces: 'exchange.cancelNonces',
    close: 'exchange.closeAuction',
    fill: 'exchange.fill',
    open: 'exchange.openAuction',
    payFromHoldings: `: ${CONTRACTS}: the exchange itself`,
    release: 'exchange.release',
    settle: 'exchange.settle',
    withdraw: 'exchange.withdraw',
  },
}

describe('the clients cover the contracts', () => {
  const provider = new JsonRpcProvider('http://127.0.0.1:1')
  const colophon = createColophon({ provider }) as unknown as Record<string, Record<string, unknown>>
  after(() => provider.destroy())
  const factories = Object.entries(contracts).filter(([name]) => name.endsWith('__factory'))

  it('knows every contract', () => {
    expect(factories.map(([name]) => name.replace('__factory', '')).sort()).to.deep.equal(Object.keys(WAYS).sort())
  })

  for (const [name, factory] of factories) {
    const contract = name.replace('__factory', '')
    it(`${contract}: every function that changes something has a method, or a reason`, () => {
      const functions = new Set<string>()
      interfaceOf(factory as Parameters<typeof interfaceOf>[0]).forEachFunction((each) => {
        if (!each.constant) functions.add(each.name)
      })
      const ways = WAYS[contract] ?? {}
      expect(Object.keys(ways).sort()).to.deep.equal([...functions].sort())
      for (const [method, way] of Object.entries(ways)) {
        if (way.startsWith(': ')) {
          expect(way.length, method).to.be.greaterThan(12)
          continue
        }
        const [client, member] = way.split('.') as [string, string]
        const found = colophon[client]?.[member] as { simulate?: unknown; estimate?: unknown; populate?: unknown } | undefined
        expect(found, `${contract}.${method}: there is no ${way}`).to.be.a('function')
        for (const use of ['simulate', 'estimate', 'populate'] as const) expect(found![use], `${way}.${use}`).to.be.a('function')
        // That the method of this name calls this function, the client's own tests show; here, that something in it does.
        const text = globSync(join(sources, client, '**', '*.ts'))
          .map((file) => readFileSync(file, 'utf8'))
          .join('\n')
        expect(text, `${client} never calls ${method}`).to.match(new RegExp(`['"]${method}(\\(|['"])`))
      }
    })
  }
})
