import Type from 'typebox'
import { Parameters } from '../parameters.ts'
import { cloudEventSchema } from '../schemas.ts'

/** What `POST /eventwell/events` takes in its query. */
export const ingestParameters = new Parameters({
  mode: Type.Optional(
    Type.Enum(['all', 'each'], {
      description:
        'all (the default, but for NDJSON): the events are kept if every one can be taken, else none. ' +
        'each (the default for NDJSON): what can be taken is kept, and of the rest the answer says why not.',
    }),
  ),
})

/** The headers that it looks at. */
export const ingestHeaders = {
  'Idempotency-Key': Type.Optional(
    Type.String({
      maxLength: 257,
      description:
        '1 to 255 printable ASCII characters in double quotes. For 24 hours, a request with the same key ' +
        'and the same content is answered as the first one was, and nothing is appended again.',
    }),
  ),
  'Content-Encoding': Type.Optional(
    Type.Enum(['gzip', 'zstd', 'identity'], { description: 'How the body is compressed.' }),
  ),
  'ce-specversion': Type.Optional(
    Type.Literal('1.0', {
      description:
        'Binary mode of CloudEvents: each attribute is a header ce-<name> (percent-encoded), and the body is ' +
        'the data.',
    }),
  ),
  traceparent: Type.Optional(
    Type.String({
      description:
        'W3C Trace Context: becomes an attribute of each event that has none of its own.',
    }),
  ),
  tracestate: Type.Optional(Type.String({ description: 'Goes with traceparent.' })),
}

const batch = Type.Array(cloudEventSchema)

/** What it takes, by media type. Any other type is read as JSON, or in binary mode as the data. */
export const ingestBody = {
  'application/cloudevents+json': cloudEventSchema,
  'application/cloudevents-batch+json': batch,
  'application/json': Type.Union([cloudEventSchema, batch]),
  'application/x-ndjson': Type.String({
    description: 'A CloudEvent a line, any number of lines. Blank lines are skipped.',
  }),
  '*/*': Type.Unknown({ description: 'The data of a CloudEvent in binary mode.' }),
}

const id = Type.String()
const source = Type.String()
const sequence = Type.String({
  description:
    'Its place in the order, of 16 digits; at a conflict, that of the event that is here.',
})
const index = Type.Integer({
  minimum: 0,
  description:
    'Its place in the request, from 0; of a stream, its line. Absent where the body is one event.',
})
const pointer = Type.String({
  description: 'A JSON pointer to the fault, into the body; of lines, as if they were an array.',
})
const reason = Type.String({ description: 'What is wrong, and what to do.' })

const receiptSchema = Type.Object(
  {
    id,
    source,
    outcome: Type.Enum(['created', 'exists', 'conflict'], {
      description:
        'created: it is new. exists: the same event was here already. conflict: another content is here ' +
        'under its source and id, and stays.',
    }),
    sequence,
  },
  { title: 'EventReceipt' },
)

const rejectionSchema = Type.Object(
  {
    index: Type.Optional(index),
    id: Type.Optional(id),
    source: Type.Optional(source),
    outcome: Type.Literal('rejected'),
    pointer: Type.Optional(pointer),
    parameter: Type.Optional(Type.String({ description: 'In binary mode: the header at fault.' })),
    reason,
  },
  { title: 'EventRejection', description: 'An event that was not taken.' },
)

const eachSchema = Type.Object(
  { events: Type.Array(Type.Union([receiptSchema, rejectionSchema])) },
  { title: 'EachAnswer', description: 'What became of each event, in the order sent.' },
)

const count = Type.Integer({ minimum: 0 })

const streamSchema = Type.Object(
  {
    created: count,
    exists: count,
    conflict: count,
    rejected: count,
    faults: Type.Array(
      Type.Object(
        {
          index,
          id: Type.Optional(id),
          source: Type.Optional(source),
          outcome: Type.Enum(['conflict', 'rejected']),
          sequence: Type.Optional(sequence),
          pointer,
          reason,
        },
        { title: 'EventFault' },
      ),
      { description: 'The first thousand of those in conflict or rejected.' },
    ),
    moreFaults: Type.Optional(Type.Literal(true, { description: 'There are more of them.' })),
  },
  { title: 'StreamAnswer', description: 'What became of a stream, by outcome.' },
)

const outcomes = { 'application/json': Type.Union([eachSchema, streamSchema]) }

/** What it answers. */
export const ingestAnswers = {
  200: {
    description: 'All are kept, durably, in their order; of a stream, how many.',
    content: outcomes,
    headers: ['Idempotency-Replayed'],
  },
  207: {
    description: 'With mode=each: some are kept, some are not.',
    content: outcomes,
    headers: ['Idempotency-Replayed'],
  },
} as const
