import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultLimits } from '../../core/limits.ts'
import { parseInstant } from '../../core/time.ts'
import { decodeEvents } from './decode.ts'
import { encodeEvents } from './encode.ts'
import { optionalFields, requiredFields } from './fields.ts'
import { decodeSearch } from './query.ts'

const minimal = {
  id: 'e-1',
  execution_id: 'x-1',
  workspace_id: 'ws_orchard',
  speakeasy_api_key_name: '',
  interaction_type: 'CLI_EXEC',
  local_started_at: '2025-04-02T09:15:00.25+02:00',
  created_at: '2025-04-02T09:15:00.123456789+02:00',
  speakeasy_version: '1.542.3',
  success: false,
}

const sample: Record<string, unknown> = {
  text: 'some text',
  time: '2025-04-02T07:15:13.87Z',
  truth: true,
  whole: 12_750,
}
const sampleOf = (kind: string | readonly string[]): unknown =>
  typeof kind === 'string' ? sample[kind] : kind[0]

describe('speakeasy decode', () => {
  it('knows 82 fields, 9 of them required', () => {
    assert.equal(Object.keys(requiredFields).length, 9)
    assert.equal(Object.keys(optionalFields).length, 73)
  })

  it('takes every field and gives the event back as it was sent', () => {
    const all = Object.entries({ ...requiredFields, ...optionalFields })
    const full = Object.fromEntries(all.map(([name, kind]) => [name, sampleOf(kind)]))
    const event = { ...full, id: 'full', from_the_future: { kept: [1, 'x'] } }
    const [decoded] = decodeEvents([event])
    assert.deepEqual(JSON.parse(decoded!.data!), event)
  })

  it('finds the event by what the contract searches', () => {
    const [event] = decodeEvents([
      {
        ...minimal,
        generate_gen_lock_id: 'lock',
        lint_report_digest: 'd41d',
        source_revision_digest: '',
        git_user_email: 'ada@orchard.example',
      },
    ])
    const { data, ...found } = event!
    assert.ok(data)
    assert.deepEqual(found, {
      source: 'speakeasy',
      id: 'e-1',
      type: 'CLI_EXEC',
      subject: 'lock',
      time: '2025-04-02T09:15:00.123456789+02:00',
      actor: 'ada@orchard.example',
      facets: {
        success: 'false',
        execution_id: 'x-1',
        generate_gen_lock_id: 'lock',
        lint_report_digest: 'd41d',
      },
    })
  })

  it('takes a naive time as UTC', () => {
    const [event] = decodeEvents([{ ...minimal, created_at: '2025-03-01T10:00:01' }])
    assert.equal(event!.time, '2025-03-01T10:00:01Z')
  })

  const refused = [
    ['nothing', null, undefined, /array of events, not null/],
    ['an object', minimal, undefined, /array of events, not an object/],
    ['an empty array', [], undefined, /at least one event/],
    ['an element that is no object', [minimal, 7], undefined, /An event must be an object/],
    ['an unknown interaction type', [{ ...minimal, interaction_type: 'NOPE' }], 'interaction_type'],
    ['another bump type', [{ ...minimal, generate_bump_type: 'huge' }], 'generate_bump_type'],
    [
      'a bump type of the other field',
      [{ ...minimal, openapi_diff_bump_type: 'custom' }],
      'openapi_diff_bump_type',
    ],
    ['a number for text', [{ ...minimal, hostname: 7 }], 'hostname'],
    ['text for a number', [{ ...minimal, duration_ms: '7' }], 'duration_ms'],
    ['a broken number', [{ ...minimal, duration_ms: 7.5 }], 'duration_ms'],
    ['text for a boolean', [{ ...minimal, success: 'true' }], 'success'],
    ['a date alone', [{ ...minimal, created_at: '2025-03-01' }], 'created_at'],
    [
      'a time that cannot be',
      [{ ...minimal, local_completed_at: '2025-02-30T00:00:00Z' }],
      'local_completed_at',
    ],
    ...Object.keys(requiredFields).map((name) => {
      return [`no ${name}`, [minimal, { ...minimal, [name]: undefined }], name] as const
    }),
  ] as const
  for (const [name, body, field, message] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => decodeEvents(body),
        (error: { code: string; message: string; place: { field?: string } }) => {
          assert.equal(error.code, 'invalid_event')
          assert.equal(error.place.field, field)
          if (message !== undefined) assert.match(error.message, message)
          return true
        },
      )
    })
  }
})

describe('speakeasy encode', () => {
  it('leaves out nulls and gives naive times a zone, and nothing else', () => {
    const sent = {
      ...minimal,
      error: null,
      local_completed_at: '2025-03-01T10:00:01.5',
      local_started_at: '2025-03-01T10:00:00.123456789+02:00',
      unknown: { inner: null },
    }
    const [decoded] = decodeEvents([sent])
    const [event] = JSON.parse(encodeEvents([{ ...decoded!, position: 1, receivedAtMs: 0 }]))
    const { error, ...rest } = sent
    assert.equal(error, null)
    assert.deepEqual(event, { ...rest, local_completed_at: '2025-03-01T10:00:01.5Z' })
  })

  it('keeps whole numbers of 64 bits', () => {
    const data = `{"duration_ms":9223372036854775807}`
    const stored = { source: 's', id: 'i', type: 't', data, position: 1, receivedAtMs: 0 }
    assert.equal(encodeEvents([stored]), `[${data}]`)
  })
})

describe('speakeasy search', () => {
  const decode = (query: string) =>
    decodeSearch(new URLSearchParams(query), defaultLimits.pageEventsMax)

  it('asks for the 250 newest when nothing is said', () => {
    assert.deepEqual(decode('unknown=1&limit='), {
      facets: [{ name: 'source', values: ['speakeasy'] }],
      from: undefined,
      order: 'time',
      direction: 'backward',
      limit: 250,
    })
  })

  it('takes every filter', () => {
    const { facets, from, limit } = decode(
      'source_revision_digest=a&lint_report_digest=b&openapi_diff_report_digest=c&interaction_type=RUN' +
        '&generate_gen_lock_id=d&execution_id=e+f&success=true&limit=1&after_created_at=2025-03-01T10%3A00%3A00%2B02%3A00',
    )
    const found = Object.fromEntries(facets!.map(({ name, values }) => [name, values[0]]))
    assert.deepEqual(found, {
      source: 'speakeasy',
      source_revision_digest: 'a',
      lint_report_digest: 'b',
      openapi_diff_report_digest: 'c',
      type: 'RUN',
      generate_gen_lock_id: 'd',
      execution_id: 'e f',
      success: 'true',
    })
    assert.equal(from, parseInstant('2025-03-01T08:00:00.000000001Z'))
    assert.equal(limit, 1)
  })

  for (const query of [
    'limit=0',
    'limit=-1',
    'limit=x',
    'limit=1.5',
    'limit=1001',
    'success=yes',
    'interaction_type=NOPE',
    'after_created_at=yesterday',
  ]) {
    it(`refuses ${query}`, () => {
      const field = query.split('=')[0]
      assert.throws(() => decode(query), { code: 'invalid_query', place: { field } })
    })
  }
})
