import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Desk, eventTexts } from './test/desk.ts'

// Every upload that a real HQ of one of the four dialects takes, and those that we take beyond: in by every
// way, and out as the last release writes it, to the letter.

/** An upload of one event, and how the event comes back. */
interface Fixture {
  readonly name: string
  readonly sent: string
  readonly back: string
}

const byteOrderMark = '\uFEFF'
const head = '"id":"quince-1","type":"shop/till","system":"quince","agent-id":"shop/till"'
const milliseconds = '"timestamp":"2029-11-30T21:05:09.040Z"'
const seconds = '"timestamp":"2029-11-30T21:05:09Z"'
const event = (rest: string, time = milliseconds) =>
  `{${[head, time, rest].filter(Boolean).join()}}`

/** An event whose properties are sent one way, and come back in arrays. */
function properties(name: string, sent: string, back: string, time = milliseconds): Fixture {
  const whole = time.replace('09Z', '09.000Z')
  return { name, sent: `[${event(sent, time)}]`, back: event(back, whole) }
}

/** An event whose time is sent one way, and comes back another. */
function timed(name: string, sent: string, back: string): Fixture {
  const time = (text: string) => event('', `"timestamp":${JSON.stringify(text)}`)
  return { name, sent: `[${time(sent)}]`, back: time(back) }
}

function date(name: string, sent: string, back: string): Fixture {
  const map = (value: string) => `"date-properties":{"due":${value}}`
  return properties(name, map(JSON.stringify(sent)), map(JSON.stringify([back])))
}

const dialects: readonly Fixture[] = [
  properties(
    'A: seconds, a scalar',
    '"integer-properties":{"coins":4}',
    '"integer-properties":{"coins":[4]}',
    seconds,
  ),
  properties(
    'A: a repeated name',
    '"string-properties":{"tag":"x","n":"z","tag":"y"}',
    '"string-properties":{"tag":["x","y"],"n":["z"]}',
    seconds,
  ),
  properties(
    'A: NaN in quotes',
    '"double-properties":{"d":"NaN"},"float-properties":{"f":"-Infinity"}',
    '"double-properties":{"d":[NaN]},"float-properties":{"f":[-Infinity]}',
    seconds,
  ),
  properties(
    'B: milliseconds, scalars',
    '"pid":"p","gid":"g","boolean-properties":{"open":false},"long-properties":{"l":7}',
    '"pid":"p","gid":"g","boolean-properties":{"open":[false]},"long-properties":{"l":[7]}',
  ),
  properties(
    'B: a repeated name',
    '"long-properties":{"l":1,"l":2,"l":1}',
    '"long-properties":{"l":[1,2,1]}',
  ),
  properties(
    'late B: a marker',
    '"gid":"g","marker":"green","float-properties":{"f":0.5}',
    '"gid":"g","marker":"green","float-properties":{"f":[0.5]}',
  ),
  properties(
    'C: arrays',
    '"marker":"green","integer-properties":{"coins":[4]},"string-properties":{"tag":["x","y"]}',
    '"marker":"green","integer-properties":{"coins":[4]},"string-properties":{"tag":["x","y"]}',
  ),
  properties(
    'C: a repeated name joins both arrays',
    '"string-properties":{"tag":["x"],"tag":["y","z"]}',
    '"string-properties":{"tag":["x","y","z"]}',
  ),
  properties(
    'scalar and array of one name',
    '"string-properties":{"tag":"x","tag":["y"],"tag":"z"}',
    '"string-properties":{"tag":["x","y","z"]}',
  ),
]

const shapes: readonly Fixture[] = [
  properties('no map at all', '', ''),
  properties('an empty map', '"string-properties":{}', ''),
  properties('[] means absent', '"integer-properties":{"gone":[]}', ''),
  properties(
    '[] beside values',
    '"integer-properties":{"gone":[],"coins":[2]}',
    '"integer-properties":{"coins":[2]}',
  ),
  properties(
    '[] repeated with a value',
    '"integer-properties":{"coins":[],"coins":3}',
    '"integer-properties":{"coins":[3]}',
  ),
  properties(
    'maps in the reverse order',
    '"string-properties":{"s":"v"},"long-properties":{"l":1},"boolean-properties":{"b":true}',
    '"boolean-properties":{"b":[true]},"long-properties":{"l":[1]},"string-properties":{"s":["v"]}',
  ),
  properties(
    'one map twice',
    '"long-properties":{"a":1},"string-properties":{"s":"v"},"long-properties":{"b":2,"a":3}',
    '"long-properties":{"a":[1,3],"b":[2]},"string-properties":{"s":["v"]}',
  ),
  properties('null for optional fields', '"pid":null,"gid":null,"marker":null', ''),
  properties(
    'null for a map',
    '"double-properties":null,"long-properties":{"l":1}',
    '"long-properties":{"l":[1]}',
  ),
  properties('a field of a later release', '"zone":{"deep":[1]}', ''),
  properties(
    'names that are words of JavaScript',
    '"long-properties":{"__proto__":1,"constructor":2,"toString":[3]}',
    '"long-properties":{"__proto__":[1],"constructor":[2],"toString":[3]}',
  ),
  properties('an empty name', '"long-properties":{"":1}', '"long-properties":{"":[1]}'),
  {
    name: 'fields in any order',
    sent: `[{"marker":"m","long-properties":{"l":1},${milliseconds},"agent-id":"a","gid":"g","system":"s","pid":"p","id":"i","type":"t"}]`,
    back: `{"id":"i","type":"t","system":"s","agent-id":"a",${milliseconds},"pid":"p","gid":"g","marker":"m","long-properties":{"l":[1]}}`,
  },
  {
    name: 'type: null is absent',
    sent: `[{"id":"i","type":null,"system":"s","agent-id":"a",${milliseconds}}]`,
    back: `{"id":"i","system":"s","agent-id":"a",${milliseconds}}`,
  },
  {
    name: 'no type',
    sent: `[{"id":"i","system":"s","agent-id":"a",${milliseconds}}]`,
    back: `{"id":"i","system":"s","agent-id":"a",${milliseconds}}`,
  },
  {
    name: 'a type that is the name for none',
    sent: `[{"id":"i","type":"event","system":"s","agent-id":"a",${milliseconds}}]`,
    back: `{"id":"i","type":"event","system":"s","agent-id":"a",${milliseconds}}`,
  },
  { name: 'a byte order mark', sent: `${byteOrderMark}[${event('')}]`, back: event('') },
  {
    name: 'blanks all over',
    sent: `\r\n [\t${event('').replaceAll(',', ' , ').replace('{', '{ ')}\n]\n`,
    back: event(''),
  },
]

const times: readonly Fixture[] = [
  timed('no fraction', '2029-11-30T21:05:09Z', '2029-11-30T21:05:09.000Z'),
  timed('.5 is half a second', '2029-11-30T21:05:09.5Z', '2029-11-30T21:05:09.500Z'),
  timed('.25', '2029-11-30T21:05:09.25Z', '2029-11-30T21:05:09.250Z'),
  timed('.123456 is a fraction', '2029-11-30T21:05:09.123456Z', '2029-11-30T21:05:09.123Z'),
  timed('nine digits', '2029-11-30T21:05:09.999999999Z', '2029-11-30T21:05:09.999Z'),
  timed('a month and a day too many', '2029-14-31T21:05:09.000Z', '2030-03-03T21:05:09.000Z'),
  timed(
    'hours, minutes and seconds too many',
    '2029-11-30T26:70:80.007Z',
    '2029-12-01T03:11:20.007Z',
  ),
  timed('a leap day that is none', '2029-02-29T00:00:00.000Z', '2029-03-01T00:00:00.000Z'),
  timed('text after Z', '2029-11-30T21:05:09.040Z (local 22:05)', '2029-11-30T21:05:09.040Z'),
  timed(
    'text after Z that looks like a zone',
    '2029-11-30T21:05:09.040Z+02:00',
    '2029-11-30T21:05:09.040Z',
  ),
  timed('single digits', '2029-1-3T4:5:6.789Z', '2029-01-03T04:05:06.789Z'),
  timed('single digits, no fraction', '2029-1-3T4:5:6Z', '2029-01-03T04:05:06.000Z'),
  timed('before 1970', '1961-04-12T06:07:00.001Z', '1961-04-12T06:07:00.001Z'),
  timed('the first year', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'),
  timed('the last moment', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'),
  date('a date', '2029-11-30T21:05:09.040Z', '2029-11-30T21:05:09.040Z'),
  date('a date without a fraction', '2029-11-30T21:05:09Z', '2029-11-30T21:05:09.000Z'),
  date('a date with .5', '2029-11-30T21:05:09.5Z', '2029-11-30T21:05:09.500Z'),
  date('a date that rolls over', '2029-13-32T25:61:61.000Z', '2030-02-02T02:02:01.000Z'),
  date(
    'a date of single digits, and text after it',
    '2029-1-2T3:4:5.006Zulu',
    '2029-01-02T03:04:05.006Z',
  ),
]

const numbers: readonly Fixture[] = [
  properties(
    'bare NaN and infinities',
    '"double-properties":{"a":NaN,"b":[Infinity,-Infinity,NaN,0.5]},"float-properties":{"f":NaN}',
    '"double-properties":{"a":[NaN],"b":[Infinity,-Infinity,NaN,0.5]},"float-properties":{"f":[NaN]}',
  ),
  properties(
    'a whole number as a double',
    '"double-properties":{"d":3},"float-properties":{"f":-8}',
    '"double-properties":{"d":[3]},"float-properties":{"f":[-8]}',
  ),
  properties(
    'Java’s notation',
    '"double-properties":{"tiny":2.5E-12,"big":1.75E17,"one":1.0}',
    '"double-properties":{"tiny":[2.5e-12],"big":[175000000000000000],"one":[1]}',
  ),
  properties(
    'the ends of a double',
    '"double-properties":{"d":[4.9E-324,1.7976931348623157E308,2.2250738585072014E-308]}',
    '"double-properties":{"d":[4.9E-324,1.7976931348623157E308,2.2250738585072014E-308]}',
  ),
  properties(
    'the ends of an integer',
    '"integer-properties":{"i":[-2147483648,2147483647]}',
    '"integer-properties":{"i":[-2147483648,2147483647]}',
  ),
  properties(
    'the ends of a long',
    '"long-properties":{"l":[-9223372036854775808,9223372036854775807]}',
    '"long-properties":{"l":[-9223372036854775808,9223372036854775807]}',
  ),
  properties(
    'longs of nineteen digits',
    '"long-properties":{"l":1234567890123456789,"m":[1000000000000000001,1000000000000000000]}',
    '"long-properties":{"l":[1234567890123456789],"m":[1000000000000000001,1000000000000000000]}',
  ),
  properties(
    'longs that a double would round',
    '"long-properties":{"l":[9007199254740993,-9007199254740995]}',
    '"long-properties":{"l":[9007199254740993,-9007199254740995]}',
  ),
  properties(
    'an integer that is none comes as a long',
    '"integer-properties":{"i":2147483648}',
    '"long-properties":{"i":[2147483648]}',
  ),
  properties(
    'a long that is none comes as a double',
    '"long-properties":{"l":9223372036854775808}',
    '"double-properties":{"l":[9223372036854775808]}',
  ),
]

const strings: readonly Fixture[] = [
  properties(
    'numbers as strings',
    '"string-properties":{"a":12,"b":[-3,0.75]}',
    '"string-properties":{"a":["12"],"b":["-3","0.75"]}',
  ),
  properties(
    'numbers as strings, with their digits',
    '"string-properties":{"a":1.50,"b":2.0,"c":1E5}',
    '"string-properties":{"a":["1.50"],"b":["2.0"],"c":["1E5"]}',
  ),
  properties(
    'booleans and null as strings',
    '"string-properties":{"a":true,"b":[false,null]}',
    '"string-properties":{"a":["true"],"b":["false","null"]}',
  ),
  properties(
    'long numbers as strings',
    '"string-properties":{"a":12345678901234567890}',
    '"string-properties":{"a":["12345678901234567890"]}',
  ),
  properties(
    'astral characters as pairs',
    '"string-properties":{"s":"\\uD83E\\uDD5D kiwi"}',
    '"string-properties":{"s":["🥝 kiwi"]}',
  ),
  properties(
    'astral characters as themselves',
    '"string-properties":{"🥝":"🥝"}',
    '"string-properties":{"🥝":["🥝"]}',
  ),
  properties(
    'half a pair',
    '"string-properties":{"s":"\\uD83E"}',
    '"string-properties":{"s":["\\ud83e"]}',
  ),
  properties(
    'escapes',
    '"string-properties":{"s":"\\u0000\\u001f\\/\\"\\\\\\n\u2028\u007f"}',
    '"string-properties":{"s":["\\u0000\\u001f/\\"\\\\\\n\u2028\u007f"]}',
  ),
  properties('an empty string', '"string-properties":{"s":""}', '"string-properties":{"s":[""]}'),
  properties(
    'a string beyond what Solr took',
    `"string-properties":{"s":"${'ä'.repeat(40_000)}"}`,
    `"string-properties":{"s":["${'ä'.repeat(40_000)}"]}`,
  ),
]

// 1.9 in an integer map: HQ takes it and reads 1. Either spelling is read as 1 by its reader.
const fractionInInteger = `[${event('"integer-properties":{"i":1.9}')}]`

/** What Logspace's own agents send: type, agent id, and properties by the letter of their type. */
const bundled: readonly (readonly [
  type: string,
  agent: string,
  properties: Readonly<Record<string, string>>,
])[] = [
  ['os/cpu', 'os/cpu', { i: 'processor_count', d: 'system_load_average system_cpu_load' }],
  [
    'os/memory',
    'os/memory',
    { l: 'total_memory free_memory used_memory committed_virtual_memory' },
  ],
  [
    'os/disk',
    'os/disk',
    {
      s: 'disk_path',
      l: 'disk_total_space disk_usable_space disk_unallocated_space disk_used_space',
    },
  ],
  ['os/swap', 'os/swap', { l: 'swap_total_space swap_free_space swap_used_space' }],
  [
    'jvm/statistics',
    'jvm/orchard',
    {
      d: 'process_cpu_load process_cpu_time',
      i: 'thread_count daemon_thread_count object_pending_finalization_count loaded_class_count',
      l: 'max_file_descriptor_count open_file_descriptor_count total_loaded_class_count unloaded_class_count initial_heap_memory max_heap_memory used_heap_memory committed_heap_memory initial_non_heap_memory max_non_heap_memory used_non_heap_memory committed_non_heap_memory g1_young_generation_garbagecollector_run_count g1_young_generation_garbagecollector_time',
    },
  ],
  [
    'jvm/start',
    'jvm/orchard',
    {
      i: 'available_processors',
      s: 'cpu_endian java_runtime_name java_runtime_version jvm_version jvm_vendor jvm_name jvm_info os_name os_architecture os_version user_country user_directory user_home user_langugage user_name user_timezone',
    },
  ],
  ['jvm/agent-attached', 'jvm/orchard', { i: 'available_processors', s: 'user_country' }],
  ['jvm/stop', 'jvm/orchard', {}],
  [
    'cxf',
    'shop-requests',
    {
      s: 'protocol domain path query_string http_method ip_address request_id location global_request_id parent_request_id',
      i: 'port response_code',
      l: 'duration',
    },
  ],
  ['solr/core/new-searcher', 'fruit/commit', { s: 'core_name', l: 'warmup_time' }],
  ['solr/core/commit', 'fruit/commit', { s: 'core_name' }],
  ['solr/core/soft-commit', 'fruit/commit', { s: 'core_name' }],
  [
    'solr/core/statistics',
    'fruit/statistics',
    {
      s: 'core_name',
      l: 'request_count updates deletes commits index_size generation index_version query_cache_size',
      i: 'document_count',
      d: 'average_request_time average_requests_per_second 75th_percentile_request_time 999th_percentile_request_time',
      b: 'is_master is_slave',
      f: 'query_cache_hit_ratio',
    },
  ],
  ['journal', 'shop-journal', { s: 'category message' }],
  ['date-time', 'usage-agent', { l: 'response_time', s: 'timezone' }],
]
const maps = [
  ['b', 'boolean', 'true'],
  ['d', 'double', 'NaN'],
  ['f', 'float', '0.25'],
  ['i', 'integer', '-1'],
  ['l', 'long', '6320816129'],
  ['s', 'string', '""'],
] as const

/** An event of a bundled agent, each property with one value in the spelling of a dialect. */
function bundledEvent(
  [type, agent, names]: (typeof bundled)[number],
  time: string,
  spell: (value: string) => string,
): string {
  const sent = maps.flatMap(([letter, map, value]) => {
    const members = names[letter]?.split(' ').map((name) => `"${name}":${spell(value)}`)
    return members === undefined ? [] : [`"${map}-properties":{${members.join()}}`]
  })
  const fields = [
    `"id":"${type}-1","type":"${type}","system":"orchard-3","agent-id":"${agent}"`,
    time,
  ]
  return `{${[...fields, '"gid":"run-8"', ...sent].join()}}`
}

const agents = bundled.flatMap((agent): Fixture[] => {
  const back = (time: string) => bundledEvent(agent, time, (value) => `[${value}]`)
  const quoted = (value: string) => (value === 'NaN' ? '"NaN"' : value)
  const whole = seconds.replace('09Z', '09.000Z')
  return [
    {
      name: `${agent[0]} of dialect A`,
      sent: `[${bundledEvent(agent, seconds, quoted)}]`,
      back: back(whole),
    },
    {
      name: `${agent[0]} of dialect B`,
      sent: `[${bundledEvent(agent, milliseconds, (value) => value)}]`,
      back: back(milliseconds),
    },
    {
      name: `${agent[0]} of dialects C and D`,
      sent: `[${back(milliseconds)}]`,
      back: back(milliseconds),
    },
  ]
})

const ways = ['', '/api', '/logspace', '/logspace/api', '/'].flatMap((prefix) =>
  (['PUT', 'POST'] as const).map((method) => ({ method, path: `${prefix}/events` })),
)

const desk = new Desk()
after(() => desk.close())

async function upload(way: (typeof ways)[number], space: string, sent: string): Promise<void> {
  const { statusCode, body } = await desk.ask({
    ...way,
    key: `w:${space}`,
    body: Buffer.from(sent),
  })
  assert.deepEqual([statusCode, body], [202, ''], `${way.method} ${way.path}`)
}

for (const [subject, fixtures] of Object.entries({
  dialects,
  shapes,
  times,
  numbers,
  strings,
  agents,
})) {
  describe(`Logspace takes, and gives back as the last release writes it: ${subject}`, () => {
    for (const { name, sent, back } of fixtures) {
      it(name, async () => {
        for (const way of ways) {
          const space = desk.newSpace()
          await upload(way, space, sent)
          assert.deepEqual(eventTexts(await desk.read(space, '/events')), [back], way.path)
        }
      })
    }
  })
}

describe('Logspace takes', () => {
  it('1.9 as an integer', async () => {
    const space = desk.newSpace()
    await upload(ways[0]!, space, fractionInInteger)
    const [text] = eventTexts(await desk.read(space, '/events'))
    assert.match(text!, /"integer-properties":\{"i":\[1(?:\.9)?\]\}\}$/)
  })

  it('a negative zero, and keeps its sign', async () => {
    const space = desk.newSpace()
    await upload(ways[0]!, space, `[${event('"double-properties":{"d":-0.0}')}]`)
    const [text] = eventTexts(await desk.read(space, '/events'))
    assert.match(text!, /"double-properties":\{"d":\[-0(?:\.0)?\]\}\}$/)
  })

  it('no events at all', async () => {
    for (const way of ways) {
      const space = desk.newSpace()
      await upload(way, space, '[]')
      assert.deepEqual((await desk.retrieve(space)).events, [])
    }
  })

  it('the same property name too large in one map and fitting in another, without losing either', async () => {
    const space = desk.newSpace()
    const sent = '"integer-properties":{"n":3000000000},"long-properties":{"n":5}'
    await upload(ways[0]!, space, `[${event(sent)}]`)
    // Joined or repeated: HQ's reader joins what is repeated.
    const [found] = (await desk.retrieve(space)).events
    assert.deepEqual(
      found!['long-properties'],
      Object.assign(Object.create(null), { n: [3000000000, 5] }),
    )
  })

  it('one id twice in an upload, the last of them for good', async () => {
    const space = desk.newSpace()
    const one = event('"string-properties":{"s":["first"]}')
    const other = event('"string-properties":{"s":["second"]}')
    await upload(ways[0]!, space, `[${one},${other}]`)
    assert.deepEqual(eventTexts(await desk.read(space, '/events')), [other])
    await upload(ways[0]!, space, `[${one}]`)
    assert.deepEqual(eventTexts(await desk.read(space, '/events')), [one])
  })
})
