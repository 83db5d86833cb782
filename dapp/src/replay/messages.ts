import { defineMessages } from '../i18n/language.ts'

export const replayMessages = defineMessages(
  {
    title: 'The page, replayed',
    about:
      'The page as it was captured, with its scripts, in a closed frame that reaches nothing but the archive: not this app, not your wallet, not the network. Whatever it asks you for, a stranger does.',
    replay: 'Replay the page',
    leave: 'Leave the replay',
    captured: (moment: string) => `Captured ${moment}`,
    frame: (url: string) => `Replay of ${url}`,
    loading: 'The archive is opened …',
    slow: 'It takes long. Large archives and slow devices do; below is what the archive holds, meanwhile.',
    shown: 'What its scripts draw may differ from what was captured: the screenshot and the hashes below count.',
    instead: 'What the archive holds is below, and can be saved and replayed elsewhere.',
    fault_unreachable: 'The page that replays is not reached.',
    fault_viewer: 'The page that replays has no viewer.',
    fault_browser: 'This browser does not let a frame replay pages. Blocked third-party data or a private window may be why.',
    fault_archive: 'The viewer cannot read this archive, or does not find the page in it.',
    none: 'Replaying the page is not set up here. Saved, the archive can be replayed elsewhere.',
  },
  {
    title: '重放网页',
    about:
      '网页在封闭的框架中按捕获时的样子重放，脚本会运行，但除存档之外什么也接触不到：接触不到本应用、您的钱包，也接触不到网络。网页若向您索要什么，那是陌生人在索要。',
    replay: '重放网页',
    leave: '离开重放',
    captured: (moment: string) => `捕获于 ${moment}`,
    frame: (url: string) => `重放 ${url}`,
    loading: '正在打开存档……',
    slow: '用时较长：存档大或设备慢时会这样。存档的内容可先在下方查看。',
    shown: '脚本画出的内容可能与捕获时不同，以下方的截图和哈希值为准。',
    instead: '存档的内容见下方，也可以保存后在别处重放。',
    fault_unreachable: '无法连接负责重放的页面。',
    fault_viewer: '负责重放的页面缺少查看器。',
    fault_browser: '此浏览器不允许在框架中重放网页，可能是因为阻止了第三方数据，或处于隐私窗口。',
    fault_archive: '查看器读不了此存档，或在其中找不到该网页。',
    none: '此处未设置网页重放。保存存档后，可以在别处重放。',
  },
)
