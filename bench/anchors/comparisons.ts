/** What an action of ours is set beside. */
interface Comparison {
  /** Name of our action. */
  action: string
  does: string
  /** Names of measured and cited figures, with what they pay for. */
  beside: Readonly<Record<string, string>>
}

export const comparisons: readonly Comparison[] = [
  {
    action: 'deposit',
    does: 'Deposit a work: content hash, fingerprint and its type, metadata, salt',
    beside: {
      'eas.attest': 'EAS attest, the same five fields',
      'eas.attestHashes': 'EAS attest, three hashes only',
      'openzeppelin.mint': 'bare ERC-721 mint, no field',
      'story.registerIpAsset': 'Story, register an IP asset',
    },
  },
  { action: 'depositUnsalted', does: 'Deposit a work without a salt', beside: { 'eas.attestHashes': 'EAS attest, three hashes only' } },
  { action: 'seal', does: 'Seal a commitment, with its claimant', beside: { 'eas.timestamp': 'EAS timestamp, names nobody' } },
  { action: 'unseal', does: 'Seal opened: the work deposited with the time of its seal', beside: {} },
  {
    action: 'depositBySig',
    does: 'Deposit paid by a sponsor',
    beside: { 'eas.attestByDelegation': 'EAS attestByDelegation, the same fields' },
  },
  {
    action: 'depositManyPer100',
    does: 'Deposit 100 works, per work',
    beside: { 'eas.multiAttestPer50': 'EAS multiAttest of 50' },
  },
  {
    action: 'depositManyBySigPer100',
    does: 'Deposit 100 works paid by a sponsor, per work',
    beside: { 'eas.multiAttestByDelegationPer50': 'EAS multiAttestByDelegation of 50' },
  },
  {
    action: 'anchorPerWork1024',
    does: 'Anchor 1,024 works under a Merkle root, per work',
    beside: { 'eas.multiTimestampPer512': 'EAS multiTimestamp of 512' },
  },
  { action: 'lift', does: 'Lift one anchored work to a full deposit', beside: { 'eas.attest': 'EAS attest, the same five fields' } },
  { action: 'mintTitle', does: 'Mint the title of a deposited work', beside: { 'openzeppelin.mint': 'bare ERC-721 mint' } },
  {
    action: 'verifyIdentity',
    does: 'Attest an identity: subject, level, from, until, claim',
    beside: { 'eas.attestIdentity': 'EAS attest, the same fields' },
  },
  { action: 'offerOpened', does: 'Open an offer on chain', beside: { 'story.licenseTerms': 'Story, register and attach terms' } },
  {
    action: 'acquireNative',
    does: 'Acquire a license for ether',
    beside: { 'unlock.purchaseNative': 'Unlock purchase', 'story.mintLicense': 'Story, mint a license token' },
  },
  { action: 'acquireErc20', does: 'Acquire a license for an ERC-20', beside: { 'unlock.purchaseErc20': 'Unlock purchase' } },
  {
    action: 'pay',
    does: 'Pay into a split of any size',
    beside: { 'openzeppelin.splitterPay': 'PaymentSplitter, a plain transfer to a contract of one fixed split' },
  },
  {
    action: 'payDirect5',
    does: 'Pay five directly',
    beside: { '0xsplits.push5Native': '0xSplits, ether pushed', '0xsplits.push5Erc20': '0xSplits, ERC-20 pushed' },
  },
  {
    action: 'claim',
    does: 'Claim a share',
    beside: {
      'openzeppelin.splitterRelease': 'PaymentSplitter release, ether',
      '0xsplits.withdrawNative': '0xSplits withdraw, ether',
      '0xsplits.withdrawErc20': '0xSplits withdraw, ERC-20',
    },
  },
  { action: 'sweep', does: "Move a parent work's share", beside: { 'story.transferRoyalty': 'Story, transfer to vault' } },
  {
    action: 'setSplit5',
    does: 'Set a split of five',
    beside: { 'openzeppelin.splitterDeploy5': 'PaymentSplitter, a new contract', '0xsplits.create5': '0xSplits, an unchangeable split' },
  },
  { action: 'fileClaim', does: 'File an infringement claim', beside: { 'story.raiseDispute': 'Story, raise a dispute' } },
  { action: 'rule', does: 'Rule on a claim', beside: { 'story.ruling': 'Story, set a judgement' } },
  {
    action: 'fillSale',
    does: 'Sell a token for ether, royalty paid',
    beside: { 'seaport.fulfillBasicOrder': 'Seaport fulfillBasicOrder, royalty paid' },
  },
  { action: 'payInstalment', does: 'Pay an instalment', beside: {} },
  { action: 'reportUsage', does: 'Report usage', beside: {} },
]
