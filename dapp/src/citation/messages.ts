import { defineMessages } from '../i18n/language.ts'

export const citationMessages = defineMessages(
  {
    noDocument: 'A work without a document',
    unknown: 'A work that is not on this chain',
    you: 'you',
    work: 'Work',
    noWorks: 'You hold the rights in no work on this chain yet.',
    deposit: 'Deposit a work',
    addressFault: 'An address: 0x and 40 digits.',
    addressTypo: 'A letter of this address is mistyped: its upper and lower case do not agree with it.',
    addressNobody: 'Nobody has this address: what goes there is lost.',
    addressOwn: 'That is your own account.',
    addressContract: 'That is a contract of Colophon: what goes there is lost.',
  },
  {
    noDocument: '没有说明文件的作品',
    unknown: '不在这条链上的作品',
    you: '您',
    work: '作品',
    noWorks: '您在这条链上还没有持有任何作品的权利。',
    deposit: '存证一件作品',
    addressFault: '请输入地址：0x 加 40 位数字。',
    addressTypo: '此地址有字符输错：大小写与其校验不符。',
    addressNobody: '此地址不属于任何人，转到那里就会丢失。',
    addressOwn: '这是您自己的账户。',
    addressContract: '这是 Colophon 的合约，转到那里就会丢失。',
  },
)
