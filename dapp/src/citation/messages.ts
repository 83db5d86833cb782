import { defineMessages } from '../i18n/language.ts'

export const citationMessages = defineMessages(
  {
    noDocument: 'A work without a document',
    unknown: 'A work that is not on this chain',
    you: 'you',
    work: 'Work',
    noWorks: 'You hold the rights in no work on this chain yet.',
    deposit: 'Deposit a work',
  },
  {
    noDocument: '没有说明文件的作品',
    unknown: '不在这条链上的作品',
    you: '您',
    work: '作品',
    noWorks: '您在这条链上还没有持有任何作品的权利。',
    deposit: '存证一件作品',
  },
)
