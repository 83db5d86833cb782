import { expect } from 'chai'
import { id } from 'ethers'
import { network } from 'hardhat'
import { ANSWER, WALLET_ANSWERS } from '../registry/fixture.ts'

describe('SignatureLib: a wallet vouches', () => {
  for (const [answer, good] of WALLET_ANSWERS)
    it(`${good ? 'with' : 'not with'} the answer ${answer}`, async () => {
      const { ethers } = await network.create()
      const wallet = await ethers.deployContract('HostileWallet', [ANSWER[answer]])
      const double = await ethers.deployContract('SignatureDouble')
      expect(await double.isVouchedFor(await wallet.getAddress(), id('digest'), '0x1234')).to.equal(good)
    })

  it('not where there is no code', async () => {
    const { ethers } = await network.create()
    const double = await ethers.deployContract('SignatureDouble')
    for (const account of [id('nobody').slice(0, 42), `0x${'00'.repeat(19)}04`])
      expect(await double.isVouchedFor(account, id('digest'), '0x1234')).to.equal(false)
  })
})
