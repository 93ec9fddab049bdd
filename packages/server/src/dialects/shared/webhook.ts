import { createHmac, timingSafeEqual } from 'node:crypto'
import Type from 'typebox'
import { EventwellError } from '../../core/errors.ts'
import type { NewEvent } from '../../core/event.ts'
import type { EventLog } from '../../core/log.ts'
import type { Settings } from '../../core/settings.ts'

const secretsMax = 10
const secretCharsMin = 8
const secretCharsMax = 1024

/** The setting that holds a workspace's webhook secrets; several while one takes over from another. */
export const webhookSecrets = Type.Optional(
  Type.Array(Type.String({ minLength: secretCharsMin, maxLength: secretCharsMax }), {
    maxItems: secretsMax,
  }),
)

/** How a vendor signs: the hash under HMAC, and what goes through it. */
export interface Signature {
  readonly algorithm: 'sha1' | 'sha256'
  /** What is signed before the body. */
  readonly prefix: string
  /** The signatures that a delivery carries, in hex; one of them must be right. */
  readonly given: readonly string[]
}

/**
 * The workspace for which a delivery is: the one whose secret it is signed with.
 * @throws EventwellError `invalid_signature`.
 */
export function workspaceOf(
  { algorithm, prefix, given }: Signature,
  body: Uint8Array,
  settings: Settings,
  dialect: string,
): string {
  for (const workspace of settings.workspaces) {
    for (const secret of secretsOf(settings, workspace, dialect)) {
      const right = createHmac(algorithm, secret).update(prefix).update(body).digest()
      if (given.some((text) => isSame(right, text))) return workspace
    }
  }
  throw invalidSignature('The signature does not fit any webhook secret that is set here.')
}

/** @throws EventwellError `invalid_signature` where no workspace has a secret for a dialect's webhooks. */
export function requireSecrets(settings: Settings, dialect: string): void {
  const { workspaces } = settings
  if (workspaces.some((workspace) => secretsOf(settings, workspace, dialect).length > 0)) return
  const where = `workspaces.<name>.${dialect}.webhookSecrets of the settings file`
  throw invalidSignature(`No webhook secret is set here; it belongs into ${where}.`)
}

/**
 * Keeps a delivered event; false when it differs from the one that is here under its id. That one stays: it
 * came before, by whatever way, and refusing would only have this one sent again.
 */
export async function keepDelivered(
  log: EventLog,
  workspace: string,
  event: NewEvent,
): Promise<boolean> {
  try {
    await log.append(workspace, [event], 'refuse')
    return true
  } catch (error) {
    if (error instanceof EventwellError && error.code === 'conflict') return false
    throw error
  }
}

/** A refusal of a delivery because of its signature. */
export function invalidSignature(message: string): EventwellError {
  return new EventwellError('invalid_signature', message)
}

function secretsOf(settings: Settings, workspace: string, dialect: string): readonly string[] {
  const own = settings.of(workspace, dialect) as { readonly webhookSecrets?: readonly string[] }
  return own.webhookSecrets ?? []
}

function isSame(right: Buffer, given: string): boolean {
  const bytes = /^[0-9a-f]*$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.alloc(0)
  return bytes.length === right.length && timingSafeEqual(bytes, right)
}
