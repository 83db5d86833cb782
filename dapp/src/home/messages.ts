import { defineMessages } from '../i18n/language.ts'

export const homeMessages = defineMessages(
  {
    headline: 'It is yours. Say so where nobody can unsay it.',
    about:
      'Drop a photograph, a recording or a text. Its fingerprint is computed on your machine, you see whether anybody has it already, and one signature puts it on the chain.',
  },
  {
    headline: '它是您的作品，请在无人能改的地方写明。',
    about: '放入一张照片、一段录音或一篇文字。指纹在您的设备上计算，您会看到是否已有人存证，只需签名一次，就能写入区块链。',
  },
)
