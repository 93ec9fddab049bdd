import type { WorkOSEvent } from './event.ts'
import { isEventLike } from './list.ts'
import { WebhookSignatureError } from './webhook-error.ts'

const toleranceMsDefault = 180_000
const headerCharsMax = 4096

/** A delivery, and how it is checked. */
export interface WebhookDelivery {
  /** The request's body as it came, before anything parsed it: its very bytes are what is signed. */
  readonly payload: string | Uint8Array
  /** The request's header `WorkOS-Signature`, or what stands for its absence. */
  readonly header: string | null | undefined
  /** The endpoint's secret, from WorkOS's dashboard. While it is changed: the new one and the old one. */
  readonly secret: string | readonly string[]
  /** How far the time of signing may lie from now, either way, in milliseconds; `Infinity` for any. */
  readonly toleranceMs?: number | undefined
  /** The present, in milliseconds since 1970; the runtime's by default. */
  readonly nowMs?: number | undefined
}

/**
 * Checks that WorkOS signed a webhook, and gives its event. The signature is an HMAC-SHA256 of the time
 * and the raw body in the header `t=<unix milliseconds>, v1=<hex>` (contract 5.1), compared in constant time.
 * Deliveries may come twice and in any order; the event's id says which it is.
 *
 * @throws WebhookSignatureError when it is not shown to be WorkOS's, with the reason.
 * @throws TypeError or RangeError for arguments that cannot be right.
 *
 * @example
 * ```ts
 * const event = await verifyWebhook({
 *   payload: await request.text(),
 *   header: request.headers.get('workos-signature'),
 *   secret: 'whsec_…',
 * })
 * ```
 */
export async function verifyWebhook(delivery: WebhookDelivery): Promise<WorkOSEvent> {
  const { toleranceMs = toleranceMsDefault, nowMs = Date.now() } = delivery
  if (!(toleranceMs >= 0)) {
    throw new RangeError(`toleranceMs must be 0 or more; it is ${toleranceMs}.`)
  }
  const body = bytesOf(delivery.payload)
  const secrets = secretsOf(delivery.secret)
  const { time, signatures } = readHeader(delivery.header)
  checkTime(time, toleranceMs, nowMs)
  if (!(await isSigned(joined(`${time}.`, body), secrets, signatures))) {
    throw new WebhookSignatureError(
      'signature',
      'The webhook was not signed with this secret, or its body is not the one that was signed.',
    )
  }
  return readEvent(body)
}

function bytesOf(payload: unknown): Uint8Array {
  if (typeof payload === 'string') return new TextEncoder().encode(payload)
  // By its tag, since it may come from another realm.
  if (Object.prototype.toString.call(payload) === '[object Uint8Array]') {
    return payload as Uint8Array
  }
  throw new TypeError(
    'payload must be the raw body, a string or a Uint8Array: what is parsed cannot be checked.',
  )
}

function secretsOf(secret: string | readonly string[]): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const areSecrets = secrets.every((one) => typeof one === 'string' && one !== '')
  if (secrets.length > 0 && areSecrets) return secrets as readonly string[]
  throw new TypeError(
    "secret must be the endpoint's secret, or an array of secrets; none is empty.",
  )
}

interface SignatureHeader {
  /** Milliseconds since 1970, as text, since it is signed, too. */
  readonly time: string
  readonly signatures: readonly string[]
}

/** `t=…, v1=…`, with or without the blank, in any order; more than one `v1` while secrets change. */
function readHeader(header: string | null | undefined): SignatureHeader {
  const what = 'The header WorkOS-Signature'
  if (!header) throw new WebhookSignatureError('header', `${what} is missing.`)
  if (typeof header !== 'string' || header.length > headerCharsMax) {
    throw new WebhookSignatureError('header', `${what} is too long, or no text.`)
  }
  const parts = header.split(',').map((part) => part.trim())
  const valuesOf = (name: string) =>
    parts.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length))
  const [time = '', ...moreTimes] = valuesOf('t=')
  const signatures = valuesOf('v1=')
  if (/^\d{1,15}$/.test(time) && moreTimes.length === 0 && signatures[0]) {
    return { time, signatures }
  }
  throw new WebhookSignatureError(
    'header',
    `${what} must be like "t=<unix milliseconds>, v1=<hex>".`,
  )
}

function checkTime(time: string, toleranceMs: number, nowMs: number): void {
  const aheadMs = Number(time) - nowMs
  if (Math.abs(aheadMs) <= toleranceMs) return
  const where = aheadMs < 0 ? 'before' : 'after'
  throw new WebhookSignatureError(
    'time',
    `The webhook was signed ${Math.abs(aheadMs)} ms ${where} now, and ${toleranceMs} ms are allowed: ` +
      'it is an old one sent again, or one of the two clocks is wrong.',
  )
}

async function isSigned(
  message: Uint8Array<ArrayBuffer>,
  secrets: readonly string[],
  signatures: readonly string[],
): Promise<boolean> {
  const given = signatures.map(bytesOfHex).filter((bytes) => bytes !== undefined)
  for (const secret of secrets) {
    const key = await hmacKey(secret)
    for (const signature of given) {
      // Compares in constant time.
      if (await subtle().verify('HMAC', key, signature, message)) return true
    }
  }
  return false
}

function hmacKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return subtle().importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify'])
}

/** Only the runtime's own cryptography is used, which pages have only where they came over TLS. */
function subtle(): SubtleCrypto {
  const found = (globalThis as { crypto?: Crypto }).crypto?.subtle
  if (found !== undefined) return found
  throw new TypeError('This runtime has no crypto.subtle here; a page has it only over https.')
}

/** WorkOS writes lower case, and its own clients take nothing else. */
function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined
  return Uint8Array.from({ length: 32 }, (_, n) => Number.parseInt(hex.slice(n * 2, n * 2 + 2), 16))
}

function joined(start: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(start)
  const message = new Uint8Array(prefix.length + body.length)
  message.set(prefix)
  message.set(body, prefix.length)
  return message
}

function readEvent(body: Uint8Array): WorkOSEvent {
  let event: unknown
  try {
    event = JSON.parse(new TextDecoder().decode(body))
  } catch (cause) {
    throw new WebhookSignatureError('payload', 'The signed body is not JSON.', { cause })
  }
  if (isEventLike(event)) return event
  throw new WebhookSignatureError('payload', 'The signed body is no event with an id and a name.')
}
