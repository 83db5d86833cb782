import type { Party } from '../../document/index.ts'
import type { DepositKind } from '../../receipt/receipt.ts'
import type { CertificateLanguage } from '../data.ts'

/** Everything the page says in one language. */
export interface Wording {
  heading: string
  /** Under the heading. */
  motto: string
  untitled: string
  by(creators: string): string
  /** Between names. */
  and: string
  /** What the depositor knows to be false cannot be made true by a chain; this is what the page vouches for. */
  statement(facts: { date: string; time: string; chain: string; block: number }): string
  moment(seconds: number): { date: string; time: string }
  at(date: string, time: string): string
  party(party: Party): string
  labels: {
    deposit: string
    goodFrom: string
    recorded: string
    rightsHolder: string
    claimant: string
    identity: string
    chain: string
    transaction: string
    sha256: string
    fingerprint: string
    iscc: string
    document: string
  }
  block(number: number): string
  kind: Record<DepositKind, string>
  chain(id: number): string
  registry: string
  sameAsCreators: string
  level(level: number): string
  noFingerprint: string
  verifyHeading: string
  verify: string
  attached: string
  seal: string
  /** Under the drawing, where there is no fingerprint and the file's hash is drawn. */
  hashSeal: string
  waveform: string
  dataDigest: string
  about(title: string): string
  attachments: { data: string; receipt: string; document: string }
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

function partsOf(seconds: number): { year: number; month: number; day: number; time: string } {
  const date = new Date(seconds * 1000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    time: date.toISOString().slice(11, 19),
  }
}

const CHAINS: Readonly<Record<number, string>> = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  8453: 'Base',
  42161: 'Arbitrum One',
  11155111: 'Sepolia',
}

const english: Wording = {
  heading: 'Certificate of Deposit',
  motto: 'who made it, when, and where it is written down',
  untitled: 'Untitled work',
  by: (creators) => `by ${creators}`,
  and: ', ',
  statement: ({ date, time, chain, block }) =>
    `This work was deposited on ${date} at ${time} UTC. What proves it stands in block ${block.toLocaleString('en')} of ${chain}, in a registry that has no owner and in which no record can be changed or removed.`,
  moment(seconds) {
    const { year, month, day, time } = partsOf(seconds)
    return { date: `${day} ${MONTHS[month]} ${year}`, time }
  },
  at: (date, time) => `${date}, ${time} UTC`,
  party: ({ name, role }) => (role === undefined ? name : `${name} (${role})`),
  labels: {
    deposit: 'Deposit',
    goodFrom: 'Good from',
    recorded: 'Recorded',
    rightsHolder: 'Rights holder',
    claimant: 'Claimant',
    identity: 'Identity',
    chain: 'Chain, registry',
    transaction: 'Transaction',
    sha256: 'SHA-256',
    fingerprint: 'Fingerprint',
    iscc: 'ISCC',
    document: 'Document (CID)',
  },
  block: (number) => `block ${number.toLocaleString('en')}`,
  kind: {
    direct: 'deposited by the claimant',
    signed: 'signed by the claimant, sent by a sponsor',
    unsealed: 'sealed first, shown later',
    lifted: 'anchored in a Merkle tree, then recorded',
    anchored: 'anchored in a Merkle tree',
  },
  chain: (id) => CHAINS[id] ?? (id === 31_337 ? 'a local test chain' : `chain ${id}`),
  registry: 'registry',
  sameAsCreators: 'the creators, as far as the deposit says',
  level: (level) =>
    [
      'nobody has attested who the claimant is',
      'attested, low assurance (1)',
      'attested, substantial assurance (2)',
      'attested, high assurance (3)',
    ][level] ?? `attested, level ${level}`,
  noFingerprint: 'none: recognised by its exact bytes only',
  verifyHeading: 'Verify',
  verify:
    'Trust neither this page nor who shows it: colophon verify FILE.pdf makes the page again from the receipt within, compares every byte, and asks the chain.',
  attached: 'Within this file: the receipt and the deposit document, for machines.',
  seal: 'The fingerprint, drawn',
  hashSeal: 'The hash of the file, drawn',
  waveform: 'The recording from beginning to end',
  dataDigest: 'SHA-256 of what this page was made from',
  about: (title) => `Certificate of the deposit of “${title}”`,
  attachments: {
    data: 'What the page was made from, beside receipt and document',
    receipt: 'Receipt of the deposit, to verify it with',
    document: 'Deposit document, byte for byte as its CID commits to it',
  },
}

const chinese: Wording = {
  heading: '作品存证证书',
  motto: '何人所作，成于何时，载于何处',
  untitled: '未命名作品',
  by: (creators) => `作者：${creators}`,
  and: '、',
  statement: ({ date, time, chain, block }) =>
    `本作品于协调世界时 ${date} ${time} 完成存证，其证明载于${chain}第 ${block.toLocaleString('en')} 号区块。所载登记合约没有所有者，任何人都无法更改或删除其中的记录。`,
  moment(seconds) {
    const { year, month, day, time } = partsOf(seconds)
    return { date: `${year} 年 ${month + 1} 月 ${day} 日`, time }
  },
  at: (date, time) => `${date} ${time} UTC`,
  party: ({ name, role }) => (role === undefined ? name : `${name}（${role}）`),
  labels: {
    deposit: '存证编号',
    goodFrom: '生效时间',
    recorded: '记录时间',
    rightsHolder: '权利人',
    claimant: '存证账户',
    identity: '身份核验',
    chain: '区块链与合约',
    transaction: '交易',
    sha256: 'SHA-256',
    fingerprint: '作品指纹',
    iscc: 'ISCC 编码',
    document: '存证文档 (CID)',
  },
  block: (number) => `第 ${number.toLocaleString('en')} 号区块`,
  kind: {
    direct: '由存证账户直接提交',
    signed: '由存证账户签名，他人代为提交',
    unsealed: '先封存，后公开',
    lifted: '先批量锚定，后单独登记',
    anchored: '以默克尔树批量锚定',
  },
  chain: (id) => CHAINS[id] ?? (id === 31_337 ? '本地测试链' : `链 ${id} `),
  registry: '登记合约',
  sameAsCreators: '依存证文档，即作者',
  level: (level) =>
    ['尚无机构核验存证账户的身份', '已核验，保证等级：低 (1)', '已核验，保证等级：中 (2)', '已核验，保证等级：高 (3)'][level] ??
    `已核验，等级 ${level}`,
  noFingerprint: '无：仅凭原始字节识别',
  verifyHeading: '验证',
  verify: '不必相信本页，也不必相信出示者：colophon verify FILE.pdf 会依据内附收据重新生成本页，逐字节比对，并向区块链核实。',
  attached: '本文件内附机器可读的存证收据与存证文档。',
  seal: '作品指纹图样',
  hashSeal: '文件哈希图样',
  waveform: '录音全长波形',
  dataDigest: '本页所依据数据的 SHA-256',
  about: (title) => `《${title}》存证证书`,
  attachments: { data: '生成本页所用的其他数据', receipt: '存证收据，用于验证', document: '存证文档，与其 CID 逐字节对应' },
}

export const WORDINGS: Readonly<Record<CertificateLanguage, Wording>> = { en: english, zh: chinese }
