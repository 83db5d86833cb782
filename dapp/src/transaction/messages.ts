import { defineMessages } from '../i18n/language.ts'

export const transactionMessages = defineMessages(
  {
    simulating: 'Asking the chain what would happen …',
    approving: 'Your wallet asks to approve exactly the amount to be paid.',
    signing: 'Your wallet asks for your agreement.',
    pending: 'On its way. It is safe to leave; nothing has to be done twice.',
    stuck: 'It takes longer than usual. Do not send it again: it may still be mined. A wallet can speed it up.',
    confirmed: 'Done. It is on the chain.',
    rejected: 'You rejected it in the wallet. Nothing was sent and nothing was paid.',
    replaced: 'The wallet sent another transaction in its place.',
    hash: 'Transaction',
    replacement: 'Replacement',
    again: 'Try again',
  },
  {
    simulating: '正在询问区块链此操作的结果……',
    approving: '钱包正在请求授权，金额恰好等于待付款项。',
    signing: '钱包正在等待您的确认。',
    pending: '交易已发出。您可以离开，不需要重复操作。',
    stuck: '等待时间比平常长。请勿再次发送：它仍可能被打包。您可以在钱包中加速。',
    confirmed: '完成，已写入区块链。',
    rejected: '您在钱包中拒绝了请求。没有发送任何内容，也没有付款。',
    replaced: '钱包用另一笔交易替换了它。',
    hash: '交易',
    replacement: '替换交易',
    again: '重试',
  },
)
