import Type from 'typebox'

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
    time: Type.Optional(
      Type.String({ format: 'date-time', description: 'When it happened; returned as written.' }),
    ),
    datacontenttype: Type.Optional(Type.String()),
    dataschema: Type.Optional(Type.String()),
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
      Type.String({ description: "Its place in the workspace's order; added by the server." }),
    ),
    recordedtime: Type.Optional(
      Type.String({ description: 'When the server accepted it; added by the server.' }),
    ),
  },
  {
    additionalProperties: true,
    description: 'A CloudEvent 1.0. Other attributes are kept and returned.',
  },
)
