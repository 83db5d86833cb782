import { defineMessages } from '../i18n/language.ts'

export const plotMessages = defineMessages(
  {
    table: 'The same as a table',
    time: 'Time',
  },
  {
    table: '以表格查看',
    time: '时间',
  },
)
