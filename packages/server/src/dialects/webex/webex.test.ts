import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseInstant } from '../../core/time.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvent } from './encode.ts'
import { foreignEvent, isPathSafe, viewId } from './ids.ts'
import { nextPageUrl } from './next-page.ts'
import { decodeList } from './query.ts'

const message = {
  id: 'Y2lzY29zcGFyazovL3VzL0VWRU5ULzE',
  resource: 'messages',
  type: 'created',
  appId: 'app',
  actorId: 'person',
  orgId: 'org',
  created: '2026-03-01T10:00:00.000Z',
  data: { id: 'message', roomType: 'group', callDurationSeconds: '192' },
  errors: { roomId: { code: 'kms_failure', reason: 'x' } },
}

describe('webex decode and encode', () => {
  it('place every field, and give the event back as it was sent', () => {
    const [decoded] = decodeEvents(message)
    assert.deepEqual(decoded, {
      source: 'webex',
      id: message.id,
      type: 'messages.created',
      subject: 'message',
      time: message.created,
      actor: 'person',
      organization: 'org',
      envelope: { appId: 'app', errors: message.errors },
      data: JSON.stringify(message.data),
    })
    const stored = { ...decoded!, position: 1, receivedAtMs: 0 }
    assert.deepEqual(JSON.parse(encodeEvent(stored)), message)
  })

  it('show created in UTC with three digits', () => {
    const [decoded] = decodeEvents({ ...message, created: '2026-03-01T12:00:00.1239+02:00' })
    const shown = JSON.parse(encodeEvent({ ...decoded!, position: 1, receivedAtMs: 0 }))
    assert.equal(shown.created, '2026-03-01T10:00:00.123Z')
  })

  const foreign = [
    ['dsync.user.created', 'dsync.user', 'created'],
    ['os/cpu', 'os/cpu', 'created'],
    ['CLI_EXEC', 'CLI_EXEC', 'created'],
  ] as const
  for (const [type, resource, action] of foreign) {
    it(`show a foreign ${type} as ${resource} and ${action}, with what every client counts on`, () => {
      const event = {
        source: '/svc/1',
        id: 'a/b c',
        type,
        position: 9,
        receivedAtMs: 1.7e12,
        data: '7',
      }
      const shown = JSON.parse(encodeEvent(event))
      assert.deepEqual(shown, {
        id: viewId(event),
        resource,
        type: action,
        actorId: '/svc/1',
        created: '2023-11-14T22:13:20.000Z',
        data: { value: 7 },
      })
      assert.ok(isPathSafe(shown.id))
      assert.deepEqual(foreignEvent(shown.id), { source: '/svc/1', id: 'a/b c' })
    })
  }

  it('name an event with a long identity by its position', () => {
    const long = { source: '界'.repeat(2048), id: '界'.repeat(512), type: 't' }
    const id = viewId({ ...long, position: 12, receivedAtMs: 0 })
    assert.ok(isPathSafe(id))
    assert.deepEqual(foreignEvent(id), { position: 12 })
  })

  it('do not take the vendor’s ids for foreign ones', () => {
    assert.equal(foreignEvent(message.id), undefined)
    assert.equal(foreignEvent('invalid-event-id'), undefined)
    const broken = Buffer.from('ciscospark://eventwell/EVENT/%/%').toString('base64url')
    assert.equal(foreignEvent(broken), undefined)
  })

  const refused = [
    ...['id', 'resource', 'type', 'actorId', 'created', 'data'].map((field) => {
      return [`no ${field}`, { ...message, [field]: undefined }, field] as const
    }),
    ['an id that a path cannot hold', { ...message, id: 'a/b' }, 'id'],
    ['a type with a dot', { ...message, type: 'a.b' }, 'type'],
    ['a time that cannot be', { ...message, created: 'now' }, 'created'],
    ['data that is text', { ...message, data: 'x' }, 'data'],
    ['an orgId that is a number', { ...message, orgId: 7 }, 'orgId'],
  ] as const
  for (const [name, event, field] of refused) {
    it(`refuse ${name}`, () => {
      const place = { index: 0, field }
      assert.throws(() => decodeEvents([event]), { code: 'invalid_event', place })
    })
  }
})

describe('webex query', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00.000Z')
  const decode = (query: string) => decodeList(new URLSearchParams(query), nowMs, 1000)

  it('asks for a hundred, until now, when nothing is said', () => {
    assert.deepEqual(decode('&&foo=bar&resource=&type=all'), {
      facets: [],
      payload: undefined,
      from: undefined,
      until: parseInstant('2026-03-01T12:00:00.001Z'),
      order: 'time',
      direction: 'forward',
      limit: 100,
      cursor: undefined,
    })
  })

  it('takes every filter, clamps max and a to in the future', () => {
    const query = decode(
      'resource=messages&type=created&actorId=p&from=2026-02-01T00:00:00Z&to=2027-01-01T00:00:00Z&max=5000',
    )
    assert.deepEqual(query.facets, [
      { name: 'resource', values: ['messages'] },
      { name: 'action', values: ['created'] },
      { name: 'actor', values: ['p'] },
    ])
    assert.equal(query.from, parseInstant('2026-02-01T00:00:00Z'))
    assert.equal(query.until, parseInstant('2026-03-01T12:00:00.001Z'))
    assert.equal(query.limit, 1000)
  })

  for (const query of ['max=0', 'max=-1', 'max=x', 'from=soon', 'to=2026-13-01', 'cursor=']) {
    it(`refuses ${query}`, () => {
      const field = query.split('=')[0]
      assert.throws(() => decode(query), { code: 'invalid_query', place: { field } })
    })
  }

  it('repeats every parameter in the next link, freezes to, and encodes what parsers trip over', () => {
    const pairs = new URLSearchParams(
      "resource=messages&actorId=a;b,c>d e'(f)&from=2026-02-01T00:00:00.5%2B02:00&cursor=old&max=7&x=",
    )
    const url = nextPageUrl('http://h/v1/events', pairs, decode(pairs.toString()), 'new')
    assert.doesNotMatch(url, /[;,> '()]/)
    assert.deepEqual(Object.fromEntries(new URL(url).searchParams), {
      resource: 'messages',
      actorId: "a;b,c>d e'(f)",
      from: '2026-02-01T00:00:00.5+02:00',
      to: '2026-03-01T12:00:00.001Z',
      max: '7',
      cursor: 'new',
    })
  })

  it('keeps a to of the past as it was written', () => {
    const pairs = new URLSearchParams('to=2026-02-01T00:00:00.123456Z')
    const url = nextPageUrl('http://h/v1/events', pairs, decode(pairs.toString()), 'c')
    assert.equal(new URL(url).searchParams.get('to'), '2026-02-01T00:00:00.123456Z')
  })
})
