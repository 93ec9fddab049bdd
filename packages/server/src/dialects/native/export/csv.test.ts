import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { csvHeader, csvLine } from './csv.ts'
import type { StoredEvent } from '../../../core/event.ts'
import { decodeEvents } from '../decode.ts'
import { encodeEvent } from '../encode.ts'

/** The cells of the lines of a text, as RFC 4180 has them. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
  )) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

/** What a list shows; a cursor from elsewhere gives way to that of the export. */
function shownOf(event: StoredEvent): object {
  const { eventwellcursor: _, ...shown } = JSON.parse(encodeEvent(event)) as Record<string, unknown>
  return shown
}

/** The CloudEvent that a line stands for. */
function eventOf(line: string): object {
  const [names = [], cells = []] = parseCsv(csvHeader + line)
  assert.equal(cells.length, names.length)
  const all = names.map((name, index) => [name, cells[index]!] as const)
  const filled = all.filter(([, cell]) => cell !== '')
  const { data, extensions = '{}', cursor, ...rest } = Object.fromEntries(filled)
  assert.equal(cursor, 'the-cursor')
  return {
    specversion: '1.0',
    ...rest,
    ...(JSON.parse(extensions) as object),
    ...(data !== undefined && { data: JSON.parse(data) as unknown }),
  }
}

describe('An export as CSV', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((one) => one.isWellFormed())
  const nasty = fc.constantFrom('"', ',', '\r\n', '\n', ' x ', '=1+1', ';', 'ü,"\n')
  const value = fc.oneof(text, nasty)
  const event = fc.record(
    {
      id: value,
      type: value,
      subject: value,
      authid: value,
      organization: value,
      mine: fc.oneof(value, fc.boolean(), fc.integer({ min: -5, max: 5 })),
      sequence: value,
      dataschema: fc.constantFrom("https://example.com/a?b='c',d", 'urn:x:1'),
      eventwellcursor: value,
      data: fc.jsonValue(),
    },
    { requiredKeys: ['id', 'type'] },
  )

  it('says of an event all that a list says of it', () => {
    const property = fc.property(event, (some) => {
      const [decoded] = decodeEvents({ specversion: '1.0', source: '/s', ...some })
      const stored = { ...decoded!, position: 7, receivedAtMs: 1.7e12 }
      assert.deepEqual(eventOf(csvLine(stored, 'the-cursor')), shownOf(stored))
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('keeps a binary payload in a column of its own', () => {
    const [decoded] = decodeEvents({
      specversion: '1.0',
      source: '/s',
      id: '1',
      type: 't',
      data_base64: 'AAE=',
    })
    const line = csvLine({ ...decoded!, position: 7, receivedAtMs: 0 }, 'the-cursor')
    assert.equal(line, '0000000000000007,1970-01-01T00:00:00.000Z,,/s,1,t,,,,,AAE=,,the-cursor\r\n')
  })
})
