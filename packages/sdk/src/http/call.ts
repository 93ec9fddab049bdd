import { checkNames } from './known-names.ts'
import { callOptions } from './options.ts'

/**
 * Checks the options of a call before any is taken out of them: a bound or a signal that was not found
 * would be missed.
 * @param names All that the call may have.
 * @throws TypeError for what is no plain object, for another name, and for a signal that is none. It is
 * known by what it can do, since it may come from another realm.
 */
export function checkCall(call: unknown, names: object = callOptions): void {
  checkNames('The options of a call', call, names)
  const { signal } = call as { readonly signal?: unknown }
  if (signal === undefined) return
  const { aborted, addEventListener } = Object(signal) as Partial<Record<string, unknown>>
  if (typeof aborted === 'boolean' && typeof addEventListener === 'function') return
  throw new TypeError('signal must be an AbortSignal; of a controller, that is its signal.')
}
