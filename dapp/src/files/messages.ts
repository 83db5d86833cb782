import { defineMessages } from '../i18n/language.ts'

export const fileMessages = defineMessages(
  {
    drop: 'Drop a file here',
    choose: 'Choose a file',
    kinds: 'Pictures, recordings, films and texts. Nothing is uploaded.',
    reading: 'Reading the file',
    looking: 'Looking closely',
    listening: (seconds: number) => `Listening: ${seconds} s of sound`,
    cancel: 'Cancel',
    image: 'Picture',
    audio: 'Recording',
    text: 'Text',
    data: 'File',
    video: 'Film',
  },
  {
    drop: '把文件拖放到这里',
    choose: '选择文件',
    kinds: '图片、录音、影片和文字。不会上传任何内容。',
    reading: '正在读取文件',
    looking: '正在仔细辨认',
    listening: (seconds) => `正在聆听：已处理 ${seconds} 秒`,
    cancel: '取消',
    image: '图片',
    audio: '录音',
    text: '文字',
    data: '文件',
    video: '影片',
  },
)
