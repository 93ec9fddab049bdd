import Type, { type Static } from 'typebox'
import { leaseSecondsMax, type Consumer, type Lease } from '../../../core/consumers.ts'
import { encodeCursor } from '../../../core/cursor.ts'
import type { EventLog } from '../../../core/log.ts'
import { formatMs } from '../../../core/time.ts'
import { sequenceOf } from '../encode.ts'
import { ObjectBody } from '../object-body.ts'
import { closed, moment, orNull } from '../schemas.ts'

const tokenCharsMax = 64
const holderCharsMax = 128
const cursorCharsMax = 256

const cursor = orNull(
  Type.String({ description: 'What lies up to here is done with; null when none was committed.' }),
)

/** A consumer, as it is shown. */
export const consumerSchema = Type.Object(
  {
    name: Type.String(),
    cursor,
    sequence: orNull(Type.String({ description: 'The place at which the cursor stands.' })),
    committedAt: orNull(moment('When it was committed.')),
    lag: Type.Integer({
      minimum: 0,
      description: 'How many events lie beyond the cursor, at most: places that were given out.',
    }),
    lease: Type.Optional(
      Type.Object(
        {
          holder: Type.Optional(Type.String({ description: "In the holder's own words." })),
          expiresAt: moment('When it is over.'),
        },
        { description: 'The lease, while it is good.' },
      ),
    ),
  },
  { title: 'Consumer', description: 'A reader whose cursor is kept here.' },
)

/** All consumers of a workspace, as they are shown. */
export const consumerListSchema = Type.Object(
  { consumers: Type.Array(consumerSchema) },
  { title: 'ConsumerList' },
)

/** A lease, as it is given out. */
export const leaseSchema = Type.Object(
  {
    lease: Type.String({ description: 'Its token: send it with every commit.' }),
    expiresAt: moment('When it is over; renew it before.'),
    cursor,
  },
  { title: 'Lease' },
)

/** What a commit is asked with. */
export const commitBody = new ObjectBody(
  Type.Object(
    {
      cursor: Type.String({
        maxLength: cursorCharsMax,
        description: 'A cursor of a list, a tail or an export: what lies up to it is done with.',
      }),
      lease: Type.Optional(
        Type.String({ maxLength: tokenCharsMax, description: 'The lease that is held.' }),
      ),
      rewind: Type.Optional(
        Type.Boolean({ description: 'Whether to go back, too: what lies between is read again.' }),
      ),
    },
    { ...closed, title: 'Commit' },
  ),
  'an object like {"cursor": "…"}, with "lease" and "rewind": true where they are needed',
)

/** What a lease is asked with. */
export const leaseBody = new ObjectBody(
  Type.Object(
    {
      seconds: Type.Integer({
        minimum: 1,
        maximum: leaseSecondsMax,
        description: 'For how long.',
      }),
      lease: Type.Optional(
        Type.String({ maxLength: tokenCharsMax, description: 'The lease that is renewed.' }),
      ),
      holder: Type.Optional(
        Type.String({ maxLength: holderCharsMax, description: 'Who asks; others are shown it.' }),
      ),
    },
    { ...closed, title: 'LeaseRequest' },
  ),
  `an object like {"seconds": 30}, 1 to ${leaseSecondsMax}, with "lease" to renew one`,
)

/** How the consumers of a workspace are shown at this moment. */
export async function consumerShower(
  log: EventLog,
  workspace: string,
): Promise<(consumer: Consumer) => Static<typeof consumerSchema>> {
  const { tag, head } = await log.state(workspace)
  return ({ name, position, committedAtMs, lease }) => ({
    name,
    cursor: position === undefined ? null : encodeCursor(tag, { position }),
    sequence: position === undefined ? null : sequenceOf(position),
    committedAt: committedAtMs === undefined ? null : formatMs(committedAtMs),
    lag: Math.max(head - (position ?? 0), 0),
    ...(lease !== undefined && {
      lease: {
        ...(lease.holder !== undefined && { holder: lease.holder }),
        expiresAt: formatMs(lease.expiresAtMs),
      },
    }),
  })
}

/** A lease as it is shown to the one who has it. */
export async function showLease(
  log: EventLog,
  workspace: string,
  { position, lease }: Pick<Consumer, 'position'> & { readonly lease: Lease },
): Promise<Static<typeof leaseSchema>> {
  return {
    lease: lease.token,
    expiresAt: formatMs(lease.expiresAtMs),
    cursor: position === undefined ? null : await log.cursorAt(workspace, position),
  }
}
