import { defineMessages } from '../i18n/language.ts'

export const homeMessages = defineMessages(
  {
    headline: 'Put your mark on what you made.',
    about:
      'Drop a photograph, a recording, a film or a text. Its fingerprint is computed on your machine, you see whether anybody has it already, and one signature fixes the time on the chain.',
    drop: 'Drop your work here',
    recent: 'Latest deposits',
    all: 'All works',
    verify: 'Verify a work',
    verifyAbout: 'From a file, a certificate or a receipt, without a wallet.',
    discover: 'Find whose it is',
    discoverAbout: 'Search by words, or by the file itself: cut, resized and re-recorded copies are found.',
    batch: 'Deposit a folder',
    batchAbout: 'A thousand works for the fee of one, each with a proof of its own.',
  },
  {
    headline: '给您的作品盖上印记。',
    about: '放入一张照片、一段录音、一部影片或一篇文字。指纹在您的设备上计算，您会看到是否已有人存证，只需签名一次，时间就固定在区块链上。',
    drop: '把作品拖放到这里',
    recent: '最新存证',
    all: '全部作品',
    verify: '验证作品',
    verifyAbout: '凭文件、证书或回执即可，不需要钱包。',
    discover: '查找作品归属',
    discoverAbout: '用词语搜索，或直接用文件搜索：裁剪、缩放和翻录的复制件都能找到。',
    batch: '存证整个文件夹',
    batchAbout: '一千件作品只需一次手续费，每件都有自己的证明。',
  },
)
