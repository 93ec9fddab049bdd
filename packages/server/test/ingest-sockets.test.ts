import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { TestServer, type Workspace } from './clients/test-server.ts'

// Bodies that are hostile, endless or broken off, over real sockets: the server holds little, and whoever is
// refused reads why.

const mebibyte = 1024 * 1024
const lineOf = (id: string) => `{"specversion":"1.0","id":"${id}","source":"/s","type":"t"}\n`

/** Decodes to a GiB: parts that are compressed one by one stand in a row. */
const bomb = (compress: (bytes: Buffer) => Buffer, fill: string) => {
  const part = compress(Buffer.alloc(16 * mebibyte, fill))
  return Buffer.concat(Array.from({ length: 64 }, () => part))
}

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

const post = (
  { url, key }: Workspace,
  headers: Record<string, string>,
  body: NonNullable<RequestInit['body']>,
  query = '',
) =>
  fetch(`${url}/eventwell/events${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  })

const idsOf = async ({ url, key }: Workspace): Promise<string[]> => {
  const headers = { authorization: `Bearer ${key}` }
  const response = await fetch(`${url}/eventwell/events?limit=1000`, { headers })
  const { events } = (await response.json()) as { events: { id: string }[] }
  return events.map(({ id }) => id)
}

/** A connection on which a body is begun by hand. */
const begin = async ({ url, key }: Workspace, headers: string): Promise<Socket> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `POST /eventwell/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n${headers}\r\n`,
  )
  return socket
}
const chunked = 'Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n'
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

describe('a bomb', () => {
  for (const type of ['application/json', 'application/x-ndjson']) {
    for (const [encoding, compress] of [
      ['gzip', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
      ['zstd', zstdCompressSync],
    ] as const) {
      for (const [name, fill] of [
        ['zeros', '\0'],
        ['newlines', '\n'],
        ['long lines', `"${'x'.repeat(mebibyte)}"\n`],
      ] as const) {
        it(`of ${name} in ${encoding} is refused as ${type}`, async () => {
          const headers = { 'content-type': type, 'content-encoding': encoding }
          const body = bomb(compress, fill)
          const heldBefore = process.memoryUsage()
          let held = 0
          const watch = setInterval(() => {
            const { arrayBuffers, heapUsed } = process.memoryUsage()
            held = Math.max(
              held,
              arrayBuffers + heapUsed - heldBefore.arrayBuffers - heldBefore.heapUsed,
            )
          }, 5)
          const response = await post(server.newWorkspace(), headers, new Uint8Array(body))
          clearInterval(watch)
          const { code, detail } = (await response.json()) as { code: string; detail: string }
          assert.deepEqual([response.status, code], [413, 'too_large'], detail)
          const isByRatio = type === 'application/x-ndjson'
          assert.equal(/more than 200 times/.test(detail), isByRatio, detail)
          assert.ok(held < 256 * mebibyte, `${Math.round(held / mebibyte)} MiB were held`)
        })
      }
    }
  }

  it('leaves room for others', async () => {
    const workspace = server.newWorkspace()
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'zstd' }
    const response = await post(workspace, headers, new Uint8Array(zstdCompressSync(lineOf('a'))))
    assert.equal(response.status, 200)
    assert.deepEqual(await idsOf(workspace), ['a'])
  })
})

describe('a stream of lines', () => {
  it('is taken as it comes, in whatever pieces', async () => {
    const workspace = server.newWorkspace()
    const bytes = Buffer.from(Array.from({ length: 3000 }, (_, at) => lineOf(`é${at}`)).join(''))
    const pieces = Array.from({ length: Math.ceil(bytes.length / 4099) }, (_, at) =>
      bytes.subarray(at * 4099, (at + 1) * 4099),
    )
    const headers = { 'content-type': 'application/x-ndjson' }
    const response = await post(workspace, headers, ReadableStream.from(pieces))
    const { created } = (await response.json()) as { created: number }
    assert.deepEqual([response.status, created], [200, 3000])
  })

  it('that is refused while its client still sends has its answer read', async () => {
    const socket = await begin(server.newWorkspace(), chunked)
    let answer = ''
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (bytes: Buffer) => {
        answer += bytes.toString()
        if (answer.includes('\r\n\r\n')) resolve()
      })
    })
    // One line without an end, and much more than is read of it.
    const piece = chunk('x'.repeat(mebibyte))
    for (let sent = 0; sent < 96; sent++) {
      if (!socket.write(piece)) await once(socket, 'drain')
    }
    socket.write('0\r\n\r\n')
    await answered
    assert.match(answer, /^HTTP\/1\.1 413 /)
    // The connection is as good as before.
    answer = ''
    const again = new Promise((resolve) => socket.once('data', resolve))
    socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
    assert.match(String(await again), /^HTTP\/1\.1 200 /)
    socket.destroy()
  })

  it('whose client goes away keeps whole batches, and nothing is read of it any more', async () => {
    const workspace = server.newWorkspace()
    const socket = await begin(workspace, chunked)
    socket.write(chunk(Array.from({ length: 1001 }, (_, at) => lineOf(`${at}`)).join('')))
    while ((await idsOf(workspace)).length < 1000);
    socket.destroy()
    const headers = { 'content-type': 'application/x-ndjson' }
    const response = await post(workspace, headers, lineOf('after'))
    assert.equal(response.status, 200)
    const { url, key } = workspace
    const found = await fetch(`${url}/eventwell/events?direction=backward&limit=2`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const { events } = (await found.json()) as { events: { id: string }[] }
    assert.deepEqual(
      events.map(({ id }) => id),
      ['after', '999'],
    )
  })

  it('whose key is not good is refused before it is read', async () => {
    const socket = await begin({ ...server.newWorkspace(), key: 'none' }, chunked)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    assert.match(bytes.toString(), /^HTTP\/1\.1 401 /)
    socket.destroy()
  })
})
