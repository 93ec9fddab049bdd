import type { TObject, TProperties, TSchema } from 'typebox'
import type { Scope } from '../../core/access.ts'
import type { ErrorCode } from '../../core/errors.ts'
import type { Operation } from '../shared/routes.ts'
import type { AnswerHeader } from './documentation/answer-headers.ts'
import type { FreeParameters } from './parameters.ts'

/** What a request or an answer carries, by its media type. */
export type Contents = Readonly<Record<string, TSchema>>

/** A request that shows how an operation is used; a test sends it. */
export interface Example {
  /** Path and query below the prefix: `/events?type=order.*`. */
  readonly target: string
  /** Headers besides the key's. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** An operation of our own API with all that its documentation says of it; see `openapi.ts`. */
export interface NativeOperation extends Operation {
  /** The part of the API that it belongs to. */
  readonly tag?: string
  /** What it does, in a sentence or a few. */
  readonly summary: string
  /** What a key must allow; undefined where no key is asked for. */
  readonly scope?: Scope | undefined
  /** What it takes in its query: the parameters that also validate it. */
  readonly parameters?: { readonly schema: TObject; readonly free: readonly FreeParameters[] }
  /** The parameters in its path, each with its description. */
  readonly pathParameters?: TProperties
  /** The headers that it looks at, besides the key's. */
  readonly headers?: TProperties
  readonly body?: Contents
  /** What it answers by status; refusals go without saying. */
  readonly answers: Readonly<
    Record<
      number,
      {
        readonly description: string
        readonly content?: Contents
        /** Headers beyond those that all answers of its kind have. */
        readonly headers?: readonly AnswerHeader[]
      }
    >
  >
  /** Why it refuses, beyond what its other members tell; see `refusalsOf`. */
  readonly refusals?: readonly ErrorCode[]
  readonly example?: Example
}
