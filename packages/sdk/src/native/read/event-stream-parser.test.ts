import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EventStreamParser, type StreamMessage } from './event-stream-parser.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** All messages of a text that comes in pieces of these lengths, the last of which is used for the rest. */
function parsed(text: string, lengths: readonly number[] = [Infinity]): StreamMessage[] {
  const parser = new EventStreamParser(1000)
  const bytes = bytesOf(text)
  const messages: StreamMessage[] = []
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const end = at + (lengths[piece] ?? lengths.at(-1)!)
    messages.push(...parser.push(bytes.slice(at, end)))
    at = end
  }
  return messages
}

const message = (data: string, id = '', name = ''): StreamMessage => ({ name, data, id })

const cases: readonly { name: string; text: string; want: readonly StreamMessage[] }[] = [
  { name: 'a message', text: 'data: a\n\n', want: [message('a')] },
  {
    name: 'ends of lines of all kinds',
    text: 'data:a\rdata:b\r\ndata:c\n\r\n',
    want: [message('a\nb\nc')],
  },
  {
    name: 'a return before a blank line',
    text: 'data:a\r\rdata:b\r\n\r\n',
    want: [message('a'), message('b')],
  },
  { name: 'a byte order mark', text: '\ufeffdata: a\n\n', want: [message('a')] },
  {
    name: 'a mark that is not at the beginning',
    text: 'data: \ufeffa\n\n',
    want: [message('\ufeffa')],
  },
  { name: 'one blank after the colon, and no more', text: 'data:  a\n\n', want: [message(' a')] },
  { name: 'a colon in the value', text: 'data: a:b\n\n', want: [message('a:b')] },
  {
    name: 'data without a colon',
    text: 'data\n\ndata\ndata\n\n',
    want: [message(''), message('\n')],
  },
  {
    name: 'no data, no message',
    text: 'event: x\nid: 1\n\ndata: a\n\n',
    want: [message('a', '1')],
  },
  {
    name: 'an id for all that follows',
    text: 'id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n',
    want: [message('a', '1'), message('b', '1'), message('c')],
  },
  {
    name: 'an id with a null is none',
    text: 'id: 1\nid: 2\0\ndata: a\n\n',
    want: [message('a', '1')],
  },
  {
    name: 'a name for one message',
    text: 'event: x\ndata: a\n\ndata: b\n\n',
    want: [message('a', '', 'x'), message('b')],
  },
  {
    name: 'comments and unknown fields',
    text: ': hello\nother: x\nDATA: y\n\ndata: a\n:\n\n',
    want: [message('a')],
  },
  { name: 'a message that is not whole', text: 'data: a\n\ndata: b\n', want: [message('a')] },
]

describe('EventStreamParser', () => {
  for (const { name, text, want } of cases) {
    it(`reads ${name}, whole and byte by byte`, () => {
      assert.deepEqual(parsed(text), want)
      assert.deepEqual(parsed(text, [1]), want)
    })
  }

  it('reads the same, however the bytes are cut', () => {
    const words = [
      'data',
      'id',
      'event',
      'retry',
      ':',
      ': ',
      ' ',
      'é',
      '😀',
      '\ufeff',
      'a',
      '7',
      '\0',
    ]
    const lines = ['\n', '\r', '\r\n', '\n\n', '\r\r', 'data: x\n', 'id: 1\r\n', 'data:y\r\r']
    const part = fc.constantFrom(...words, ...lines)
    const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
    fc.assert(
      fc.property(text, lengths, (text, lengths) => {
        assert.deepEqual(parsed(text, lengths), parsed(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes a piece of nothing for nothing', () => {
    const parser = new EventStreamParser(100)
    const pieces = ['data: a\r', '', '\ndata: b\n\n']
    assert.deepEqual(
      pieces.flatMap((piece) => Array.from(parser.push(bytesOf(piece)))),
      [message('a\nb')],
    )
  })

  it('knows how long to wait, in digits only', () => {
    const parser = new EventStreamParser(100)
    assert.deepEqual([...parser.push(bytesOf('retry: 20\nretry: -1\nretry: 1.5\nretry:\n\n'))], [])
    assert.equal(parser.retryMs, 20)
  })

  it('refuses a line or data beyond its bound, and takes what just fits', () => {
    const line = `data: ${'a'.repeat(94)}`
    const pushed = (parser: EventStreamParser, text: string) => [...parser.push(bytesOf(text))]
    assert.equal(pushed(new EventStreamParser(100), `${line}\n\n`).length, 1)
    assert.throws(() => pushed(new EventStreamParser(100), `${line}a`), RangeError)
    assert.throws(() => pushed(new EventStreamParser(100), `${line}a\n`), RangeError)
    const parser = new EventStreamParser(100)
    pushed(parser, line)
    assert.throws(() => pushed(parser, 'a'), RangeError)
    const many = new EventStreamParser(100)
    assert.throws(() => {
      for (let lines = 0; lines < 60; lines += 1) pushed(many, 'data: a\n')
    }, RangeError)
  })

  it('gives what came before a line that is too long', () => {
    const given = new EventStreamParser(100).push(bytesOf(`data: a\n\n${'b'.repeat(101)}`))
    assert.deepEqual(given.next().value, message('a'))
    assert.throws(() => given.next(), RangeError)
  })
})
