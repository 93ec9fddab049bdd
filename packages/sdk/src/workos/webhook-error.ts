/**
 * Why a webhook is refused. `header`: there is none, or it is not of the form. `time`: it was signed too long
 * ago, or in the future. `signature`: it was not signed with this secret, or the body was changed.
 * `payload`: WorkOS signed it, and yet it is no event.
 */
export type WebhookRefusal = 'header' | 'time' | 'signature' | 'payload'

/** A webhook that cannot be taken for WorkOS's. Answer it with 400 or 401; WorkOS sends it again for a while. */
export class WebhookSignatureError extends Error {
  override name = 'WebhookSignatureError' as const
  /** Why, to decide by. */
  readonly reason: WebhookRefusal

  /** @param message What is wrong, with neither the secret nor the right signature in it. */
  constructor(reason: WebhookRefusal, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
