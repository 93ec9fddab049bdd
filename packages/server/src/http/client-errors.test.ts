import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { takingLong } from '../dialects/shared/long-requests.ts'
import { refuseConnection } from './client-errors.ts'

const patience = { requestTimeout: 100, headersTimeout: 50, connectionsCheckingInterval: 20 }

/** A connection with a request that is not whole when its time is over, and what it is answered. */
async function slowRequest(t: TestContext, isLong: boolean) {
  const server = createServer(patience, async (request, response) => {
    const read = async () => {
      for await (const chunk of request) assert.ok(chunk)
    }
    await (isLong ? takingLong(request.socket, read) : read()).then(
      () => response.end('whole'),
      () => response.destroy(),
    )
  })
  server.on('clientError', refuseConnection)
  const isOver = once(server, 'clientError')
  server.listen(0)
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port)
  t.after(() => {
    socket.destroy()
    server.close()
  })
  const answer = once(socket, 'data')
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n')
  await isOver
  if (isLong) socket.write('0\r\n\r\n')
  return String((await answer)[0])
}

describe('a request that takes too long to come', () => {
  it('is told so', async (t) => {
    assert.match(await slowRequest(t, false), /^HTTP\/1\.1 408 [^]*send it again/)
  })

  it('goes on where it may take long', async (t) => {
    assert.match(await slowRequest(t, true), /^HTTP\/1\.1 200 [^]*whole/)
  })
})
