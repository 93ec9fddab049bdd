// The native API as a table of cases. Each is a conversation: requests, and what each answer must be. They
// are run in memory and over a socket; anything else that can send a request can run them, too.

/** A request of a case. `{name}` in its path, headers or body stands for what an earlier answer had there. */
export interface CaseRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Behind `/eventwell`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text as it is, anything else as JSON. */
  readonly body?: string | object
}

/** A request, and what its answer must be. */
export interface CaseStep extends CaseRequest {
  readonly status: number
  /**
   * What the answer must hold: of an object the members named, of an array every element. A pattern stands
   * for a text that matches it, a function for what it accepts.
   */
  readonly answer?: unknown
  readonly answerHeaders?: Readonly<Record<string, RegExp>>
  /** What later requests need of the answer: name, and the member that has it, as `events.0.id`. */
  readonly keep?: Readonly<Record<string, string>>
  /** The name under which later requests need the whole of it. */
  readonly keepText?: string
}

/** One case, in a workspace that holds nothing yet. */
export interface NativeCase {
  readonly name: string
  /** The sections of PROTOCOL.md whose rules it shows; `nativeCases` has them in the name. */
  readonly sections: readonly string[]
  readonly steps: readonly CaseStep[]
}

const batch = { 'content-type': 'application/cloudevents-batch+json' }
const structured = { 'content-type': 'application/cloudevents+json' }
const ndjson = { 'content-type': 'application/x-ndjson' }
const json = { 'content-type': 'application/json' }

const order = (id: string, type: string, total?: number, extra: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/shop',
  type,
  time: '2026-03-01T10:00:00Z',
  ...(total !== undefined && { data: { total, note: `A note on ${id}` } }),
  ...extra,
})
const orders = [
  order('a-1', 'order.paid', 10, { subject: 'order-1', organization: 'org-1' }),
  order('a-2', 'order.sent', undefined, { time: '2026-03-01T11:30:00.123456789+01:00' }),
  order('a-3', 'order.paid', 30, { subject: 'order-3', time: '2026-03-02T00:00:00Z' }),
  order('a-4', 'user.made', 2.5, { authid: 'person-1', mine: 'kept' }),
]
const put: CaseStep = { method: 'POST', path: '/events', headers: batch, body: orders, status: 200 }

const sequence = /^\d{16}$/
const cursor = /^[\w-]{8,}$/
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const outcomes = (outcome: string, count: number) =>
  Array.from({ length: count }, () => ({ outcome }))
const ids = (...wanted: string[]) => wanted.map((id) => ({ id }))

/** A refusal of a query that names its parameter. */
const wrong = (path: string, parameter: string, detail = /./): CaseStep => ({
  path,
  status: 400,
  answer: {
    type: '/eventwell/docs#error-invalid_query',
    title: 'invalid query',
    status: 400,
    code: 'invalid_query',
    parameter,
    detail,
  },
  answerHeaders: { 'content-type': /^application\/problem\+json/ },
})
const refused = (step: CaseRequest, status: number, code: string, detail = /./): CaseStep => ({
  ...step,
  status,
  answer: { code, status, detail, type: `/eventwell/docs#error-${code}` },
})

const appends: readonly NativeCase[] = [
  {
    name: 'one event in structured mode, read back as it was',
    sections: ['1.4', '2.1', '2.3', '3.2'],
    steps: [
      {
        method: 'POST',
        path: '/events',
        headers: structured,
        body: order('a-1', 'order.paid', 1, { mine: 'kept', count: 3, flag: false }),
        status: 200,
        answer: { events: [{ id: 'a-1', source: '/shop', outcome: 'created', sequence }] },
      },
      {
        path: '/events',
        status: 200,
        answer: {
          events: [
            {
              ...order('a-1', 'order.paid', 1, { mine: 'kept', count: 3, flag: false }),
              sequence,
              recordedtime: moment,
            },
          ],
          cursor,
          more: false,
        },
      },
    ],
  },
  {
    name: 'a batch, and the same again',
    sections: ['2.2', '3.1'],
    steps: [
      { ...put, answer: { events: orders.map(({ id }) => ({ id, outcome: 'created' })) } },
      { ...put, answer: { events: orders.map(({ id }) => ({ id, outcome: 'exists' })) } },
      { path: '/events', status: 200, answer: { events: ids('a-1', 'a-2', 'a-3', 'a-4') } },
    ],
  },
  {
    name: 'an empty batch',
    sections: ['3.1'],
    steps: [
      { ...put, body: [], answer: { events: [] } },
      { path: '/events', status: 200, answer: { events: [], cursor, more: false } },
    ],
  },
  {
    name: 'all or none: a conflict keeps the others out, too',
    sections: ['2.2', '3.3'],
    steps: [
      put,
      {
        ...refused({ ...put, body: [order('b-1', 'x'), order('a-1', 'other')] }, 409, 'conflict'),
        answer: { code: 'conflict', errors: [{ index: 1, pointer: '/1/id' }] },
      },
      { path: '/events?type=x', status: 200, answer: { events: [] } },
    ],
  },
  {
    name: 'all or none: a fault names its place',
    sections: ['2.1', '3.3'],
    steps: [
      {
        ...refused({ ...put, body: [order('b-1', 'x'), { id: 'b-2' }] }, 400, 'invalid_event'),
        answer: { code: 'invalid_event', errors: [{ index: 1, pointer: '/1/specversion' }] },
      },
      { path: '/events', status: 200, answer: { events: [] } },
    ],
  },
  {
    name: 'what can be taken, with mode=each',
    sections: ['3.3'],
    steps: [
      put,
      {
        ...put,
        path: '/events?mode=each',
        body: [order('a-1', 'other'), order('a-2x', 'x'), { ...order('a-5', 'x'), time: 'no' }],
        status: 207,
        answer: {
          events: [
            { id: 'a-1', outcome: 'conflict', sequence: '0000000000000001' },
            { id: 'a-2x', outcome: 'created', sequence: '0000000000000005' },
            { index: 2, id: 'a-5', outcome: 'rejected', pointer: '/2/time', reason: /time/ },
          ],
        },
      },
    ],
  },
  {
    name: 'lines, what can be taken of them',
    sections: ['3.2', '3.4'],
    steps: [
      {
        method: 'POST',
        path: '/events',
        headers: ndjson,
        body: `${JSON.stringify(order('l-1', 'x'))}\n\nnot json\n${JSON.stringify(order('l-2', 'x'))}`,
        status: 207,
        answer: {
          created: 2,
          exists: 0,
          conflict: 0,
          rejected: 1,
          faults: [{ index: 2, outcome: 'rejected', reason: /JSON/ }],
        },
      },
      { path: '/events', status: 200, answer: { events: ids('l-1', 'l-2') } },
    ],
  },
  {
    name: 'binary mode',
    sections: ['3.2'],
    steps: [
      {
        method: 'POST',
        path: '/events',
        headers: {
          'ce-specversion': '1.0',
          'ce-id': 'b-1',
          'ce-source': '/shop',
          'ce-type': 'order.paid',
          'ce-subject': 'caf%C3%A9',
          'content-type': 'application/json',
        },
        body: '{"total":5}',
        status: 200,
        answer: { events: [{ id: 'b-1', outcome: 'created' }] },
      },
      {
        path: '/events',
        status: 200,
        answer: { events: [{ id: 'b-1', subject: 'café', data: { total: 5 } }] },
      },
    ],
  },
  {
    name: 'an idempotency key repeats the answer, and refuses another content',
    sections: ['3.5'],
    steps: [
      { ...put, headers: { ...batch, 'idempotency-key': '"k-1"' } },
      {
        ...put,
        headers: { ...batch, 'idempotency-key': '"k-1"' },
        answer: { events: orders.map(({ id }) => ({ id, outcome: 'created' })) },
        answerHeaders: { 'idempotency-replayed': /^true$/ },
      },
      refused(
        { ...put, headers: { ...batch, 'idempotency-key': '"k-1"' }, body: [order('z', 'z')] },
        422,
        'key_reused',
      ),
    ],
  },
  {
    name: 'what a list or an export shows, put in again as it is',
    sections: ['2.2', '2.3', '8.1'],
    steps: [
      {
        ...put,
        headers: { ...batch, traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
        body: [
          ...orders,
          order('a-5', 'x', 1, { cursor: 'mine', sequence: 's', recordedtime: 'then' }),
        ],
      },
      { path: '/export', status: 200, answer: /\n$/, keepText: 'exported' },
      {
        ...put,
        headers: ndjson,
        body: '{exported}',
        answer: { created: 0, exists: 5, conflict: 0, rejected: 0 },
      },
      { path: '/export?format=cloudevents', status: 200, keepText: 'batch' },
      { ...put, body: '{batch}', answer: { events: outcomes('exists', 5) } },
      {
        path: '/events/a-1?source=/shop',
        status: 200,
        answer: { traceparent: /^00-1/ },
        answerHeaders: { 'content-type': /^application\/cloudevents\+json; charset=utf-8$/ },
        keepText: 'one',
      },
      { ...put, headers: structured, body: '{one}', answer: { events: outcomes('exists', 1) } },
      {
        ...put,
        headers: structured,
        body: order('a-2', 'other', undefined, { sequence: 's' }),
        status: 409,
      },
      {
        path: '/events?type=x',
        status: 200,
        answer: {
          events: [
            { cursor: 'mine', sequence: 's', recordedtime: 'then', eventwellcursor: undefined },
          ],
        },
      },
    ],
  },
  {
    name: 'one event, the faults of which are named without an index',
    sections: ['3.3'],
    steps: [
      {
        ...refused(
          { ...put, headers: structured, body: order('a', 'x', 1, { dataschema: 'relative' }) },
          400,
          'invalid_event',
          /absolute URI/,
        ),
        answer: {
          errors: (faults: object[]) =>
            JSON.stringify(faults[0]).startsWith('{"pointer":"/dataschema"'),
        },
      },
      {
        ...refused({ ...put, headers: { 'ce-id': 'a' }, body: '' }, 400, 'invalid_event'),
        answer: { parameter: 'ce-specversion', errors: undefined },
      },
    ],
  },
  {
    name: 'bodies that are none',
    sections: ['3.2', '3.3', '10.1'],
    steps: [
      refused({ ...put, body: '[{"id":' }, 400, 'invalid_json'),
      refused({ ...put, body: '' }, 400, 'invalid_json'),
      refused({ ...put, body: '7' }, 400, 'invalid_event'),
      refused({ ...put, path: '/events?mode=some' }, 400, 'invalid_query'),
      refused(
        { ...put, headers: { ...batch, 'content-encoding': 'br' } },
        415,
        'unsupported_encoding',
      ),
    ],
  },
]

const lists: readonly NativeCase[] = [
  {
    name: 'pages, by the cursor of the one before',
    sections: ['1.5', '4.2'],
    steps: [
      put,
      {
        path: '/events?limit=3',
        status: 200,
        answer: { events: ids('a-1', 'a-2', 'a-3'), more: true },
        keep: { cursor: 'cursor' },
      },
      {
        path: '/events?limit=3&after={cursor}',
        status: 200,
        answer: { events: ids('a-4'), more: false },
        keep: { end: 'cursor' },
      },
      {
        path: '/events?after={end}',
        status: 200,
        answer: { events: [], cursor, more: false, gap: undefined, complete: undefined },
      },
      { ...put, body: [order('a-5', 'x')] },
      { path: '/events?after={end}', status: 200, answer: { events: ids('a-5') } },
      { path: '/events?after=oldest&limit=1', status: 200, answer: { events: ids('a-1') } },
      wrong('/events?after=oldest&direction=backward', 'after', /forward/),
      {
        path: '/events?direction=backward&limit=2',
        status: 200,
        answer: { events: ids('a-5', 'a-4'), more: true },
      },
    ],
  },
  {
    name: 'events chosen by what they are',
    sections: ['4.1'],
    steps: [
      put,
      ...[
        ['type=order.paid', 'a-1', 'a-3'],
        ['type=order.*', 'a-1', 'a-2', 'a-3'],
        ['type=order.sent&type=user.made', 'a-2', 'a-4'],
        ['resource=order&action=sent', 'a-2'],
        ['subject=order-*', 'a-1', 'a-3'],
        ['actor=person-1', 'a-4'],
        ['organization=org-1', 'a-1'],
        ['source=/other'],
        ['from=2026-03-01T10:00:00.0001Z', 'a-2', 'a-3'],
        ['until=2026-03-01T10:30:00Z', 'a-1', 'a-4'],
        ['from=2026-03-01T11:30:00.123456789%2B01:00&until=2026-03-01T11:00:00Z', 'a-2'],
        ['receivedUntil=2020-01-01T00:00:00Z'],
        ['q=NOTE+a-3', 'a-3'],
        ['data.total=30', 'a-3'],
        ['data.total=10&data.total=2.5', 'a-1', 'a-4'],
      ].map(([query, ...found]): CaseStep => ({
        path: `/events?${query}`,
        status: 200,
        answer: { events: ids(...found) },
      })),
    ],
  },
  {
    name: 'the attributes that are wanted',
    sections: ['4.4'],
    steps: [
      put,
      {
        path: '/events?fields=id,data,nothing,mine&limit=1',
        status: 200,
        answer: {
          events: [(event: object) => Object.keys(event).join() === 'id,data'],
        },
      },
      {
        path: '/events?fields=data&type=order.sent',
        status: 200,
        answer: { events: [(event: object) => Object.keys(event).length === 0] },
      },
    ],
  },
  {
    name: 'one event',
    sections: ['1.1', '4.5'],
    steps: [
      {
        ...put,
        body: [order('a/1 ü', 'x', 1), order('0000000000000001', 'y')],
        keep: { sequence: 'events.0.sequence' },
      },
      {
        path: '/events/a%2F1%20%C3%BC?source=/shop',
        status: 200,
        answer: { ...order('a/1 ü', 'x', 1), sequence },
      },
      { path: '/events/{sequence}', status: 200, answer: { id: 'a/1 ü' } },
      { path: '/events/{sequence}?source=/shop', status: 200, answer: { type: 'y' } },
      {
        path: '/events/{sequence}?fields=type',
        status: 200,
        answer: (event: object) => JSON.stringify(event) === '{"type":"x"}',
      },
      refused({ path: '/events/0000000000000009' }, 404, 'not_found', /0000000000000009/),
      refused({ path: '/events/nothing?source=/shop' }, 404, 'not_found', /\/shop/),
      refused({ path: '/events/a' }, 404, 'not_found', /source/),
      wrong('/events/a?sauce=/shop', 'sauce', /source, fields/),
    ],
  },
  {
    name: 'lists that are refused',
    sections: ['1.3', '1.5', '4.2'],
    steps: [
      wrong('/events?limit=0', 'limit', /1 to 1000/),
      wrong('/events?limit=5&limit=6', 'limit', /once/),
      wrong('/events?unknown=1', 'unknown', /type, resource/),
      wrong('/events?from=yesterday', 'from', /RFC 3339/),
      wrong('/events?direction=up', 'direction', /backward/),
      wrong('/events?fields=Id', 'fields', /"Id"/),
      wrong('/events?fields=', 'fields'),
      wrong('/events?data.=1', 'data.'),
      wrong('/events?q=--', 'q'),
      refused({ path: '/events?after=abc' }, 400, 'invalid_cursor'),
    ],
  },
]

const summaries: readonly NativeCase[] = [
  {
    name: 'a histogram',
    sections: ['5.1', '5.2'],
    steps: [
      put,
      {
        path: '/histogram?interval=1d',
        status: 200,
        answer: {
          interval: '1d',
          buckets: [
            { start: '2026-03-01T00:00:00.000Z', count: 3, groups: undefined },
            { start: '2026-03-02T00:00:00.000Z', count: 1 },
          ],
          total: 4,
          cursor,
          complete: true,
        },
        keep: { end: 'cursor' },
      },
      { ...put, body: [order('a-5', 'x')] },
      {
        path: '/histogram?interval=1h&after={end}',
        status: 200,
        answer: { buckets: [{ start: '2026-03-01T10:00:00.000Z', count: 1 }], total: 1 },
      },
      { path: '/histogram?interval=1h&after=oldest', status: 200, answer: { total: 5 } },
      { path: '/aggregate?after=oldest', status: 200, answer: { rows: [{ count: 5 }] } },
      {
        path: '/facets/source?after=oldest',
        status: 200,
        answer: { values: [{ value: '/shop', count: 5 }] },
      },
      {
        path: '/histogram?interval=3650d&by=type&type=order.*',
        status: 200,
        answer: {
          buckets: [
            {
              start: '2019-12-20T00:00:00.000Z',
              count: 3,
              groups: [
                { value: 'order.paid', count: 2 },
                { value: 'order.sent', count: 1 },
              ],
            },
          ],
        },
      },
      {
        path: '/histogram?interval=1h&by=facet.system',
        status: 200,
        answer: { buckets: [], total: 0 },
      },
    ],
  },
  {
    name: 'a histogram of the earliest and the latest times',
    sections: ['5.2'],
    steps: [
      {
        ...put,
        body: [
          order('first', 'x', 1, { time: '0001-01-01T00:00:00Z' }),
          order('before', 'x', 1, { time: '1969-12-31T23:59:59.9Z' }),
          order('last', 'x', 1, { time: '9999-12-31T23:59:59Z' }),
        ],
      },
      {
        path: '/histogram?interval=7d',
        status: 200,
        answer: {
          buckets: [
            { start: '0001-01-01T00:00:00.000Z', count: 1 },
            { start: '1969-12-25T00:00:00.000Z', count: 1 },
            { start: '9999-12-30T00:00:00.000Z', count: 1 },
          ],
        },
      },
    ],
  },
  {
    name: 'an aggregate',
    sections: ['5.3'],
    steps: [
      {
        path: '/aggregate',
        status: 200,
        answer: { rows: [{ count: 0, measured: 0, sum: null, max: null }], complete: true },
      },
      put,
      {
        path: '/aggregate',
        status: 200,
        answer: { rows: [{ count: 4, measured: 0, sum: null, avg: null, min: null, max: null }] },
      },
      {
        path: '/aggregate?measure=data.total&by=type&percentiles=50,100',
        status: 200,
        answer: {
          rows: [
            {
              group: 'order.paid',
              count: 2,
              measured: 2,
              sum: 40,
              avg: 20,
              min: 10,
              max: 30,
              percentiles: { 50: (value: number) => Math.abs(value - 10) <= 0.1, 100: 30 },
            },
            { group: 'order.sent', count: 1, measured: 0, percentiles: { 50: null, 100: null } },
            { group: 'user.made', count: 1, sum: 2.5 },
          ],
        },
      },
      {
        path: '/aggregate?measure=data.total&interval=1d&organization=org-1',
        status: 200,
        answer: { rows: [{ start: '2026-03-01T00:00:00.000Z', group: undefined, sum: 10 }] },
      },
    ],
  },
  {
    name: 'the values of a facet',
    sections: ['5.4'],
    steps: [
      put,
      {
        path: '/facets/type',
        status: 200,
        answer: {
          name: 'type',
          values: [
            { value: 'order.paid', count: 2 },
            { value: 'order.sent', count: 1 },
            { value: 'user.made', count: 1 },
          ],
          truncated: false,
          cursor,
          complete: true,
        },
      },
      {
        path: '/facets/type?limit=1&prefix=order.&action=sent',
        status: 200,
        answer: { values: [{ value: 'order.sent', count: 1 }], truncated: false },
      },
      { path: '/facets/type?limit=2', status: 200, answer: { values: [{}, {}], truncated: true } },
      { path: '/facets/execution_id', status: 200, answer: { values: [], truncated: false } },
    ],
  },
  {
    name: 'summaries that are refused',
    sections: ['5.2', '5.3', '5.4'],
    steps: [
      wrong('/histogram', 'interval', /missing.*5m/),
      wrong('/histogram?interval=0s', 'interval', /1s to 3650d/),
      wrong('/histogram?interval=3651d', 'interval'),
      wrong('/histogram?interval=1w', 'interval'),
      wrong('/histogram?interval=1h&by=color', 'by', /organization, or facet\.<name>/),
      wrong('/histogram?interval=1h&limit=3', 'limit'),
      wrong('/aggregate?measure=total', 'measure', /data\.total/),
      wrong('/aggregate?measure=data.', 'measure'),
      wrong('/aggregate?percentiles=50', 'percentiles', /measure/),
      wrong('/aggregate?measure=data.n&percentiles=0', 'percentiles', /above 0/),
      wrong('/aggregate?measure=data.n&percentiles=50,101', 'percentiles'),
      wrong('/aggregate?measure=data.n&percentiles=1,2,3,4,5,6,7,8,9,10,11', 'percentiles', /10/),
      wrong('/facets/type?limit=1001', 'limit', /1000/),
      refused({ path: '/histogram?interval=1h&after=x' }, 400, 'invalid_cursor'),
    ],
  },
]

const exports: readonly NativeCase[] = [
  {
    name: 'an export as lines, and its rest',
    sections: ['8.1', '8.2'],
    steps: [
      put,
      {
        path: '/export?type=order.*',
        status: 200,
        answer: /^(\{"specversion":"1\.0","id":"a-[123]".*"eventwellcursor":"[\w-]+".*\}\n){3}$/,
        answerHeaders: {
          'content-type': /^application\/x-ndjson/,
          'content-disposition': /^attachment; filename="events\.ndjson"$/,
        },
      },
      { path: '/events?limit=3', status: 200, keep: { cursor: 'cursor' } },
      { path: '/export?after={cursor}', status: 200, answer: /^\{.*"id":"a-4".*\}\n$/ },
      { path: '/export?after=oldest', status: 200, answer: /^(.*\n){4}$/ },
      { path: '/export?type=nothing', status: 200, answer: '' },
    ],
  },
  {
    name: 'an export as CSV',
    sections: ['8.1'],
    steps: [
      put,
      {
        path: '/export?format=csv&subject=order-1',
        status: 200,
        answer:
          /^sequence,.*,cursor\r\n0{15}1,[^,]+,2026-[^,]+,\/shop,a-1,.*,"\{""total"":10,.*,,,[\w-]+\r\n$/,
        answerHeaders: { 'content-type': /^text\/csv/, 'content-disposition': /events\.csv/ },
      },
    ],
  },
  {
    name: 'an export as a batch, which can be put in elsewhere',
    sections: ['8.1'],
    steps: [
      put,
      {
        path: '/export?format=cloudevents',
        status: 200,
        answer: orders.map(({ id }) => ({ id, eventwellcursor: cursor })),
        answerHeaders: { 'content-type': /^application\/cloudevents-batch\+json/ },
      },
      { path: '/export?format=cloudevents&type=nothing', status: 200, answer: [] },
      { ...put, body: [order('c-1', 'x', 1, { cursor: 'mine' })] },
      { path: '/events?type=x', status: 200, answer: { events: [{ cursor: 'mine' }] } },
      {
        path: '/export?format=cloudevents&type=x',
        status: 200,
        answer: [{ cursor: 'mine', eventwellcursor: cursor }],
      },
    ],
  },
  {
    name: 'exports that are refused',
    sections: ['8.1'],
    steps: [
      wrong('/export?format=xml', 'format', /cloudevents/),
      wrong('/export?direction=backward', 'direction'),
      refused({ path: '/export?after=x' }, 400, 'invalid_cursor'),
    ],
  },
]

const consumers: readonly NativeCase[] = [
  {
    name: 'a consumer goes on where it committed',
    sections: ['4.2', '7.1'],
    steps: [
      put,
      refused({ path: '/consumers/billing' }, 404, 'not_found'),
      {
        path: '/events?consumer=billing&limit=2',
        status: 200,
        answer: { events: ids('a-1', 'a-2') },
        keep: { cursor: 'cursor' },
      },
      {
        method: 'PUT',
        path: '/consumers/billing',
        headers: json,
        body: { cursor: '{cursor}' },
        status: 200,
        answer: { name: 'billing', cursor, sequence: '0000000000000002', lag: 2 },
      },
      { path: '/events?consumer=billing', status: 200, answer: { events: ids('a-3', 'a-4') } },
      { path: '/consumers', status: 200, answer: { consumers: [{ name: 'billing', lag: 2 }] } },
      wrong('/events?consumer=billing&after={cursor}', 'consumer', /one of them/),
      { method: 'DELETE', path: '/consumers/billing', status: 204 },
      refused({ path: '/consumers/billing' }, 404, 'not_found'),
    ],
  },
  {
    name: 'a lease keeps others from committing',
    sections: ['7.2'],
    steps: [
      { ...put, status: 200 },
      { path: '/events?limit=1', status: 200, keep: { cursor: 'cursor' } },
      {
        method: 'POST',
        path: '/consumers/billing/lease',
        headers: json,
        body: { seconds: 60, holder: 'one' },
        status: 200,
        answer: { lease: /./, expiresAt: moment, cursor: null },
        keep: { lease: 'lease' },
      },
      {
        ...refused(
          {
            method: 'POST',
            path: '/consumers/billing/lease',
            headers: json,
            body: { seconds: 60 },
          },
          409,
          'conflict',
        ),
        answerHeaders: { 'retry-after': /^\d+$/ },
      },
      refused(
        {
          method: 'PUT',
          path: '/consumers/billing',
          headers: json,
          body: { cursor: '{cursor}' },
        },
        409,
        'conflict',
      ),
      {
        method: 'PUT',
        path: '/consumers/billing',
        headers: json,
        body: { cursor: '{cursor}', lease: '{lease}' },
        status: 200,
        answer: { lag: 3, lease: { holder: 'one' } },
      },
      {
        method: 'DELETE',
        path: '/consumers/billing/lease',
        headers: { 'eventwell-lease': '{lease}' },
        status: 204,
      },
    ],
  },
]

const removals: readonly NativeCase[] = [
  {
    name: 'an erasure by subject',
    sections: ['9.2'],
    steps: [
      put,
      {
        method: 'POST',
        path: '/erasures',
        headers: json,
        body: { subject: 'order-1' },
        status: 200,
        answer: {
          by: { kind: 'subject', sha256: /^[0-9a-f]{64}$/ },
          events: 1,
          sequence: '0000000000000001',
        },
      },
      { path: '/events', status: 200, answer: { events: ids('a-2', 'a-3', 'a-4') } },
      refused({ path: '/events/0000000000000001' }, 404, 'not_found'),
      { path: '/facets/subject', status: 200, answer: { values: [{ value: 'order-3' }] } },
      {
        path: '/erasures',
        status: 200,
        answer: { erasures: [{ events: 1 }], cursor: '000000000001', more: false },
      },
    ],
  },
  {
    name: 'retention that nobody has set',
    sections: ['9.1'],
    steps: [{ path: '/retention', status: 200, answer: { rules: [] } }],
  },
]

const documentation: readonly NativeCase[] = [
  {
    name: 'the documents, without a key',
    sections: ['1.1', '1.2', '13.1'],
    steps: [
      {
        path: '/openapi.json',
        headers: { authorization: '' },
        status: 200,
        answer: { openapi: /^3\.1\./ },
      },
      {
        path: '/docs',
        headers: { authorization: '' },
        status: 200,
        answer: /^<!doctype html>/,
        answerHeaders: { 'content-security-policy': /^default-src 'none'; style-src 'sha256-/ },
      },
      {
        ...refused({ path: '/events', headers: { authorization: '' } }, 401, 'unauthorized'),
        answerHeaders: { 'www-authenticate': /^Bearer$/ },
      },
      refused({ path: '/nothing' }, 404, 'not_found'),
    ],
  },
]

const manners: readonly NativeCase[] = [
  {
    name: 'other methods on a path',
    sections: ['1.1', '10.2'],
    steps: [
      {
        ...refused({ method: 'PATCH', path: '/events' }, 405, 'method_not_allowed', /POST, GET/),
        answerHeaders: { allow: /^POST, GET$/ },
      },
      {
        ...refused({ method: 'POST', path: '/consumers/c' }, 405, 'method_not_allowed'),
        answerHeaders: { allow: /^GET, PUT, DELETE$/ },
      },
      refused({ method: 'DELETE', path: '/events/a' }, 405, 'method_not_allowed'),
      refused({ method: 'PUT', path: '/nothing' }, 404, 'not_found'),
    ],
  },
  {
    name: 'parameters of operations that take none',
    sections: ['1.3'],
    steps: [
      put,
      {
        ...wrong('/erasures?dry=1', 'dry', /there are none here/),
        method: 'POST',
        body: { subject: 'order-1' },
      },
      { path: '/events', status: 200, answer: { events: ids('a-1', 'a-2', 'a-3', 'a-4') } },
    ],
  },
]

/** Every case. */
export const nativeCases: readonly NativeCase[] = [
  ...appends,
  ...lists,
  ...summaries,
  ...exports,
  ...consumers,
  ...removals,
  ...documentation,
  ...manners,
].map(({ name, sections, steps }) => ({
  name: `${name} (PROTOCOL ${sections.join(', ')})`,
  sections,
  steps,
}))
