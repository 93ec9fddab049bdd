import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseInstant } from '../../core/time.ts'
import { decodeEvents } from './decode.ts'
import { encodeList } from './encode.ts'
import { derivedPlace, viewId } from './ids.ts'
import { decodeList } from './query.ts'

const user = {
  object: 'event',
  id: 'event_01HZX0000000000000000AAAAA',
  event: 'user.created',
  data: { object: 'user', id: 'user_1', email: 'ada@example.com' },
  created_at: '2026-03-01T10:00:00.123456Z',
  context: { actor: { id: 'user_2', source: 'api', name: null }, client_id: 'c' },
}

describe('workos decode', () => {
  it('places every field, and gives the event back as it was sent', () => {
    const [decoded] = decodeEvents(user)
    assert.deepEqual(decoded, {
      source: 'workos',
      id: user.id,
      type: 'user.created',
      subject: 'user_1',
      time: user.created_at,
      actor: 'user_2',
      organization: undefined,
      envelope: { context: user.context },
      data: JSON.stringify(user.data),
    })
    const events = [{ ...decoded!, position: 1, receivedAtMs: 0 }]
    const list = encodeList({ events, more: 'none' })
    assert.deepEqual(JSON.parse(list), {
      object: 'list',
      data: [user],
      list_metadata: { after: null },
    })
  })

  const organizations = [
    ['dsync.user.created', { organization_id: 'org_1' }, 'org_1'],
    ['organization.updated', { object: 'organization', id: 'org_1' }, 'org_1'],
    ['dsync.group.user_added', { user: { organization_id: 'org_1' } }, 'org_1'],
    ['dsync.group.user_added', { group: { organization_id: 'org_1' } }, 'org_1'],
    [
      'organization_domain.verification_failed',
      { organization_domain: { organization_id: 'org_1' } },
      'org_1',
    ],
    ['authentication.sso_failed', { sso: { organization_id: 'org_1' } }, 'org_1'],
    ['connection.saml_certificate_renewed', { connection: { organization_id: 'org_1' } }, 'org_1'],
    ['api_key.created', { owner: { type: 'organization', id: 'org_1' } }, 'org_1'],
    ['api_key.created', { owner: { type: 'user', id: 'u', organization_id: 'org_1' } }, 'org_1'],
    ['session.created', { organization_id: null }, undefined],
    ['user.created', { id: 'user_1' }, undefined],
    ['organization_domain.created', { id: 'org_domain_1' }, undefined],
  ] as const
  for (const [event, data, expected] of organizations) {
    it(`finds the organization of ${event} in ${JSON.stringify(data)}`, () => {
      assert.equal(decodeEvents({ ...user, event, data })[0]!.organization, expected)
    })
  }

  const refused = [
    ['no id', { ...user, id: undefined }, 'id'],
    ['another id', { ...user, id: 'evt_1' }, 'id'],
    ['an empty event name', { ...user, event: '' }, 'event'],
    ['a number for a name', { ...user, event: 7 }, 'event'],
    ['no data', { ...user, data: undefined }, 'data'],
    ['data that is an array', { ...user, data: [] }, 'data'],
    ['data that is null', { ...user, data: null }, 'data'],
    ['no created_at', { ...user, created_at: undefined }, 'created_at'],
    ['a time without a zone', { ...user, created_at: '2023-04-28 20:05:31.093' }, 'created_at'],
  ] as const
  for (const [name, event, field] of refused) {
    it(`refuses ${name}`, () => {
      const place = { index: 1, field }
      assert.throws(() => decodeEvents([user, event]), { code: 'invalid_event', place })
    })
  }
})

describe('workos ids', () => {
  const foreign = { source: '/x', id: 'i', type: 't' }

  it('are kept for its own events, and made of time and position for others', () => {
    const place = { position: 7, receivedAtMs: 1_700_000_000_000 }
    assert.equal(viewId({ ...foreign, ...place, source: 'workos', id: 'event_X' }), 'event_X')
    assert.equal(viewId({ ...foreign, ...place }), 'event_01HF7YAT000000000000000007')
  })

  it('increase with the position and lead back to it', () => {
    const places = fc.record({
      position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      receivedAtMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    })
    fc.assert(
      fc.property(places, places, (one, other) => {
        const [first, second] = [one, other].map((place) => viewId({ ...foreign, ...place }))
        assert.deepEqual(derivedPlace(first!), { ...one })
        const isLater =
          one.receivedAtMs - other.receivedAtMs || Number(one.position > other.position) || -1
        if (first !== second) assert.equal(first! > second!, isLater > 0)
      }),
    )
  })

  for (const id of [
    'event_',
    'event_01HF7YAT00AAAAAAAAAAAAAAAA',
    'x',
    'event_01HF7YAT00000000000000000U',
  ]) {
    it(`do not take ${id} for a place`, () => assert.equal(derivedPlace(id), undefined))
  }
})

describe('workos query', () => {
  const decode = (query: string) => decodeList(new URLSearchParams(query))

  const encodings = [
    'events=a.b%2Cc',
    'events=a.b&events=c',
    'events[]=a.b&events[]=c',
    'events%5B%5D=a.b&events%5B%5D=c',
    'events%5B0%5D=a.b&events%5B1%5D=c',
    'events=a.b,%20c,&events=a.b',
  ]
  for (const query of encodings) {
    it(`reads the names of ${query}`, () => {
      assert.deepEqual(decode(query).names, ['a.b', 'c'])
    })
  }

  it('takes empty values as absent', () => {
    assert.deepEqual(decode('events=&limit=&after&before=&range_start=&organization_id=&order=&'), {
      names: [],
      organization: undefined,
      from: undefined,
      until: undefined,
      limit: 10,
      after: undefined,
      before: undefined,
      order: undefined,
    })
  })

  const ranges = [
    ['2020-05-04', '2020-05-04T00:00:00Z'],
    ['2025-01-01T00:00Z', '2025-01-01T00:00:00Z'],
    ['2025-01-01T02:00:00 02:00', '2025-01-01T00:00:00Z'],
    ['2025-01-01T02:00:00%2B02:00', '2025-01-01T00:00:00Z'],
    ['2025-01-01 00:00:00.123456', '2025-01-01T00:00:00.123456Z'],
    ['2025-01-01 02:00:00.5 %2B0200 CEST', '2025-01-01T00:00:00.5Z'],
    ['2025-01-01 00:00:00 %2B0000 UTC', '2025-01-01T00:00:00Z'],
  ] as const
  for (const [text, expected] of ranges) {
    it(`reads the range ${text}`, () => {
      assert.equal(decode(`range_start=${text}`).from, parseInstant(expected))
      assert.equal(decode(`range_end=${text}`).until, parseInstant(expected))
    })
  }

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=ten',
    'range_start=soon',
    'range_end=2025-13-01',
  ]) {
    it(`refuses ${query}`, () => {
      const field = query.split('=')[0]
      assert.throws(() => decode(query), { code: 'invalid_query', place: { field } })
    })
  }
})
