import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Desk, type Asked } from './test/desk.ts'

// Every way in which a route refuses, with the exact answer. The space holds one event and one order; at
// the end it must hold these and no more.

const head = '"id":"pip","system":"s","agent-id":"a"'
const good = `{${head},"timestamp":"2029-11-30T21:05:09.000Z","long-properties":{"n":1}}`
const order = { 'commit-max-seconds': 9 }
const space = 'refusing'
const [reader, writer, both] = [`r:${space}`, `w:${space}`, `rw:${space}`]

interface Refusal {
  readonly type: string
  readonly message: string
  readonly parameters?: object
}
type Case = readonly [name: string, asked: Asked, status: number, body: Refusal]

const missing: Refusal = {
  type: 'MISSING_SPACE_TOKEN',
  message: "Missing header 'logspace.space-token'.",
}
const unknown = (token: string): Refusal => ({
  type: 'INVALID_SPACE_TOKEN',
  message: `Unrecognized space-token '${token}'.`,
  parameters: { 'space-token': token },
})
const lacks = (scope: string): Refusal => ({
  type: 'FORBIDDEN',
  message: `This key may not ${scope}; it lacks the scope "${scope}".`,
  parameters: {},
})
const bad = (parameter: string, message: string): Refusal => ({
  type: 'INVALID_PARAMETER_VALUE',
  message,
  parameters: { parameter },
})

const routes: readonly (Asked & { readonly scopes: 'r' | 'w' | 'rw' | '' })[] = [
  { method: 'PUT', path: '/events', body: '[]', scopes: 'w' },
  { method: 'POST', path: '/events', body: '[]', scopes: 'w' },
  { method: 'POST', path: '/events', body: '{}', scopes: 'r' },
  { method: 'POST', path: '/events', scopes: 'r' },
  { method: 'GET', path: '/logspace/events', scopes: 'r' },
  { method: 'GET', path: '/api/events', scopes: 'r' },
  { method: 'POST', path: '/event-stream', scopes: 'r' },
  { method: 'PUT', path: '/capabilities/c1', body: '{"id":"c1"}', scopes: 'w' },
  { method: 'GET', path: '/capabilities/c1', scopes: 'r' },
  { method: 'GET', path: '/orders/c1', scopes: '' },
  { method: 'PUT', path: '/orders/c1', body: order, scopes: 'rw' },
  { method: 'DELETE', path: '/orders/c1', scopes: 'rw' },
  { method: 'POST', path: '/suggestion', scopes: 'r' },
  { method: 'GET', path: '/suggestion', scopes: 'r' },
  { method: 'POST', path: '/time-series', body: '{}', scopes: 'r' },
  { method: 'GET', path: '/agent-activity', scopes: 'r' },
  { method: 'POST', path: '/download', body: '{}', scopes: 'r' },
]

const tokens = routes.flatMap(({ scopes, ...route }): Case[] => {
  const name = `${route.method} ${route.path} ${JSON.stringify(route.body ?? '')}`
  const broken = { ...route, body: route.body === undefined ? '' : '[nothing good' }
  const cases: Case[] = [
    [`${name} without a token`, broken, 403, missing],
    [`${name} with a blank token`, { ...broken, key: ' \t ' }, 403, missing],
    [`${name} with an unknown token`, { ...broken, key: 'rw:NO' }, 403, unknown('rw:NO')],
    [
      `${name} with the token in capitals`,
      { ...broken, key: 'RW:refusing' },
      403,
      unknown('RW:refusing'),
    ],
  ]
  if (scopes.includes('r'))
    cases.push([
      `${name} with a key that only writes`,
      { ...route, key: writer },
      403,
      lacks('read'),
    ])
  if (scopes.includes('w'))
    cases.push([
      `${name} with a key that only reads`,
      { ...route, key: reader },
      403,
      lacks('write'),
    ])
  return cases
})

const put = (body: string): Asked => ({ method: 'PUT', path: '/events', key: both, body })
const place = (message: string, field: string): Refusal => ({
  type: 'INVALID_EVENT',
  message: `[1].${message}`,
  parameters: { index: 1, field },
})
/** An upload whose second event has a fault. */
const upload = (name: string, event: string, body: Refusal): Case => [
  name,
  put(`[${good.replace('pip', 'new')},${event}]`),
  400,
  body,
]
const map = (name: string, value: string) =>
  good.replace('"long-properties":{"n":1}', `"${name}-properties":${value}`)
const json = (message: string): Refusal => ({ type: 'INVALID_JSON', message, parameters: {} })

const uploads: readonly Case[] = [
  ['an empty body', put(''), 400, json('Line 1, column 1: a value should stand here.')],
  [
    'an object',
    put('{}'),
    400,
    {
      type: 'INVALID_EVENT',
      message: 'The body must be an array of events, not an object.',
      parameters: {},
    },
  ],
  [
    'a trailing comma',
    put(`[${good},]`),
    400,
    json(`Line 1, column ${good.length + 3}: a value should stand here.`),
  ],
  [
    'junk after the end',
    put(`[\n${good}\n]x`),
    400,
    json('Line 3, column 2: more follows after the end.'),
  ],
  [
    'a body that ends early',
    put(`[${good}`),
    400,
    json(`Line 1, column ${good.length + 2}: a comma or a closing bracket should stand here.`),
  ],
  [
    'bytes that are no UTF-8',
    { ...put(''), body: Buffer.from([0x5b, 0xff, 0x5d]) },
    400,
    json('The body is not valid UTF-8.'),
  ],
  upload('an element that is no event', '[]', {
    type: 'INVALID_EVENT',
    message: '[1]: An event must be an object, not an array.',
    parameters: { index: 1 },
  }),
  upload('an empty event', '{}', place('timestamp is missing.', 'timestamp')),
  upload('no id', good.replace('"id":"pip",', ''), place('id is missing.', 'id')),
  upload(
    'an empty id',
    good.replace('pip', ''),
    place('id must be a string with characters, not an empty string.', 'id'),
  ),
  upload(
    'null for the system',
    good.replace('"s"', 'null'),
    place('system must be a string with characters, not null.', 'system'),
  ),
  upload(
    'a number for the agent',
    good.replace('"a"', '5'),
    place('agent-id must be a string with characters, not a number.', 'agent-id'),
  ),
  upload(
    'an id twice in one event',
    good.replace('{', '{"id":"one",'),
    place('id must be a string with characters, not an array.', 'id'),
  ),
  upload(
    'a type that is a number',
    good.replace('{', '{"type":3,'),
    place('type must be a string, not a number.', 'type'),
  ),
  upload(
    'a marker that is an object',
    good.replace('{', '{"marker":{},'),
    place('marker must be a string, not an object.', 'marker'),
  ),
  upload(
    'a time that is none',
    good.replace('2029-11-30T21:05:09.000Z', 'noon'),
    place('timestamp must be a time like 2026-03-01T10:00:00.000Z, not "noon".', 'timestamp'),
  ),
  upload(
    'a time beyond the calendar',
    good.replace('2029-11', '9999-13'),
    place(
      'timestamp must be a time like 2026-03-01T10:00:00.000Z, not "9999-13-30T21:05:09.000Z".',
      'timestamp',
    ),
  ),
  upload(
    'a number in quotes',
    map('integer', '{"n":[1,"2"]}'),
    place('integer-properties.n must be a number, not "2".', 'integer-properties.n'),
  ),
  upload(
    'NaN among the longs',
    map('long', '{"n":NaN}'),
    place('long-properties.n must be a number, not "NaN".', 'long-properties.n'),
  ),
  upload(
    'null among the doubles',
    map('double', '{"n":[null]}'),
    place('double-properties.n must be a number, not null.', 'double-properties.n'),
  ),
  upload(
    'text among the booleans',
    map('boolean', '{"n":"true"}'),
    place('boolean-properties.n must be true or false, not "true".', 'boolean-properties.n'),
  ),
  upload(
    'a date that is none',
    map('date', '{"n":"soon"}'),
    place(
      'date-properties.n must be a date-time like 2026-03-01T10:00:00.000Z, not "soon".',
      'date-properties.n',
    ),
  ),
  upload(
    'an object as a string',
    map('string', '{"n":{}}'),
    place('string-properties.n must be a string, not {}.', 'string-properties.n'),
  ),
  upload(
    'an array in an array',
    map('string', '{"n":[["x"]]}'),
    place('string-properties.n must be a string, not ["x"].', 'string-properties.n'),
  ),
  upload(
    'a map that is an array',
    map('float', '[]'),
    place('float-properties must be an object, not an array.', 'float-properties'),
  ),
]

const retrieve = (query: string, filter: unknown = undefined): Asked => ({
  path: `/events${query}`,
  key: reader,
  ...(filter !== undefined && { body: JSON.stringify(filter) }),
})
const element = (one: unknown) => retrieve('', { elements: [one] })
const names =
  'There are id, type, system, agent_id, parent_id, global_id, marker, timestamp, space, global_agent_id, ' +
  'property_id, and <type>_property_<name>.'
const count = (value: string): Refusal => ({
  type: 'UNPARSABLE_PARAMETER_VALUE',
  message: 'count must be a whole number from 0 to 1000.',
  parameters: { parameter: 'count', value },
})
const zero = 'elements[0]'

const filters: readonly Case[] = [
  ['a count that is no number', retrieve('?count=ten'), 400, count('ten')],
  ['a count with a fraction', retrieve('?count=1.5'), 400, count('1.5')],
  [
    'a count below 0',
    retrieve('?count=-1'),
    400,
    bad('count', 'count must be a whole number from 0 to 1000.'),
  ],
  [
    'a count over 1000',
    retrieve('?count=1001'),
    400,
    bad('count', 'count must be a whole number from 0 to 1000.'),
  ],
  [
    'a cursor of nobody',
    retrieve('?cursor=AAAA'),
    400,
    bad('cursor', 'This cursor was not given out here; begin with *.'),
  ],
  [
    'a filter that is text',
    { path: '/event-stream', key: reader, body: '"x"' },
    400,
    bad('filter', 'A filter must be an object with elements.'),
  ],
  [
    'a filter with another field',
    retrieve('', { element: [] }),
    400,
    bad('filter', 'filter has no field "element"; it may have elements.'),
  ],
  [
    'elements that are none',
    retrieve('', { elements: {} }),
    400,
    bad('elements', 'elements must be an array of objects.'),
  ],
  [
    'an element that is none',
    element(7),
    400,
    bad('elements', 'elements must be an array of objects.'),
  ],
  [
    'too many elements',
    retrieve('', { elements: Array.from({ length: 101 }, () => ({ property: 'id', value: 'x' })) }),
    400,
    bad('elements', 'A filter may have at most 100 elements.'),
  ],
  [
    'an element without a property',
    element({ value: 'x' }),
    400,
    bad(zero, 'elements[0] must name its property.'),
  ],
  [
    'an element with another field',
    element({ property: 'id', valeu: 'x' }),
    400,
    bad(
      zero,
      'elements[0] has no field "valeu"; it may have property, value, from, to, values, operator.',
    ),
  ],
  [
    'an element that wants nothing',
    element({ property: 'id' }),
    400,
    bad(zero, 'elements[0] needs a value, from or to, or values.'),
  ],
  [
    'a property that is none',
    element({ property: 'agent-id', value: 'a' }),
    400,
    bad(zero, `There is no property "agent-id". ${names}`),
  ],
  [
    'a property of no type',
    element({ property: 'text_property_x', value: 'a' }),
    400,
    bad(zero, `There is no property "text_property_x". ${names}`),
  ],
  [
    'a property named as a word of JavaScript',
    element({ property: 'constructor', value: 'a' }),
    400,
    bad(zero, `There is no property "constructor". ${names}`),
  ],
  [
    'no values',
    element({ property: 'id', values: [], operator: 'OR' }),
    400,
    bad(zero, 'elements[0].values must have 1 to 1000 values.'),
  ],
  [
    'values without an operator',
    element({ property: 'id', values: ['x'] }),
    400,
    bad(zero, 'elements[0].operator must be OR or AND.'),
  ],
  [
    'an operator that is none',
    element({ property: 'id', values: ['x'], operator: 'or' }),
    400,
    bad(zero, 'elements[0].operator must be OR or AND.'),
  ],
  [
    'text for a number',
    element({ property: 'long_property_n', value: 'many' }),
    400,
    bad(zero, 'elements[0] must be a number for long_property_n, not "many".'),
  ],
  [
    'no date for a time',
    element({ property: 'timestamp', from: 'noon' }),
    400,
    bad(`${zero}.from`, 'elements[0].from must be a date-time for timestamp, not "noon".'),
  ],
  [
    'an object for text',
    element({ property: 'id', value: {} }),
    400,
    bad(zero, 'elements[0] must be a string for id, not {}.'),
  ],
  [
    'a filter that is no JSON',
    { path: '/events', key: reader, body: '{"elements":[}' },
    400,
    json('The body is not valid JSON'),
  ],
  [
    'an offset below 0',
    { path: '/event-stream?offset=-1', key: reader },
    400,
    bad('offset', 'offset must be a whole number from 0 to 2147483647.'),
  ],
  [
    'a stream of more than an int',
    { path: '/event-stream?count=2147483648', key: reader },
    400,
    bad('count', 'count must be a whole number from 0 to 2147483647.'),
  ],
]

const definition = {
  timeWindow: { start: '2029-11-30T00:00:00Z', end: '2029-12-01T00:00:00Z', gap: 3600 },
  globalAgentId: `${space}|s|a`,
  propertyId: 'long_property_n',
  aggregate: 'max',
}
const invalid = (message: string, parameters: object = {}): Refusal => ({
  type: 'INVALID_DATA_DEFINITION',
  message,
  parameters,
})
const series = (name: string, change: object, message: string, parameters?: object): Case[] =>
  ['/time-series', '/download'].map((path) => [
    `${path}: ${name}`,
    { path, key: reader, body: { definitions: [{ ...definition, ...change }] } },
    400,
    invalid(message, parameters),
  ])
const window = (change: object) => ({ timeWindow: { ...definition.timeWindow, ...change } })
const gap = 'definitions[0].timeWindow.gap must be a whole number of seconds from 1.'
const dates = 'definitions[0].timeWindow needs start and end as dates like 2015-01-01T00:00:00Z.'

const charts: readonly Case[] = [
  [
    'a series of no JSON',
    { path: '/time-series', key: reader, body: '' },
    400,
    json('The body is empty.'),
  ],
  [
    'a series that is an array',
    { path: '/time-series', key: reader, body: '[]' },
    400,
    invalid('The body must be an object with definitions.'),
  ],
  [
    'no definitions',
    { path: '/time-series', key: reader, body: { definitions: [] } },
    400,
    invalid('definitions must be an array of 1 to 100 objects.'),
  ],
  [
    'a field of 0.2.0',
    { path: '/time-series', key: reader, body: { dataDefinitions: [] } },
    400,
    bad(
      'A time-series request',
      'A time-series request has no field "dataDefinitions"; it may have definitions.',
    ),
  ],
  ...series(
    'an end that is not after the start',
    window({ end: definition.timeWindow.start }),
    'definitions[0]: the end must be after the start.',
    { start: definition.timeWindow.start, end: definition.timeWindow.start },
  ),
  ...series(
    'too many values',
    window({ end: '2029-12-20T00:00:00Z', gap: 1 }),
    'definitions[0] asks for too many values; make the gap longer.',
    { 'requested-values': 1_728_000, 'max-values': 10_000 },
  ),
  ...series('a gap of 0', window({ gap: 0 }), gap),
  ...series('a gap with a fraction', window({ gap: 1.5 }), gap),
  ...series('a gap in quotes', window({ gap: '60' }), gap),
  ...series('a start that is none', window({ start: 'noon' }), dates),
  ...series('no window', { timeWindow: undefined }, 'definitions[0].timeWindow must be an object.'),
  ...series(
    'a property that is none',
    { propertyId: 'n' },
    'definitions[0].propertyId must be <type>_property_<name>, not "n".',
  ),
  ...series(
    'no agent',
    { globalAgentId: undefined },
    'definitions[0].globalAgentId must be space|system|agent-id.',
  ),
  ...series(
    'an aggregate that is none',
    { aggregate: 'average' },
    'definitions[0].aggregate "average" is not possible for long properties.',
    {
      'property-type': 'LONG',
      'illegal-aggregate': 'average',
      'allowed-aggregates': ['count', 'sum', 'avg', 'min', 'max'],
    },
  ),
  ...series(
    'a sum of dates',
    { aggregate: 'sum', propertyId: 'date_property_d' },
    'definitions[0].aggregate "sum" is not possible for date properties.',
    {
      'property-type': 'DATE',
      'illegal-aggregate': 'sum',
      'allowed-aggregates': ['count', 'min', 'max', 'avg'],
    },
  ),
  ...['boolean', 'string'].flatMap((type) =>
    series(
      `the largest ${type}`,
      { propertyId: `${type}_property_x` },
      `definitions[0].aggregate "max" is not possible for ${type} properties.`,
      {
        'property-type': type.toUpperCase(),
        'illegal-aggregate': 'max',
        'allowed-aggregates': ['count'],
      },
    ),
  ),
  [
    'a suggestion of another field',
    { path: '/suggestion', key: reader, body: { txt: 'x' } },
    400,
    bad(
      'A suggestion request',
      'A suggestion request has no field "txt"; it may have text, propertyId, systemId, spaceId.',
    ),
  ],
  [
    'a suggestion for a number',
    { path: '/suggestion', key: reader, body: { text: 7 } },
    400,
    bad('text', 'text must be a string.'),
  ],
  ...(
    [
      ['count=0', 'count', '1 to 1000'],
      ['count=1001', 'count', '1 to 1000'],
      ['start=-1', 'start', '0 to 2147483647'],
      ['duration=59', 'duration', '60 to 2592000'],
      ['duration=2592001', 'duration', '60 to 2592000'],
      ['steps=0', 'steps', '1 to 900'],
      ['duration=60&steps=61', 'steps', '1 to 60'],
      ['duration=2592000&steps=1001', 'steps', '1 to 1000'],
    ] as const
  ).map(([query, parameter, bounds]): Case => [
    `an activity of ${query}`,
    { method: 'GET', path: `/agent-activity?${query}`, key: reader },
    400,
    bad(parameter, `${parameter} must be a whole number from ${bounds}.`),
  ]),
  [
    'an activity in no order',
    { method: 'GET', path: '/agent-activity?sort=name', key: reader },
    400,
    bad('sort', 'sort must be one of count desc, count asc, index asc, index desc.'),
  ],
]

const give = (body: string | object, key = both): Asked => ({
  method: 'PUT',
  path: '/orders/c1',
  key,
  body,
})
const wrong = (field: string, message: string): Refusal => ({
  type: 'INVALID_ORDER',
  message,
  parameters: { field },
})
const agentOrder = (change: object) =>
  give({
    'agent-orders': [
      { id: 'os/cpu', 'trigger-type': 'Scheduler', 'trigger-parameter': '0 * * * * ?', ...change },
    ],
    ...order,
  })
const cron = (fault: string) =>
  `agent-orders[0].trigger-parameter must be a Quartz cron expression, like "0/10 * * * * ?"; it ${fault}.`
const noOrder = (id: string): Refusal => ({
  type: 'ORDER_NOT_FOUND',
  message: `There is no order for controller with ID '${id}'.`,
  parameters: { 'controller-id': id },
})
const mismatch: Refusal = {
  type: 'INVALID_CONTROLLER_ID',
  message: 'The ID in the path does not match the ID in the payload.',
  parameters: {},
}
const announce = (body: string | object): Asked => ({
  method: 'PUT',
  path: '/capabilities/c1',
  key: writer,
  body,
})

const controllers: readonly Case[] = [
  ['no order', { method: 'GET', path: '/orders/c2', key: writer }, 404, noOrder('c2')],
  [
    'no order of an id with blanks',
    { method: 'GET', path: '/api/orders/a%20b', key: reader },
    404,
    noOrder('a b'),
  ],
  [
    'taking back an order that is none',
    { method: 'DELETE', path: '/orders/c2', key: both },
    404,
    noOrder('c2'),
  ],
  [
    'an id that is too long',
    { method: 'GET', path: `/orders/${'x'.repeat(513)}`, key: both },
    400,
    {
      type: 'INVALID_CONTROLLER_ID',
      message: 'The ID of a controller has 1 to 512 characters.',
      parameters: {},
    },
  ],
  ['an empty order', give(''), 400, json('The body is empty.')],
  ['an order that is an array', give('[]'), 400, wrong('order', 'An order must be an object.')],
  [
    'an order without a commit',
    give('{}'),
    400,
    wrong(
      'commit-max-seconds',
      'commit-max-seconds must be there, a whole number of seconds from 1.',
    ),
  ],
  [
    'a commit after no time',
    give({ 'commit-max-seconds': 0 }),
    400,
    wrong(
      'commit-max-seconds',
      'commit-max-seconds must be there, a whole number of seconds from 1.',
    ),
  ],
  [
    'the count of dialects A and B',
    give({ ...order, 'commit-max-count': 5 }),
    400,
    wrong(
      'commit-max-count',
      'An order may have agent-orders, commit-max-seconds; agents fail at "commit-max-count".',
    ),
  ],
  [
    'orders that are an object',
    give({ ...order, 'agent-orders': {} }),
    400,
    wrong('agent-orders', 'agent-orders must be an array of at most 1000 orders.'),
  ],
  [
    'an order for nobody',
    agentOrder({ id: '' }),
    400,
    wrong('agent-orders[0].id', 'agent-orders[0].id must be the id of an agent.'),
  ],
  [
    'a trigger that is none',
    agentOrder({ 'trigger-type': 'Cron' }),
    400,
    wrong(
      'agent-orders[0].trigger-type',
      'agent-orders[0].trigger-type must be one of Application, Scheduler, Off, not "Cron".',
    ),
  ],
  [
    'a schedule without a time',
    agentOrder({ 'trigger-parameter': undefined }),
    400,
    wrong('agent-orders[0].trigger-parameter', cron('is missing')),
  ],
  [
    'a cron of five fields',
    agentOrder({ 'trigger-parameter': '* * * * *' }),
    400,
    wrong('agent-orders[0].trigger-parameter', cron('must have six or seven fields')),
  ],
  [
    'a cron of eight fields',
    agentOrder({ 'trigger-parameter': '0 * * * * ? * *' }),
    400,
    wrong('agent-orders[0].trigger-parameter', cron('must have six or seven fields')),
  ],
  [
    'a schedule that Quartz refuses',
    agentOrder({ 'trigger-parameter': '0/1 * * * * *' }),
    400,
    wrong(
      'agent-orders[0].trigger-parameter',
      cron('must have ? for exactly one of the day of the month and the day of the week'),
    ),
  ],
  [
    'an agent that is ordered twice',
    give({
      'agent-orders': [
        { id: 'a', 'trigger-type': 'Off' },
        { id: 'a', 'trigger-type': 'Application' },
      ],
      ...order,
    }),
    400,
    wrong('agent-orders[1].id', 'agent-orders[1].id has an order already, agent-orders[0].'),
  ],
  [
    'an order with a comment',
    agentOrder({ comment: 'x' }),
    400,
    wrong(
      'comment',
      'agent-orders[0] may have id, trigger-type, trigger-parameter; agents fail at "comment".',
    ),
  ],
  ['capabilities of another', announce({ id: 'c2' }), 400, mismatch],
  ['capabilities of nobody', announce('{}'), 400, mismatch],
  [
    'capabilities that are an array',
    announce('[]'),
    400,
    {
      type: 'INVALID_EVENT',
      message: 'Capabilities must be an object, not an array.',
      parameters: {},
    },
  ],
  [
    'no capabilities',
    { method: 'GET', path: '/capabilities/c2', key: reader },
    404,
    {
      type: 'CAPABILITIES_NOT_FOUND',
      message: "There are no capabilities of a controller with ID 'c2'.",
      parameters: { 'controller-id': 'c2' },
    },
  ],
]

const desk = new Desk()
const capabilities = { id: 'c1', system: 's' }

before(async () => {
  await desk.put(space, `[${good}]`)
  await desk.ask({ method: 'PUT', path: '/orders/c1', key: both, body: order })
  await desk.ask({ method: 'PUT', path: '/capabilities/c1', key: writer, body: capabilities })
})
after(() => desk.close())

for (const [subject, cases] of Object.entries({ tokens, uploads, filters, charts, controllers })) {
  describe(`Logspace refuses, in HQ’s shape: ${subject}`, () => {
    for (const [name, asked, status, body] of cases) {
      it(`${name}: ${status}`, async () => {
        const answer = await desk.ask(asked)
        assert.equal(answer.statusCode, status, answer.body)
        assert.match(String(answer.headers['content-type']), /^application\/json/)
        const found = answer.json<Refusal>()
        // What the parser of JSON says is its own.
        const isParsers = body.message === 'The body is not valid JSON'
        if (isParsers) assert.ok(found.message.startsWith(body.message))
        assert.deepEqual(isParsers ? { ...found, message: body.message } : found, body)
      })
    }
  })
}

describe('Nothing of what Logspace refused', () => {
  it('is kept, and nothing that was there is gone', async () => {
    const { events, totalCount } = await desk.retrieve(space)
    assert.deepEqual([totalCount, events.map(({ id }) => id)], [1, ['pip']])
    const left = await desk.ask({ method: 'GET', path: '/orders/c1', key: both })
    assert.deepEqual(left.json(), order)
    const announced = await desk.ask({ method: 'GET', path: '/capabilities/c1', key: both })
    assert.deepEqual(announced.json(), capabilities)
    const native = { authorization: `Bearer ${reader}` }
    const all = await desk.ask({ method: 'GET', path: '/eventwell/events', headers: native })
    assert.equal(all.json<{ events: unknown[] }>().events.length, 1)
  })
})

describe('GET /events at the root', () => {
  it('is Logspace’s as soon as the header is there, though blank or unknown', async () => {
    for (const [key, body] of [
      [' ', missing],
      ['rw:NO', unknown('rw:NO')],
    ] as const) {
      const answer = await desk.ask({ method: 'GET', path: '/events', key })
      assert.equal(answer.statusCode, 403)
      assert.deepEqual(answer.json(), body)
    }
  })

  it('is another’s without it', async () => {
    const answer = await desk.ask({ method: 'GET', path: '/events' })
    assert.equal(answer.statusCode, 401)
  })
})

describe('Orders that are given at once', () => {
  it('have a time each, so that the agent sees that there is another', async () => {
    const given = Array.from({ length: 12 }, (_, n) =>
      desk.ask({
        method: 'PUT',
        path: '/orders/busy',
        key: both,
        body: { 'commit-max-seconds': n + 1 },
      }),
    )
    const times = (await Promise.all(given)).map(({ headers }) => headers['last-modified'])
    assert.equal(new Set(times).size, 12)
    const left = await desk.ask({ method: 'GET', path: '/orders/busy', key: writer })
    const newest = Math.max(...times.map((time) => Date.parse(String(time))))
    assert.equal(Date.parse(String(left.headers['last-modified'])), newest)
  })
})

describe('A path that Logspace does not have', () => {
  for (const [method, path] of [
    ['PUT', '/events/'],
    ['POST', '/native-query'],
    ['GET', '/reports'],
  ] as const) {
    it(`${method} ${path} is 404`, async () => {
      assert.equal(
        (await desk.ask({ method, path, key: both, body: method === 'GET' ? '' : '[]' }))
          .statusCode,
        404,
      )
    })
  }
})
