import Type, { type TSchema } from 'typebox'

/** The headers of answers that a reader of the documentation should know. */
export const answerHeaders = {
  'X-Request-Id': Type.String({ description: "The request's id, as the server's log has it." }),
  'WWW-Authenticate': Type.String({ description: 'Bearer: what a key is sent as.' }),
  'Retry-After': Type.Integer({
    description: 'When to come back, in seconds; there where it helps.',
  }),
  RateLimit: Type.String({ description: "What is left of the key's rates, if it has some." }),
  'RateLimit-Policy': Type.String({ description: "The key's rates, if it has some." }),
  'X-RateLimit-Limit': Type.Integer({ description: 'The requests that it may make in a minute.' }),
  'X-RateLimit-Remaining': Type.Integer({ description: 'How many of them are left.' }),
  'X-RateLimit-Reset': Type.Integer({ description: 'In how many seconds all are there again.' }),
  'Idempotency-Replayed': Type.Literal('true', {
    description: 'The answer is that to an earlier request with the same Idempotency-Key.',
  }),
  'Eventwell-Gap': Type.String({
    description: 'Retention overtook the cursor: the sequence up to which events may be missing.',
  }),
  'Content-Disposition': Type.String({ description: 'A name for the file.' }),
} as const satisfies Readonly<Record<string, TSchema>>

/** The name of one of them. */
export type AnswerHeader = keyof typeof answerHeaders
