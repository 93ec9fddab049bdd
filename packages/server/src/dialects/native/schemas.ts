import Type, { type TSchema } from 'typebox'

/** For objects that have no other members than those named. */
export const closed = { additionalProperties: false } as const

/** A point in time, as it is taken and given. */
export function moment(description: string) {
  return Type.String({ format: 'date-time', description })
}

/** A text, or null where there is none. */
export function orNull(schema: Type.TString) {
  return Type.Union([schema, Type.Null()])
}

/** A CloudEvent in JSON, as it is taken and given. */
export const cloudEventSchema = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String({
      minLength: 1,
      maxLength: 512,
      description: "The source's own name for the event; source + id is its identity.",
    }),
    source: Type.String({ minLength: 1, description: 'Who says it: a URI reference.' }),
    type: Type.String({ minLength: 1, description: 'What kind of event.' }),
    subject: Type.Optional(Type.String({ description: 'What it is about.' })),
    time: Type.Optional(moment('When it happened; returned as written.')),
    datacontenttype: Type.Optional(Type.String()),
    dataschema: Type.Optional(
      Type.String({ format: 'uri', description: 'The schema of the data: an absolute URI.' }),
    ),
    data: Type.Optional(Type.Unknown({ description: 'The payload, any JSON.' })),
    data_base64: Type.Optional(
      Type.String({ description: 'A binary payload in base64, instead of data.' }),
    ),
    authid: Type.Optional(Type.String({ description: 'Who did it.' })),
    organization: Type.Optional(Type.String({ description: 'Whose it is.' })),
    traceparent: Type.Optional(
      Type.String({ description: 'The trace that brought it (W3C Trace Context).' }),
    ),
    tracestate: Type.Optional(Type.String()),
    sequence: Type.Optional(
      Type.String({
        description:
          "Its place in the workspace's order; added by the server, unless it brought one. Not part of what " +
          'it says, nor is recordedtime.',
      }),
    ),
    recordedtime: Type.Optional(
      Type.String({
        description: 'When the server accepted it; added by the server, unless it brought one.',
      }),
    ),
  },
  {
    title: 'CloudEvent',
    additionalProperties: true,
    description: 'A CloudEvent 1.0. Other attributes are kept and returned.',
  },
)

/** A CloudEvent of which a reader may have chosen some attributes. */
export const shownEventSchema = Type.Partial(cloudEventSchema, {
  title: 'ShownEvent',
  additionalProperties: true,
  description: 'A CloudEvent 1.0; with `fields`, only the attributes that are wanted.',
})

const cursor = Type.String({ description: 'Where to go on from, as `after`. Good for ever.' })

/** The answer to a list. */
export const eventPageSchema = Type.Object(
  {
    events: Type.Array(shownEventSchema),
    cursor,
    more: Type.Boolean({ description: 'Whether it is worth asking again at once.' }),
    complete: Type.Optional(
      Type.Literal(false, {
        description:
          'Looking for events took too long and was broken off with none found so far; go on from the ' +
          'cursor. Absent otherwise.',
      }),
    ),
    gap: Type.Optional(
      Type.Object(
        {
          through: Type.String({ description: 'The sequence up to which events may be missing.' }),
        },
        {
          description:
            'Retention has removed events behind the cursor that was given, before they were read.',
        },
      ),
    ),
  },
  { title: 'EventPage', description: 'Events, and the cursor that stands behind them.' },
)

const start = moment('When the stretch of time begins; it ends where the next would begin.')
const count = Type.Integer({ minimum: 0, description: 'How many events.' })
const valueCountSchema = Type.Object(
  { value: Type.String({ description: "The facet's value." }), count },
  { title: 'ValueCount' },
)

/** What all summaries say of how far they looked. */
const summarized = {
  cursor: Type.String({
    description: 'Asked with it as `after`, only events behind those looked at are counted.',
  }),
  complete: Type.Boolean({
    description:
      'Whether all events were looked at. If not, the time was over: ask again with `after` for the rest, ' +
      'and add up.',
  }),
}

/** The answer to a histogram. */
export const histogramSchema = Type.Object(
  {
    interval: Type.String(),
    buckets: Type.Array(
      Type.Object({
        start,
        count,
        groups: Type.Optional(
          Type.Array(valueCountSchema, { description: 'With `by`: the largest first.' }),
        ),
      }),
      { description: 'The stretches that have an event, in order of time.' },
    ),
    total: count,
    ...summarized,
  },
  { title: 'Histogram' },
)

const measured = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

/** The answer to an aggregate. */
export const aggregateSchema = Type.Object(
  {
    rows: Type.Array(
      Type.Object({
        start: Type.Optional(start),
        group: Type.Optional(Type.String({ description: "With `by`: the facet's value." })),
        count,
        measured: Type.Integer({ minimum: 0, description: 'How many numbers were measured.' }),
        sum: measured('Their sum; null when there are none, as all below.'),
        avg: measured('Their mean.'),
        min: measured('The smallest.'),
        max: measured('The largest.'),
        percentiles: Type.Optional(
          Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]), {
            description: 'By the percentiles asked for: the value, to within one percent.',
          }),
        ),
      }),
      { description: 'In order of time, then the most events first.' },
    ),
    ...summarized,
  },
  { title: 'Aggregate' },
)

/** The answer to a question for a facet's values. */
export const facetValuesSchema = Type.Object(
  {
    name: Type.String(),
    values: Type.Array(valueCountSchema, { description: 'The most frequent first.' }),
    truncated: Type.Boolean({ description: 'Whether values were left off, by `limit`.' }),
    ...summarized,
  },
  { title: 'FacetValues' },
)

/** A refusal. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'Where the code is explained: a URI reference.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong here, and what to do.' }),
    code: Type.String({ description: 'Stable; the text may improve.' }),
    instance: Type.Optional(Type.String({ description: 'The request, as the log names it.' })),
    parameter: Type.Optional(
      Type.String({ description: 'The parameter, the header or the member of the body at fault.' }),
    ),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          index: Type.Optional(
            Type.Integer({ description: 'The event, from 0; absent where the body is one event.' }),
          ),
          pointer: Type.Optional(Type.String({ description: 'A JSON pointer into the body.' })),
          detail: Type.String(),
        }),
        { description: 'The faults one by one, where they belong to events of the request.' },
      ),
    ),
  },
  { title: 'Problem', description: 'A refusal: RFC 9457 problem details.' },
)

/** The contents of an answer in JSON. */
export function jsonOf(schema: TSchema): { 'application/json': TSchema } {
  return { 'application/json': schema }
}
