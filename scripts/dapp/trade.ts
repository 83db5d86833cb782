// What people do with each other's works on the local dApp: agreements, auctions, a panel that deliberates, members who decide.
import type { Colophon, Hex } from '@colophon/sdk'
import { ArbitrationPanel__factory, Authority__factory, type ContractName, CopyrightAlliance__factory } from '@colophon/sdk/contracts'
import { parseEther, type Signer } from 'ethers'
import { ROLES } from '../../deploy/modules/Authority.ts'
import type { LocalDapp } from './dapp.ts'
import type { SeededWork } from './works.ts'

const DAY = 86_400
/** Bits of the alliance's roles, as in contracts/types/Role.sol. */
const OWNER = 1 << 0
const AGENCY = 1 << 1
const PLATFORM = 1 << 2
const VERIFIER = 1 << 3
const ARBITRATOR = 1 << 4
const PHASE_DRAWING = 1n

/** Puts it on the chain, in the order in which the parts need one another. */
export async function seedTrade(dapp: LocalDapp, works: Map<string, SeededWork>): Promise<void> {
  const idOf = (name: string): Hex => works.get(name)!.receipt.id
  const as = (name: string): Colophon => dapp.as(works.get(name)!.owner)
  await dapp.as(3).revenue.pay({ workId: idOf('essay'), amount: parseEther('0.025') })
  await agree(dapp, idOf)
  await admitMembers(dapp)
  await auction(dapp, as, idOf)
  await deliberate(dapp, idOf)
}

/** Dee lets Ada use the tune for a fee each quarter and a price for each play; the first instalment is due at once. */
async function agree(dapp: LocalDapp, idOf: (name: string) => Hex): Promise<void> {
  const now = (await dapp.provider.getBlock('latest'))!.timestamp
  const agreement = await dapp.as(4).agreements.propose({
    workId: idOf('orbits'),
    licensor: dapp.wallet(4).address,
    licensee: dapp.wallet(1).address,
    rights: ['reproduce', 'display', 'commercial'],
    channels: ['web', 'merchandise'],
    duration: { years: 1 },
    // A second of the chain passes with each block that follows.
    startsAt: now + 4,
    periods: 4,
    periodDays: 90,
    instalment: parseEther('0.03'),
    minimum: parseEther('0.01'),
    unitPrice: parseEther('0.0005'),
    downPayment: parseEther('0.05'),
    deposit: parseEther('0.02'),
  })
  await dapp.as(1).agreements.activate(agreement)
  const others = await dapp.as(1).agreements.propose({
    workId: idOf('coffee'),
    licensor: dapp.wallet(1).address,
    licensee: dapp.wallet(8).address,
    rights: ['reproduce', 'distribute', 'commercial'],
    channels: ['books', 'education'],
    duration: { years: 2 },
    startsAt: now + 7 * DAY,
    periods: 8,
    periodDays: 91,
    instalment: parseEther('0.04'),
    downPayment: parseEther('0.1'),
  })
  await dapp.as(8).agreements.activate(others)
}

/** The deployer admits the first members, who from then on decide by themselves, since what they accept can be carried out; three of them enlist as arbitrators. */
async function admitMembers(dapp: LocalDapp): Promise<void> {
  const deployer = dapp.wallet(0)
  const authority = at(dapp, 'Authority', Authority__factory, deployer)
  const alliance = at(dapp, 'CopyrightAlliance', CopyrightAlliance__factory, deployer)
  const timelock = dapp.stack.deployment.contracts.AllianceTimelock!.address
  for (const holder of [deployer.address, timelock]) await (await authority.grantRole(ROLES.membership, holder, 0)).wait()
  const members: [account: number, roles: number][] = [
    [1, OWNER | ARBITRATOR],
    [2, OWNER],
    [3, OWNER | PLATFORM],
    [4, AGENCY],
    [6, VERIFIER | ARBITRATOR],
    [8, ARBITRATOR],
  ]
  const addresses = members.map(([account]) => dapp.wallet(account).address)
  await (
    await alliance.admitMany(
      addresses,
      members.map(([, roles]) => roles),
    )
  ).wait()
  for (const [account, roles] of members)
    if ((roles & ARBITRATOR) !== 0)
      await (await at(dapp, 'ArbitrationPanel', ArbitrationPanel__factory, dapp.wallet(account)).enlist()).wait()
  // Who was admitted in this very second has no vote yet.
  await dapp.provider.send('evm_increaseTime', [2])
  await dapp.provider.send('evm_mine', [])
  await dapp.as(2).alliance.propose({
    decisions: [{ admit: dapp.wallet(5).address, roles: ['owner', 'agency'] }],
    description: 'Admit Emre as owner and agency: he has deposited two works and represents four illustrators.',
  })
  const [verifier, subject] = [dapp.as(6).identity, dapp.wallet(1).address]
  await verifier.attest({ subject, level: 'substantial', claim: `0x${'5a'.repeat(32)}` })
}

/** Two titles go to whoever bids most. */
async function auction(dapp: LocalDapp, as: (name: string) => Colophon, idOf: (name: string) => Hex): Promise<void> {
  const now = (await dapp.provider.getBlock('latest'))!.timestamp
  const leaves = as('leaves').exchange
  await leaves.approveTitle({ title: idOf('leaves') })
  const first = await leaves.openAuction({ token: { title: idOf('leaves') }, reserve: parseEther('0.6'), endsAt: now + 7 * DAY })
  await dapp.as(3).exchange.bid({ auction: first.auction, amount: parseEther('0.75') })
  await as('windows').titles.mint({ workId: idOf('windows'), royaltyPercent: 8 })
  const windows = as('windows').exchange
  await windows.approveTitle({ title: idOf('windows') })
  await windows.openAuction({ token: { title: idOf('windows') }, reserve: parseEther('0.2'), stepPercent: 10, endsAt: now + 3 * DAY })
}

/** Bo says that Emre's pattern is his; Emre denies it, and Ada, Fay and Hana are drawn to decide. */
async function deliberate(dapp: LocalDapp, idOf: (name: string) => Hex): Promise<void> {
  const note = 'The hatching of the leaves repeats that of the hills, line by line, at half the size.'
  const { cid } = await dapp.storage.put(new TextEncoder().encode(JSON.stringify({ type: 'note', text: note })))
  const { id } = await dapp.as(2).claims.file({ workId: idOf('blue-hills'), suspectId: idOf('weave'), evidence: cid })
  await dapp.as(5).claims.respond({ claim: id })
  const { disputeId } = await dapp.as(2).claims.escalate({ claim: id })
  const panel = at(dapp, 'ArbitrationPanel', ArbitrationPanel__factory, dapp.wallet(2))
  while ((await panel.disputeOf(disputeId)).phase === PHASE_DRAWING) {
    for (let block = 0; block < 5; block++) await dapp.provider.send('evm_mine', [])
    await (await panel.draw(disputeId)).wait()
  }
}

function at<Typed>(
  dapp: LocalDapp,
  name: ContractName,
  factory: { connect(address: string, runner: Signer): Typed },
  runner: Signer,
): Typed {
  return factory.connect(dapp.stack.deployment.contracts[name]!.address, runner)
}
