import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { BodyReader } from './body-reader.ts'

const limits = [1000, 2500] as const
const body = () => new PassThrough() as PassThrough & IncomingMessage

describe('body reader', () => {
  it('of strangers refuses the one that has taken the longest', async () => {
    const reader = new BodyReader(1000, 2500, 'refuse the oldest')
    const [stalled, ...others] = [body(), body(), body(), body()]
    const first = reader.read(stalled!)
    stalled!.write(Buffer.alloc(900))
    const refused = assert.rejects(first, { code: 'busy' })
    const rest = others.map(async (payload) => {
      const read = reader.read(payload)
      payload.end(Buffer.alloc(700))
      return (await read).length
    })
    assert.deepEqual(await Promise.all(rest), [700, 700, 700])
    await refused
  })

  it('reads a body that comes in pieces', async () => {
    const reader = new BodyReader(...limits)
    const payload = body()
    const read = reader.read(payload)
    payload.write('one ')
    payload.end('two')
    assert.equal((await read).toString(), 'one two')
  })

  it('reads a body over the limit to its end, and refuses it then', async () => {
    const payload = body()
    const read = new BodyReader(...limits).read(payload)
    for (let part = 0; part < 3; part++) payload.write('x'.repeat(500))
    payload.end()
    await assert.rejects(read, { code: 'too_large' })
  })

  it('gives up on a body that has no end', async () => {
    const payload = body()
    const read = new BodyReader(...limits).read(payload)
    for (let part = 0; part < 9; part++) payload.write('x'.repeat(500))
    await assert.rejects(read, { code: 'too_large' })
  })

  it('refuses a body whose client goes away', async () => {
    const payload = body()
    const read = new BodyReader(...limits).read(payload)
    payload.write('half')
    payload.destroy()
    await assert.rejects(read, { code: 'invalid_json' })
  })

  it('refuses more while too much is on its way, and counts nothing of it afterwards', async () => {
    // Two bodies of two small pieces each have room, and not three.
    const reader = new BodyReader(1000, 3100)
    for (let round = 0; round < 40; round++) {
      const payloads = Array.from({ length: 4 }, body)
      const reads = payloads.map((payload) => reader.read(payload))
      for (const payload of payloads) payload.write('x'.repeat(900))
      const [first] = await Promise.allSettled(reads.slice(2, 3))
      assert.equal(first?.status, 'rejected')
      // The refused ones go on sending, as clients do.
      for (const payload of payloads) payload.end('y'.repeat(90))
      const results = await Promise.allSettled(reads)
      assert.ok(results.some(({ status }) => status === 'fulfilled'))
    }
    const payload = body()
    const read = reader.read(payload)
    payload.end('x'.repeat(1000))
    assert.equal((await read).length, 1000)
  })

  it('counts what is held of bodies that are not read whole', async () => {
    const reader = new BodyReader(...limits)
    const [one, other] = [reader.room(), reader.room()]
    one(2000)
    assert.throws(() => other(501), { code: 'busy' })
    other(500)
    one(100)
    other(2400)
    one(0)
    other(0)
    const payload = body()
    const read = reader.read(payload)
    payload.end('x'.repeat(1000))
    assert.equal((await read).length, 1000)
    assert.throws(() => one(2501), { code: 'busy' })
    one(2500)
  })

  it('asks for no more of a large body than it was told to', async () => {
    const payload = body()
    const read = new BodyReader(...limits).read(payload, 1000, 1000)
    payload.write('x'.repeat(1001))
    await assert.rejects(read, { code: 'too_large' })
  })
})
