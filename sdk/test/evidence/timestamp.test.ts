import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { requestTimestamp, verifyTimestamp } from '../../src/evidence/index.ts'
import { expectError } from '../expectError.ts'

const CONFIG = `
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[mail]
extendedKeyUsage = critical, emailProtection
[tsa_config]
serial = serial
crypto_device = builtin
default_policy = 1.2.3.4.1
signer_digest = sha256
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = yes
ess_cert_id_alg = sha256
`

/** A real time-stamping authority: OpenSSL, behind HTTP on loopback. */
describe('evidence: timestamps', function () {
  this.timeout(60_000)
  let folder: string
  let server: Server
  let authority: string
  /** What the authority does next, instead of answering rightly. */
  let fault: ((reply: Buffer) => Buffer | number) | undefined
  const signer = 'tsa'
  const digest = `0x${'5a'.repeat(32)}` as const
  const other = `0x${'a5'.repeat(32)}` as const

  const openssl = (...args: string[]): void => {
    const ran = spawnSync('openssl', args, { cwd: folder })
    if (ran.status !== 0) throw new Error(ran.stderr.toString())
  }
  const der = (name: string): Uint8Array => {
    openssl('x509', '-in', `${name}.pem`, '-outform', 'der', '-out', `${name}.der`)
    return new Uint8Array(readFileSync(join(folder, `${name}.der`)))
  }
  const certificate = (name: string, extensions: string, issuer?: string, days = '100'): void => {
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=Test ${name}`,
      '-config',
      'c.cnf',
    )
    const by = issuer === undefined ? ['-signkey', `${name}.key`] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial']
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-days',
      days,
      '-extfile',
      'c.cnf',
      '-extensions',
      extensions,
      '-out',
      `${name}.pem`,
      ...by,
    )
  }

  before(async function () {
    if (spawnSync('openssl', ['version']).status !== 0) this.skip()
    folder = mkdtempSync(join(tmpdir(), 'colophon-tsa-'))
    writeFileSync(join(folder, 'c.cnf'), CONFIG)
    writeFileSync(join(folder, 'serial'), '01')
    certificate('ca', 'ca')
    certificate('tsa', 'tsa', 'ca')
    certificate('stranger', 'ca')
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      writeFileSync(join(folder, 'q.tsq'), Buffer.concat(chunks))
      const ran = spawnSync(
        'openssl',
        [
          'ts',
          '-reply',
          '-queryfile',
          'q.tsq',
          '-config',
          'c.cnf',
          '-section',
          'tsa_config',
          '-signer',
          `${signer}.pem`,
          '-inkey',
          `${signer}.key`,
          '-chain',
          'ca.pem',
          '-out',
          'r.tsr',
        ],
        { cwd: folder },
      )
      const reply = ran.status === 0 ? readFileSync(join(folder, 'r.tsr')) : Buffer.from(ran.stderr)
      const answer = fault?.(reply) ?? reply
      if (typeof answer === 'number') response.writeHead(answer).end()
      else response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(answer)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  after(() => {
    server?.closeAllConnections()
    server?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })
  afterEach(() => {
    fault = undefined
  })

  it('come from a real authority and are checked with its chain', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const token = await requestTimestamp(digest, authority)
    const stamp = await verifyTimestamp(token, digest, { roots: [der('ca')] })
    expect(stamp).to.include({ digest, policy: '1.2.3.4.1', authority: 'Test tsa' })
    expect(stamp.serial).to.match(/^0x[0-9a-f]+$/)
    expect(stamp.time.getTime()).to.be.within(before, Date.now())
    // OpenSSL agrees.
    writeFileSync(join(folder, 't.der'), token)
    const ran = spawnSync('openssl', ['ts', '-verify', '-digest', digest.slice(2), '-in', 't.der', '-token_in', '-CAfile', 'ca.pem'], {
      cwd: folder,
    })
    expect(ran.stdout.toString() + ran.stderr.toString()).to.include('Verification: OK')
  })

  it('are good for one digest, one chain and as they are', async () => {
    const token = await requestTimestamp(digest, authority)
    expect((await expectError('TIMESTAMP_INVALID', () => verifyTimestamp(token, other))).shortMessage).to.include('another digest')
    await expectError('TIMESTAMP_INVALID', () => verifyTimestamp(token, digest, { roots: [der('stranger')] }))
    await expectError('TIMESTAMP_INVALID', () => verifyTimestamp(new Uint8Array(10), digest))
    await expectError('TIMESTAMP_INVALID', () => verifyTimestamp(token.subarray(0, 200), digest))
    // Any changed byte of what is signed, or of the signature.
    let refused = 0
    for (let at = 60; at < token.length; at += 97) {
      const changed = token.slice()
      changed[at]! ^= 1
      await verifyTimestamp(changed, digest, { roots: [der('ca')] }).then(
        (stamp) => expect(stamp.digest).to.equal(digest),
        (error: { code: string }) => {
          expect(error.code).to.equal('TIMESTAMP_INVALID')
          refused++
        },
      )
    }
    expect(refused).to.be.above(10)
  })

  it('are refused when the authority answers with another token, refuses, or is not there', async () => {
    const earlier = await new Promise<Buffer>((resolve) => {
      fault = (reply) => {
        resolve(reply)
        return reply
      }
      void requestTimestamp(digest, authority)
    })
    fault = () => earlier
    expect((await expectError('TIMESTAMP_INVALID', () => requestTimestamp(digest, authority))).shortMessage).to.include('nonce')
    // Status 2: rejection, with nothing behind.
    fault = () => Buffer.from('30053003020102', 'hex')
    expect((await expectError('TIMESTAMP_INVALID', () => requestTimestamp(digest, authority))).shortMessage).to.include('refused')
    fault = () => 503
    expect((await expectError('TIMESTAMP_UNAVAILABLE', () => requestTimestamp(digest, authority))).shortMessage).to.include('503')
    fault = () => Buffer.alloc(2 << 20)
    await expectError('TIMESTAMP_UNAVAILABLE', () => requestTimestamp(digest, authority))
    await expectError('TIMESTAMP_UNAVAILABLE', () => requestTimestamp(digest, 'http://127.0.0.1:9/'))
    fault = () => Buffer.from('hello')
    await expectError('TIMESTAMP_INVALID', () => requestTimestamp(digest, authority))
    const reason = new Error('enough')
    expect(await requestTimestamp(digest, authority, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(
      reason,
    )
  })

  it('are refused from certificates that are not for timestamps', async () => {
    const token = await requestTimestamp(digest, authority)
    // OpenSSL does not let such a certificate sign, so the purpose in a good token is changed: timeStamping to emailProtection.
    const changed = Buffer.from(token)
    const purpose = changed.indexOf(Buffer.from('06082b06010505070308', 'hex'))
    expect(purpose).to.be.above(0)
    changed[purpose + 9] = 4
    expect((await expectError('TIMESTAMP_INVALID', () => verifyTimestamp(new Uint8Array(changed), digest))).shortMessage).to.include(
      'may not',
    )
  })
})
