import { isHttpError } from '../http/errors/guards.ts'
import { membersOf } from '../http/members-of.ts'
import type { WorkOSError } from './error.ts'
import type { WebhookSignatureError } from './webhook-error.ts'

/** Whether WorkOS, or the server that stands in for it, refused. */
export function isWorkOSError(error: unknown): error is WorkOSError {
  return isHttpError(error) && error.name === 'WorkOSError'
}

/** Whether a webhook could not be shown to be WorkOS's; `reason` says why. */
export function isWebhookSignatureError(error: unknown): error is WebhookSignatureError {
  const { name, reason } = membersOf(error)
  return name === 'WebhookSignatureError' && typeof reason === 'string'
}
