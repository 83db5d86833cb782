import type { Server } from 'node:http'
import { ColophonError } from '@colophon/sdk/errors'

/**
 * Listens on 127.0.0.1 alone.
 * @param option - of the command, that names the port
 * @throws ColophonError `PORT_TAKEN`
 */
export async function listen(server: Server, port: number, { option }: { option: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new ColophonError('PORT_TAKEN', `Port ${port} is used by another program.`, {
              hint: `Choose another with ${option}, or stop the other program; perhaps the dApp is running already.`,
              details: { port },
              cause,
            })
          : cause,
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
}
