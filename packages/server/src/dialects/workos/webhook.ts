import type { FastifyRequest } from 'fastify'
import type { Settings } from '../../core/settings.ts'
import { bodyBytes } from '../shared/body.ts'
import { invalidSignature, requireSecrets, workspaceOf } from '../shared/webhook.ts'

/** How far a delivery's time may lie from ours, as the vendor's own SDKs take it (contract 5.1). */
const toleranceMs = 180_000

/** What the `WorkOS-Signature` header says. */
interface SignatureHeader {
  /** When the delivery was signed: milliseconds since 1970, as text, since it is signed, too. */
  readonly time: string
  readonly signatures: readonly string[]
}

/**
 * Refuses, before its body is read, a delivery that cannot be WorkOS's.
 * @throws EventwellError `invalid_signature`.
 */
export function checkDelivery(settings: Settings, request: FastifyRequest, nowMs: number): void {
  requireSecrets(settings, 'workos')
  const { time } = readHeader(request)
  if (Math.abs(Number(time) - nowMs) <= toleranceMs) return
  throw invalidSignature(
    `The delivery was signed at ${time} (ms since 1970), more than ${toleranceMs / 1000} seconds from ` +
      `the time here, ${nowMs}: it was sent before, or one of the two clocks is wrong.`,
  )
}

/**
 * The workspace for which a delivery is.
 * @throws EventwellError `invalid_signature`.
 */
export function workspaceOfDelivery(settings: Settings, request: FastifyRequest): string {
  const { time, signatures } = readHeader(request)
  const signature = { algorithm: 'sha256', prefix: `${time}.`, given: signatures } as const
  return workspaceOf(signature, bodyBytes(request), settings, 'workos')
}

/** `t=<unix milliseconds>, v1=<hex>`, with or without the blank; more than one `v1` while secrets change. */
function readHeader({ headers }: FastifyRequest): SignatureHeader {
  const pairs = [headers['workos-signature'] ?? []].flat().join(',').split(',')
  const valuesOf = (name: string) =>
    pairs.map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${name}=`))
  const [time] = valuesOf('t').map((pair) => pair.slice(2))
  const signatures = valuesOf('v1').map((pair) => pair.slice(3))
  if (time !== undefined && /^\d{1,15}$/.test(time) && signatures.length > 0) {
    return { time, signatures }
  }
  throw invalidSignature(
    'The header WorkOS-Signature must be like "t=<unix milliseconds>, v1=<hex>".',
  )
}
