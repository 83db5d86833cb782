// What a captured majority can do, and what it cannot: the timelock, which carries out whatever the alliance decides, against every function of
// every contract as deployed.
import { expect } from 'chai'
import { AbiCoder, hexlify, Interface, id, type ParamType, parseEther, randomBytes, ZeroHash } from 'ethers'
import { artifacts } from 'hardhat'
import { ROLES } from '../../deploy/modules/Authority.ts'
import { decide, deployEverything, type Everything, SETTINGS, STATE, VOTE } from './fixture.ts'

const COIN = `0x${'00'.repeat(20)}`

/** All that a decision may reach through the authority, by contract. */
const REACH: Readonly<Record<string, readonly string[]>> = {
  ArbitrationPanel: ['setFee'],
  CopyrightAlliance: ['admit', 'admitMany', 'expel', 'reinstate', 'setRoles', 'suspend'],
  IdentityRegistry: ['revokeFor'],
  RevenueSplitter: ['setCurrency'],
}

const nameOf = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1)

describe('the reach of the alliance', () => {
  let all: Everything
  let clean: Awaited<ReturnType<Everything['connection']['networkHelpers']['takeSnapshot']>>
  let workId: bigint
  before(async () => {
    all = await deployEverything()
    const work = { contentHash: hexlify(randomBytes(32)), fingerprint: ZeroHash, fingerprintType: 0, metadata: ZeroHash, salt: ZeroHash }
    const registry = all.registry.connect(all.stranger) as typeof all.registry
    const workHex = await registry.deposit.staticCall(work)
    await registry.deposit(work)
    workId = BigInt(workHex)
    await (all.title.connect(all.stranger) as typeof all.title).mint(workId, 500n)
    // Money credited to the stranger: paid for his work.
    await (all.splitter.connect(all.ann) as typeof all.splitter).pay(workId, COIN, 1000n, { value: 1000n })
    clean = await all.connection.networkHelpers.takeSnapshot()
  })
  afterEach(() => clean.restore())

  const interfaces = (): Promise<[string, string, Interface][]> =>
    Promise.all(
      Object.entries(all.addresses).map(async ([key, address]): Promise<[string, string, Interface]> => {
        const { abi } = await artifacts.readArtifact(nameOf(key))
        return [nameOf(key), address, new Interface(abi)]
      }),
    )
  const writes = (face: Interface) =>
    face.fragments
      .filter((each) => each.type === 'function')
      .map((each) => face.getFunction(each.format('sighash').replace(/^function /, ''))!)

  it('is, through the authority, currencies, members, and what former verifiers attested', async () => {
    const reach: Record<string, string[]> = {}
    for (const [name, address, face] of await interfaces()) {
      const reached: string[] = []
      for (const fragment of writes(face)) {
        if (fragment.constant) continue
        const [can, delay] = await all.authority.canCall(all.addresses.allianceTimelock!, address, fragment.selector)
        if (can || delay !== 0n) reached.push(fragment.name)
      }
      if (reached.length > 0) reach[name] = reached.sort()
    }
    expect(reach).to.deep.equal(REACH)
  })

  it('is nobody else’s; rulings are the claims’ alone, and administration is nobody’s', async () => {
    const accounts = [all.deployer, all.ann, all.bob, all.cyd, all.dan, all.stranger].map(({ address }) => address)
    const holders = [...accounts, ...Object.values(all.addresses)]
    for (const [role, expected] of [
      [0n, []],
      [ROLES.currencies, [all.addresses.allianceTimelock!]],
      [ROLES.rulings, [all.addresses.infringementClaims!]],
      [ROLES.membership, [all.addresses.allianceTimelock!]],
      [ROLES.governance, [all.addresses.allianceTimelock!]],
    ] as const) {
      const found: string[] = []
      for (const holder of holders) if ((await all.authority.hasRole(role, holder)).isMember) found.push(holder)
      expect(found, `role ${role}`).to.deep.equal(expected)
      // And nobody whom this test does not know: whoever ever got the role, by the events, has lost it or is listed.
      const granted = await all.authority.queryFilter(all.authority.filters.RoleGranted(role))
      for (const { args } of granted)
        expect((await all.authority.hasRole(role, args.account)).isMember).to.equal((expected as readonly string[]).includes(args.account))
    }
    expect(await all.authority.getRoleAdmin(ROLES.rulings)).to.equal(0n)
    for (const role of [ROLES.currencies, ROLES.membership, ROLES.governance])
      expect(await all.authority.getRoleAdmin(role)).to.equal(ROLES.governance)
  })

  it('leaves the deployer nothing: no role, no ownership, no role of the timelock, no function', async () => {
    const deployer = all.deployer.address
    for (const [, address, face] of await interfaces()) {
      for (const fragment of writes(face)) {
        if (!fragment.constant) expect((await all.authority.canCall(deployer, address, fragment.selector))[0]).to.equal(false)
        // No contract has an owner or administrator of its own.
        expect(['owner', 'admin', 'pendingOwner', 'transferOwnership']).not.to.include(fragment.name)
      }
    }
    const timelockRoles = ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'EXECUTOR_ROLE'].map(id)
    for (const role of [ZeroHash, ...timelockRoles]) {
      expect(await all.timelock.hasRole(role, deployer)).to.equal(false)
      expect(await all.timelock.hasRole(role, COIN)).to.equal(false)
      const granted = await all.timelock.queryFilter(all.timelock.filters.RoleGranted(role))
      const holders: string[] = []
      for (const { args } of granted) if (await all.timelock.hasRole(role, args.account)) holders.push(args.account)
      expect(holders).to.deep.equal([role === ZeroHash ? all.addresses.allianceTimelock : all.addresses.allianceGovernor])
    }
    expect(await all.alliance.isActive(deployer)).to.equal(false)
    const refusals: Promise<unknown>[] = [
      all.authority.grantRole(0n, deployer, 0),
      all.authority.setTargetFunctionRole(all.addresses.copyrightTitle!, ['0x12345678'], 0n),
      all.authority.updateAuthority(all.addresses.copyrightTitle!, deployer),
    ]
    for (const sent of await Promise.allSettled(refusals)) expect(sent.status).to.equal('rejected')
    const license = await all.ethers.getContractAt('LicenseToken', all.addresses.licenseToken!)
    await expect(license.getFunction('connect(address,address)').send(deployer, deployer)).to.be.revertedWithCustomError(
      license,
      'LicenseToken_AlreadyConnected',
    )
  })

  /** Values for a parameter that might do harm: the stranger's work, his account, the attacker's. */
  function harmful(type: ParamType, victim: string, attacker: string, seen: { addresses: number }): unknown {
    if (type.baseType === 'array') return type.arrayLength === -1 ? [harmful(type.arrayChildren!, victim, attacker, seen)] : []
    if (type.baseType === 'tuple') return type.components!.map((each) => harmful(each, victim, attacker, seen))
    if (type.type === 'address') return seen.addresses++ === 0 ? victim : attacker
    if (type.type === 'bool') return true
    if (type.type === 'string') return ''
    if (type.type === 'bytes') return '0x'
    if (type.baseType.startsWith('bytes'))
      return AbiCoder.defaultAbiCoder()
        .encode(['uint256'], [workId])
        .slice(0, 2 + 2 * Number(type.type.slice(5)))
    const bits = BigInt(type.type.replace(/\D/g, '') || 256)
    return bits === 256n ? workId : 1n
  }

  const state = async () => ({
    deposit: [...(await all.registry.depositOf(hexlify(AbiCoder.defaultAbiCoder().encode(['uint256'], [workId]))))],
    owner: await all.title.ownerOf(workId),
    holder: [...(await all.title.standingOf(workId))],
    frozen: await all.title.frozenUntil(workId),
    held: await all.ethers.provider.getBalance(all.addresses.revenueSplitter!),
    currency: [...(await all.splitter.currencyOf(COIN))],
  })

  it('changes no deposit, takes no title and touches no credit, whatever function the timelock calls', async () => {
    const { networkHelpers } = all.connection
    const timelock = all.addresses.allianceTimelock!
    await networkHelpers.setBalance(timelock, parseEther('10'))
    await networkHelpers.impersonateAccount(timelock)
    const signer = await all.ethers.getSigner(timelock)
    const before = await state()
    let tried = 0
    for (const [name, address, face] of await interfaces())
      for (const fragment of writes(face)) {
        if (fragment.constant) continue
        const from = face.encodeFunctionData(
          fragment,
          fragment.inputs.map(
            (
              (seen) => (input: ParamType) =>
                harmful(input, all.stranger.address, timelock, seen)
            )({ addresses: 0 }),
          ),
        )
        await signer.sendTransaction({ to: address, data: from, gasLimit: 5_000_000 }).catch(() => undefined)
        expect(await state(), `${name}.${fragment.name}`).to.deep.equal(before)
        tried++
      }
    expect(tried).to.be.greaterThan(100)
  })

  it('cannot be widened: a majority of all decides to, and every way fails', async () => {
    const authority = (name: string, args: unknown[]) => ({
      target: all.addresses.authority!,
      data: all.authority.interface.encodeFunctionData(name as never, args as never),
    })
    const title = (name: string, args: unknown[]) => ({
      target: all.addresses.copyrightTitle!,
      data: all.title.interface.encodeFunctionData(name as never, args as never),
    })
    const timelock = all.addresses.allianceTimelock!
    const attempts = {
      'take the role of rulings': authority('grantRole', [ROLES.rulings, timelock, 0]),
      'take the role of administration': authority('grantRole', [0n, timelock, 0]),
      'put another in charge of rulings': authority('setRoleAdmin', [ROLES.rulings, ROLES.governance]),
      'give a function of the titles to a role of its own': authority('setTargetFunctionRole', [
        all.addresses.copyrightTitle!,
        [all.title.interface.getFunction('refute').selector],
        ROLES.membership,
      ]),
      'replace the authority of the titles': authority('updateAuthority', [all.addresses.copyrightTitle!, timelock]),
      'close the splitter': authority('setTargetClosed', [all.addresses.revenueSplitter!, true]),
      'refute the deposit': title('refute', [workId]),
      'freeze the title': title('freeze', [workId, 2_000_000_000n]),
      'take the title': title('transferFrom', [all.stranger.address, timelock, workId]),
      'connect another splitter': title('connect', [timelock]),
      'name another module of the splitter': {
        target: all.addresses.revenueSplitter!,
        data: all.splitter.interface.encodeFunctionData('setModules', [[timelock]]),
      },
    }
    const before = await state()
    const restore = await all.connection.networkHelpers.takeSnapshot()
    for (const [aim, call] of Object.entries(attempts)) {
      const proposal = await all.propose([call], aim)
      await all.open(proposal)
      for (const member of [all.ann, all.bob, all.cyd, all.dan]) await all.by(member).castVote(proposal, VOTE.for)
      await all.close(proposal)
      await all.queue([call], aim)
      await all.time.increase(SETTINGS.timelockDelay)
      await all.execute([call], aim).then(
        () => expect.fail(`${aim}: it was done`),
        (error: Error) => expect(error.message, aim).not.to.include('it was done'),
      )
      expect(await all.governor.state(proposal), aim).to.equal(STATE.queued)
      expect(await state(), aim).to.deep.equal(before)
      await restore.restore()
    }
  })

  it('reaches currencies, and money credited before is paid out all the same', async () => {
    const token = await all.ethers.deployContract('PlainToken')
    const address = await token.getAddress()
    const setCurrency = (allowed: boolean) => ({
      target: all.addresses.revenueSplitter!,
      data: all.splitter.interface.encodeFunctionData('setCurrency', [address, allowed]),
    })
    await decide(all, [setCurrency(true)], 'Take the token')
    await token.getFunction('mint').send(all.ann.address, 500n)
    await token.getFunction('approve').send(all.addresses.revenueSplitter!, 500n)
    await (token.connect(all.ann) as typeof token).getFunction('approve').send(all.addresses.revenueSplitter!, 500n)
    const splitter = (signer: typeof all.ann) => all.splitter.connect(signer) as typeof all.splitter
    await splitter(all.ann).pay(workId, address, 500n)
    await decide(all, [setCurrency(false)], 'Take it no longer')
    expect([...(await all.splitter.currencyOf(address))]).to.deep.equal([false, 500n])
    const payees = [{ account: all.stranger.address, share: 1_000_000n }]
    await splitter(all.stranger).claim(workId, payees, 0n, address)
    expect(await token.getFunction('balanceOf').staticCall(all.stranger.address)).to.equal(500n)
    const coins = await all.ethers.provider.getBalance(all.addresses.revenueSplitter!)
    await splitter(all.ann).claim(workId, payees, 0n, COIN)
    expect(coins - (await all.ethers.provider.getBalance(all.addresses.revenueSplitter!))).to.equal(1000n)
  })

  it('can be passed on whole to a successor, and not beyond', async () => {
    const successor = all.stranger.address
    const grant = (role: bigint) => ({
      target: all.addresses.authority!,
      data: all.authority.interface.encodeFunctionData('grantRole', [role, successor, 0]),
    })
    await decide(all, [grant(ROLES.currencies), grant(ROLES.membership), grant(ROLES.governance)], 'A successor')
    await (all.alliance.connect(all.stranger) as typeof all.alliance).admit(all.deployer.address, 1)
    expect(await all.alliance.isActive(all.deployer.address)).to.equal(true)
    const authority = all.authority.connect(all.stranger) as typeof all.authority
    await expect(authority.grantRole(ROLES.rulings, successor, 0)).to.be.revertedWithCustomError(
      all.authority,
      'AccessManagerUnauthorizedAccount',
    )
  })
})
