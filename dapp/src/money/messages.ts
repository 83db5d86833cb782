import { defineMessages } from '../i18n/language.ts'

export const moneyMessages = defineMessages(
  {
    currency: 'Currency',
    token: 'Token',
  },
  {
    currency: '币种',
    token: '代币',
  },
)
