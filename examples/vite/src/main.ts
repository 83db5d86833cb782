import { createColophon } from '@colophon/sdk'
import { pinWork } from '@colophon/sdk/document'
import { ColophonError } from '@colophon/sdk/errors'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { createMemoryStore } from '@colophon/sdk/storage'
import { verify } from '@colophon/sdk/verify'
import { BrowserProvider, type Eip1193Provider, JsonRpcProvider, type JsonRpcSigner } from 'ethers'

const form = document.querySelector('form')!
const output = document.querySelector('output')!

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const fields = new FormData(form)
  const button = form.querySelector('button')!
  button.disabled = true
  try {
    output.value = await deposit(fields.get('file') as File, String(fields.get('title')), String(fields.get('creator')))
  } catch (fault) {
    // Everything that the SDK throws on purpose says what can be done about it.
    output.value = fault instanceof ColophonError ? `${fault.shortMessage}\n${fault.hint ?? ''}` : String(fault)
  } finally {
    button.disabled = false
  }
})

/** Fingerprints the file in the page, deposits it, and checks the deposit as anybody can. The file itself goes nowhere. */
async function deposit(file: File, title: string, creator: string): Promise<string> {
  const signer = await connect()
  const { deposits } = createColophon({ signer })
  const found = await fingerprint(file, { onProgress: ({ stage }) => (output.value = `${stage} …`) })
  // A store in memory: the document is handed to the creator below. An app would pin it where it is kept.
  const storage = createMemoryStore()
  const document = await pinWork(storage, found, { title, creators: [{ name: creator }] }, { fileName: file.name })
  output.value = 'Waiting for the wallet …'
  const receipt = await deposits.create({ fingerprint: found, document })
  const { verdict } = await verify({ file, receipt }, { provider: signer.provider, storage })
  save(`${file.name}.receipt.json`, JSON.stringify(receipt, null, 2))
  save(`${file.name}.document.json`, new TextDecoder().decode(document.bytes))
  return `${verdict}: ${receipt.id}`
}

/** The wallet of the browser; without one, the first account of the local chain. */
async function connect(): Promise<JsonRpcSigner> {
  const { ethereum } = window as { ethereum?: Eip1193Provider }
  if (ethereum !== undefined) return await new BrowserProvider(ethereum).getSigner()
  return await new JsonRpcProvider(import.meta.env.VITE_RPC_URL, undefined, { cacheTimeout: -1 }).getSigner()
}

function save(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.textContent = name
  output.after(link)
}
