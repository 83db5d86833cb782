import { defineMessages } from '../i18n/language.ts'

export const actionMessages = defineMessages(
  {
    connect: 'Connect a wallet',
    connectToSee: 'Connect a wallet to see what is yours.',
    account: 'Your account',
    contract: 'Contract',
    proceed: 'Go on to the wallet',
    cancel: 'Cancel',
    close: 'Close',
    simulated: 'The wallet is asked next. Before it is, the chain says whether this would succeed; what fails costs nothing.',
    signed: 'Signed.',
  },
  {
    connect: '连接钱包',
    connectToSee: '连接钱包后即可查看您的内容。',
    account: '您的账户',
    contract: '合约',
    proceed: '前往钱包确认',
    cancel: '取消',
    close: '关闭',
    simulated: '下一步由钱包询问您。在此之前会先向区块链确认操作能否成功；失败的操作不产生费用。',
    signed: '已签名。',
  },
)
