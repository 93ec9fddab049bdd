import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CloudEvent, HTTP, type CloudEventV1, type Message } from 'cloudevents'
import { TestServer, type Workspace } from './test-server.ts'

// The package of the CloudEvents project writes the requests and reads what is listed.

const written = [
  { source: '/shop', type: 'order.paid', data: { total: 12.5, name: 'é€𝄞' } },
  { source: 'https://example.com/a?b=c', type: 'order.sent', subject: 'order 7', time: '2026-03-01T10:00:00.000Z' },
  { source: '/shop', type: 'text', data: 'plain text, é', datacontenttype: 'text/plain' },
  { source: '/shop', type: 'array', data: [1, null, 'x'], dataschema: 'https://example.com/s' },
  { source: '/shop', type: 'extended', partitionkey: 'p', data: {}, authid: 'person-3' },
] // prettier-ignore
const bytes = Uint8Array.of(0, 1, 254, 255)

let server: TestServer
before(async () => {
  server = await TestServer.start()
})
after(() => server.close())

const post = async ({ url, key }: Workspace, headers: Message['headers'], body: unknown) => {
  const response = await fetch(`${url}/eventwell/events`, {
    method: 'POST',
    headers: { ...(headers as Record<string, string>), authorization: `Bearer ${key}` },
    ...(body !== undefined && { body: body as string }),
  })
  assert.equal(response.status, 200, await response.text())
}

const list = async ({ url, key }: Workspace): Promise<CloudEventV1<unknown>[]> => {
  const response = await fetch(`${url}/eventwell/events`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const { events } = (await response.json()) as { events: CloudEventV1<unknown>[] }
  return events
}

const added = new Set(['sequence', 'recordedtime'])

/** What an event says, but for what the server adds. */
const said = (event: CloudEventV1<unknown>) => {
  const fields = Object.entries(JSON.parse(JSON.stringify(event)) as object)
  return Object.fromEntries(fields.filter(([name]) => !added.has(name)))
}

const send: Readonly<
  Record<string, (to: Workspace, events: CloudEvent<unknown>[]) => Promise<void>>
> = {
  async binary(to, events) {
    for (const event of events) {
      const { headers, body } = HTTP.binary(event)
      await post(to, headers, body)
    }
  },
  async structured(to, events) {
    for (const event of events) {
      const { headers, body } = HTTP.structured(event)
      await post(to, headers, body)
    }
  },
  async batch(to, events) {
    const headers = { 'content-type': 'application/cloudevents-batch+json' }
    await post(to, headers, JSON.stringify(events.map((event) => event.toJSON())))
  },
}

describe('the cloudevents package', () => {
  for (const [mode, sendAll] of Object.entries(send)) {
    it(`is understood in ${mode} mode, and reads what is listed`, async () => {
      const workspace = server.newWorkspace()
      const sent = written.map((fields) => new CloudEvent<unknown>(fields))
      await sendAll(workspace, sent)
      const listed = await list(workspace)
      const headers = { 'content-type': 'application/cloudevents+json' }
      const read = listed.map((event) => HTTP.toEvent({ headers, body: JSON.stringify(event) }))
      const wanted = sent.map(said)
      for (const fields of wanted) {
        // In binary mode the type of the data is always said.
        if (mode === 'binary') fields['datacontenttype'] ??= 'application/json; charset=utf-8'
      }
      assert.deepEqual(
        read.map((event) => said(event as CloudEvent<unknown>)),
        wanted,
      )
      for (const event of listed) assert.ok(new CloudEvent(event).validate())
    })
  }

  for (const mode of ['binary', 'structured', 'batch']) {
    it(`has its bytes kept in ${mode} mode`, async () => {
      const workspace = server.newWorkspace()
      const datacontenttype = 'application/octet-stream'
      const event = new CloudEvent<unknown>({
        source: '/s',
        type: 't',
        datacontenttype,
        data: bytes,
      })
      await send[mode]!(workspace, [event])
      const [shown] = await list(workspace)
      assert.equal(shown!.data_base64, Buffer.from(bytes).toString('base64'))
      const read = new CloudEvent<Uint8Array>(shown as CloudEventV1<Uint8Array>)
      assert.deepEqual(Buffer.from(read.data!), Buffer.from(bytes))
    })
  }

  it('reads one event as it is answered', async () => {
    const workspace = server.newWorkspace()
    const sent = written.map((fields) => new CloudEvent<unknown>(fields))
    await send['batch']!(workspace, sent)
    for (const event of sent) {
      const source = encodeURIComponent(event.source)
      const response = await fetch(
        `${workspace.url}/eventwell/events/${event.id}?source=${source}`,
        {
          headers: { authorization: `Bearer ${workspace.key}` },
        },
      )
      const headers = Object.fromEntries(response.headers)
      const read = HTTP.toEvent({ headers, body: await response.text() }) as CloudEvent<unknown>
      assert.deepEqual(said(read), said(event))
    }
  })
})
