import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultLimits } from '../../core/limits.ts'
import { openMemoryStore } from '../../stores/memory/index.ts'
import { anEvent, Door, keyOf } from './test/door.ts'

// What is refused: status and body, exactly. Nothing of it may be stored.

type Refusal = readonly [
  name: string,
  request: readonly [
    method: 'GET' | 'POST',
    url: string,
    key?: string | undefined,
    body?: string | object,
  ],
  status: number,
  message: string,
]

const events = '/v1/workspace/ws/events'
const both = keyOf('ws')
const posted = (body: string | object, key = both) => ['POST', events, key, body] as const
const got = (query: string, key = both) => ['GET', events + query, key] as const
const bad = (field: string, value: unknown) => posted([anEvent(), anEvent({ [field]: value })])

const types =
  'CI_EXEC, CLI_EXEC, LINT, OPENAPI_DIFF, TARGET_GENERATE, TOMBSTONE, AUTHENTICATE, QUICKSTART, RUN, ' +
  'CONFIGURE, PUBLISH, TEST'
const bumps = 'major, minor, patch, none'
const noKey = 'This request carries no key.'
const unknownKey = 'This key is not known here, or it was revoked.'
const otherKey = 'This key is not valid for the workspace ws; it belongs to other.'
const placeholder = 'The client did not fill in the workspace id of the path; set its workspace id.'
const time = (field: string) => `${field} must be an RFC 3339 date-time.`
const limit = 'limit must be a whole number from 1 to 1000.'
const empty = 'The array must hold at least one event.'
const large = (id: string) => anEvent({ id, raw_command: 'x'.repeat(4000) })
const all = 'read+write:other'

const refusals: Refusal[] = [
  ['no key', ['POST', events, undefined, [anEvent()]], 401, noKey],
  ['an unknown key', posted([anEvent()], 'wrong'), 401, unknownKey],
  ['a key of another workspace', posted([anEvent()], all), 403, otherKey],
  [
    'a key that may only read',
    posted([anEvent()], 'read:ws'),
    403,
    'This key may not write; it lacks the scope "write".',
  ],
  [
    'a key that may only write, of a reader',
    got('', 'write:ws'),
    403,
    'This key may not read; it lacks the scope "read".',
  ],
  [
    'an unset workspace',
    ['POST', '/v1/workspace/%7Bworkspace_id%7D/events', both, [anEvent()]],
    404,
    placeholder,
  ],
  [
    'an unset workspace, as older clients name it',
    ['GET', '/v1/workspace/%7BworkspaceID%7D/events/targets', both],
    404,
    placeholder,
  ],
  ['the null of Go', posted('null'), 400, 'The body must be an array of events, not null.'],
  ['no event', posted('[]'), 400, empty],
  [
    'one event alone',
    posted(anEvent()),
    400,
    'The body must be an array of events, not an object.',
  ],
  ['a list of lists', posted('[[]]'), 400, '[0]: An event must be an object, not an array.'],
  ['no body', posted(''), 400, 'The body is empty.'],
  ['an empty id', bad('id', ''), 400, '[1].id must not be empty.'],
  [
    'half a character in an id',
    posted([anEvent({ id: '\ud800' })]),
    400,
    '[0].id holds half of a surrogate pair, which is no character.',
  ],
  ['no id', posted([anEvent({ id: undefined })]), 400, '[0].id is missing.'],
  ['null in a required field', bad('success', null), 400, '[1].success is missing.'],
  [
    'an unknown interaction type',
    bad('interaction_type', 'NOPE'),
    400,
    `[1].interaction_type must be one of ${types}, not "NOPE".`,
  ],
  [
    'an interaction type in small letters',
    bad('interaction_type', 'run'),
    400,
    `[1].interaction_type must be one of ${types}, not "run".`,
  ],
  [
    'an unknown bump',
    bad('openapi_diff_bump_type', 'custom'),
    400,
    `[1].openapi_diff_bump_type must be one of ${bumps}, not "custom".`,
  ],
  [
    'text for a truth',
    bad('success', 'true'),
    400,
    '[1].success must be true or false, not a string.',
  ],
  [
    'a fraction for a whole number',
    bad('duration_ms', 0.5),
    400,
    '[1].duration_ms must be a whole number below 2^53, not 0.5.',
  ],
  [
    'a whole number of 64 bits',
    posted(JSON.stringify([anEvent({ duration_ms: 7 })]).replace(':7', ':9223372036854775807')),
    400,
    '[0].duration_ms must be a whole number below 2^53, not 9223372036854775807.',
  ],
  ['a number for text', bad('error', 7), 400, '[1].error must be a string, not a number.'],
  [
    'a time that is none',
    bad('local_completed_at', '2025-02-30T00:00:00Z'),
    400,
    '[1].local_completed_at must be a date-time like 2026-03-01T10:00:00Z, not "2025-02-30T00:00:00Z".',
  ],
  [
    'a time of seventy characters',
    posted([anEvent({ created_at: `2025-02-01T00:00:00.${'1'.repeat(50)}Z` })]),
    400,
    '[0].created_at must have at most 64 characters.',
  ],
  [
    'a body over the bound',
    posted([anEvent({ raw_command: 'x'.repeat(7000) })]),
    413,
    'The body is too large; send the events in parts of at most 6000 bytes.',
  ],
  [
    'a type to search for that is none',
    got('?interaction_type=NOPE'),
    400,
    `interaction_type must be one of ${types}.`,
  ],
  ['a success that is none', got('?success=True'), 400, 'success must be one of true, false.'],
  ...['0', '-1', 'x', '1.5', '1001', '1e2', '99999999999999999999'].map(
    (text) => [`a limit of ${text}`, got(`?limit=${text}`), 400, limit] as const,
  ),
  ['a time that is none', got('?after_created_at=yesterday'), 400, time('after_created_at')],
  [
    'a time that is none, of a target',
    got('/targets/t/events?after_created_at=2025-02-30'),
    400,
    time('after_created_at'),
  ],
  [
    'a time that is none, of targets',
    got('/targets?after_last_event_created_at=1'),
    400,
    time('after_last_event_created_at'),
  ],
  [
    'a time that is none, of the targets of the key',
    ['GET', '/v1/workspace/events/targets?after_last_event_created_at=1', both],
    400,
    time('after_last_event_created_at'),
  ],
  ["another workspace's targets", got('/targets', all), 403, otherKey],
  ["another workspace's target", got('/targets/t/events', all), 403, otherKey],
  ["another workspace's revision", got('/source_revision_digest/d', all), 403, otherKey],
  ['no key for targets', ['GET', '/v1/workspace/events/targets'], 401, noKey],
  [
    'a key that may only write, for targets',
    ['GET', '/v1/workspace/events/targets', 'write:ws'],
    403,
    'This key may not read; it lacks the scope "read".',
  ],
  ['no key to validate', ['GET', '/v1/auth/validate'], 401, noKey],
  ['an unknown key to validate', ['GET', '/v1/auth/validate', 'wrong'], 401, unknownKey],
]

describe('speakeasy refuses', () => {
  for (const [name, [method, path, key, body], status, message] of refusals) {
    it(name, async () => {
      for (const prefix of ['', '/speakeasy']) {
        const door = new Door(openMemoryStore(), { ...defaultLimits, bodyBytesMax: 6000 })
        const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key }
        const answer = await door.ask(method, prefix + path, headers, body)
        assert.deepEqual(JSON.parse(answer.text), { message, status_code: status })
        assert.equal(answer.status, status)
        assert.equal(answer.type, 'application/json; charset=utf-8')
        assert.deepEqual(await door.search('ws'), [])
      }
    })
  }

  it('an exact limit that does not fit, and says which does', async () => {
    const limits = { ...defaultLimits, pageCharsMax: 6000 }
    const door = new Door(openMemoryStore(), limits)
    await door.post('ws', ['1', '2', '3'].map(large))
    const headers = { 'x-api-key': both }
    const answer = await door.ask('GET', `${events}?limit=3`, headers)
    assert.deepEqual(
      [answer.status, JSON.parse(answer.text)],
      [
        413,
        {
          message: 'limit: The answer would be too large; limit=2 is what fits.',
          status_code: 413,
        },
      ],
    )
    for (const query of ['', '?limit=', '?limit=2']) {
      assert.equal((await door.search('ws', query)).length, 2)
    }
  })
})
