import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { getJson, getText, listNative } from './doors.ts'
import { TestServer, type Workspace } from './test-server.ts'

const requestFile = fileURLToPath(new URL('logspace-request.json', import.meta.url))

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

interface Answer {
  readonly status: number
  readonly body: string
}

/** An upload as agents do it. */
async function upload(
  { url, key }: Pick<Workspace, 'url' | 'key'>,
  body: string,
  { method = 'PUT', path = '/events' } = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      accept: 'application/json',
      'logspace.space-token': key,
    },
    body,
  })
  return { status: response.status, body: await response.text() }
}

/** The sample call of the documents, by curl itself, or by fetch on a machine that has no curl. */
async function sampleCall({ url, key }: Pick<Workspace, 'url' | 'key'>): Promise<Answer> {
  const args = [`${url}/events`, '-X', 'PUT', '-d', `@${requestFile}`]
  args.push('--header', 'Content-Type:application/json')
  args.push('--header', `logspace.space-token:${key}`)
  args.push('--silent', '--show-error', '--noproxy', '*', '--write-out', '\n%{http_code}')
  try {
    const { stdout } = await promisify(execFile)('curl', args)
    const end = stdout.lastIndexOf('\n')
    return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return upload({ url, key }, await readFile(requestFile, 'utf8'))
  }
}

const accepted: Answer = { status: 202, body: '' }

describe('The sample call of the documents', () => {
  let sent: { id: string; type: string }[]
  before(async () => {
    sent = JSON.parse(await readFile(requestFile, 'utf8')) as typeof sent
  })

  test('is answered 202 without a body', async () => {
    assert.deepEqual(await sampleCall(server.development), accepted)
  })

  test('is read back natively, each event whole', async () => {
    const found = await listNative(server.development, 'source=logspace')
    assert.deepEqual(
      found.map(({ id, type, time, data }) => ({ id, type, time, data })),
      sent.map((event) => ({
        id: event.id,
        type: event.type,
        time: '2015-05-18T14:07:00Z',
        data: event,
      })),
    )
  })

  test('is found natively by the names that the vendor gives its fields', async () => {
    const query = 'facet.system=localhost&facet.agent_id=os/memory'
    const found = await listNative(server.development, query)
    assert.deepEqual(
      found.map(({ id }) => id),
      [sent[1]!.id],
    )
  })

  test('is read back by the door of WorkOS', async () => {
    const path = '/events?events=os%2Fcpu&events=os%2Fmemory'
    const { data } = await getJson<{ data: { event: string; created_at: string; data: object }[] }>(
      server.development,
      path,
    )
    assert.deepEqual(
      data.map(({ event, created_at, data }) => ({ event, created_at, data })),
      sent.map((event) => ({
        event: event.type,
        created_at: '2015-05-18T14:07:00.000Z',
        data: event,
      })),
    )
  })

  test('with another token is answered 403 as documented', async () => {
    const { status, body } = await sampleCall({ ...server.development, key: 'wrong' })
    assert.equal(status, 403)
    assert.deepEqual(JSON.parse(body), {
      type: 'INVALID_SPACE_TOKEN',
      message: "Unrecognized space-token 'wrong'.",
      parameters: { 'space-token': 'wrong' },
    })
  })

  test('without a token is answered 403 as documented', async () => {
    const { url } = server.development
    const response = await fetch(`${url}/events`, { method: 'PUT', body: 'not even JSON' })
    assert.equal(response.status, 403)
    assert.deepEqual(await response.json(), {
      type: 'MISSING_SPACE_TOKEN',
      message: "Missing header 'logspace.space-token'.",
    })
  })
})

describe('Each dialect of the agents', () => {
  const head = '"id":"7","type":"os/cpu","system":"pear","agent-id":"os/cpu"'
  const cases: { name: string; by: object; body: string; time: string; properties: object }[] = [
    {
      name: 'A: POST, seconds, repeated names',
      by: { method: 'POST' },
      body: `[{${head},"timestamp":"2015-05-18T14:07:00Z","string-properties":{"tag":"a","tag":"b","n":"c"}}]`,
      time: '2015-05-18T14:07:00Z',
      properties: { 'string-properties': { tag: ['a', 'b'], n: 'c' } },
    },
    {
      name: 'B: PUT, milliseconds, single values',
      by: { method: 'PUT' },
      body: `[{${head},"timestamp":"2015-05-18T14:07:00.000Z","pid":"6","integer-properties":{"n":4},"boolean-properties":{"b":true}}]`,
      time: '2015-05-18T14:07:00.000Z',
      properties: {
        pid: '6',
        'integer-properties': { n: 4 },
        'boolean-properties': { b: true },
      },
    },
    {
      name: 'C: PUT, arrays, a marker',
      by: { method: 'PUT' },
      body: `[{${head},"timestamp":"2015-05-18T14:07:00.120Z","gid":"5","marker":"blue","integer-properties":{"n":[4]},"string-properties":{"tag":["a","b"]},"date-properties":{"d":["2015-05-18T14:07:00.000Z"]}}]`,
      time: '2015-05-18T14:07:00.120Z',
      properties: {
        gid: '5',
        marker: 'blue',
        'integer-properties': { n: [4] },
        'string-properties': { tag: ['a', 'b'] },
        'date-properties': { d: ['2015-05-18T14:07:00.000Z'] },
      },
    },
    {
      name: 'D: the same below /api',
      by: { method: 'PUT', path: '/api/events' },
      body: `[{${head},"timestamp":"2015-05-18T14:07:00.999Z","marker":"blue","double-properties":{"load":[1.5E-9,1.0]}}]`,
      time: '2015-05-18T14:07:00.999Z',
      properties: { marker: 'blue', 'double-properties': { load: [1.5e-9, 1] } },
    },
    {
      name: 'an address that ends in a slash',
      by: { path: '//events' },
      body: `[{${head},"timestamp":"2015-05-18T14:07:00.000Z"}]`,
      time: '2015-05-18T14:07:00.000Z',
      properties: {},
    },
  ]
  for (const { name, by, body, time, properties } of cases) {
    test(`${name}, is answered 202 and comes back`, async () => {
      const workspace = server.newWorkspace()
      assert.deepEqual(await upload(workspace, body, by), accepted)
      const [event, ...others] = await listNative(workspace)
      assert.deepEqual(others, [])
      assert.equal(event?.type, 'os/cpu')
      assert.equal(event?.time, time)
      const data = { id: '7', type: 'os/cpu', system: 'pear', 'agent-id': 'os/cpu' }
      assert.deepEqual(event?.data, { ...data, timestamp: time, ...properties })
    })
  }
})

test('NaN and the infinities are taken as agents write them, and come back', async () => {
  const workspace = server.newWorkspace()
  const properties = '"double-properties":{"a":NaN,"b":[Infinity,-Infinity,0.5],"c":"NaN"}'
  assert.deepEqual(await upload(workspace, batchOf(1, properties)), accepted)
  const [event] = await listNative(workspace)
  assert.partialDeepStrictEqual(event?.data, {
    'double-properties': { a: 'NaN', b: ['Infinity', '-Infinity', 0.5], c: 'NaN' },
  })
})

test('64-bit longs keep every digit', async () => {
  const workspace = server.newWorkspace()
  const properties =
    '"long-properties":{"most":9223372036854775807,"least":[-9223372036854775808],"odd":9007199254740993}'
  assert.deepEqual(await upload(workspace, batchOf(1, properties)), accepted)
  assert.ok((await getText(workspace, '/eventwell/events')).includes(properties))
  assert.ok((await getText(workspace, '/events')).includes(properties))
})

test('the head of the queue sent three times is stored once', async () => {
  const workspace = server.newWorkspace()
  const batch = batchOf(1000, '"integer-properties":{"n":[4]}')
  assert.deepEqual(await upload(workspace, batch), accepted)
  const before = await listNative(workspace)
  assert.equal(before.length, 1000)
  assert.deepEqual(await upload(workspace, batch), accepted)
  assert.deepEqual(await upload(workspace, batch), accepted)
  assert.deepEqual(await listNative(workspace), before)
})

test('an event sent again with other content replaces the one before', async () => {
  const workspace = server.newWorkspace()
  assert.deepEqual(await upload(workspace, batchOf(1, '"string-properties":{"s":"old"}')), accepted)
  assert.deepEqual(await upload(workspace, batchOf(1, '"string-properties":{"s":"new"}')), accepted)
  const found = await listNative(workspace)
  assert.equal(found.length, 1)
  assert.partialDeepStrictEqual(found[0]?.data, { 'string-properties': { s: 'new' } })
})

test('an upload without events is answered 202', async () => {
  assert.deepEqual(await upload(server.newWorkspace(), '[]'), accepted)
})

test('an upload with one bad event is refused with its place, and nothing of it is stored', async () => {
  const workspace = server.newWorkspace()
  const bad = batchOf(2, '').replace('"system":"pear","agent-id":"a/1"', '"agent-id":"a/1"')
  const { status, body } = await upload(workspace, bad)
  assert.equal(status, 400)
  assert.partialDeepStrictEqual(JSON.parse(body), {
    type: 'INVALID_EVENT',
    parameters: { index: 1, field: 'system' },
  })
  assert.deepEqual(await listNative(workspace), [])
})

/** The text of a batch of events with these properties. */
function batchOf(length: number, properties: string): string {
  const events = Array.from({ length }, (_, n) => {
    const ids = `"id":"event-${n}","type":"os/cpu","system":"pear","agent-id":"a/${n}"`
    const more = properties === '' ? '' : `,${properties}`
    return `{${ids},"timestamp":"2015-05-18T14:07:00.000Z"${more}}`
  })
  return `[${events.join(',')}]`
}
