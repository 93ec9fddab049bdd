import type { StoredEvent } from '../../core/event.ts'
import type { Instant } from '../../core/time.ts'
import {
  charsOfFields,
  isNewer,
  lockIdOf,
  supplierOf,
  type Fields,
  type Supplier,
} from './supplier.ts'
import { lastingFields } from './target-fields.ts'

/** What is known of one target. */
export interface Target {
  /** The events that supply at least one slot, by their ids. */
  readonly suppliers: Map<string, Supplier>
  /** The supplier of each slot. */
  readonly holders: Map<string, Supplier>
}

/** The targets of a workspace, by their lock ids, as its events make them. */
export interface Targets {
  readonly byLockId: Map<string, Target>
  /** The lock id of the target that an event supplies, by the event's id. */
  readonly supplied: Map<string, string>
  /** The lock ids of targets to be derived anew: an event they rested on says so no longer. */
  readonly stale: Set<string>
  /** The characters of all that is held, about. */
  chars: number
  /** Whether targets were dropped for want of room; one that comes back is derived anew. */
  hasDropped: boolean
}

/** How much is held of a workspace. */
export interface TargetBounds {
  readonly targetsMax: number
  readonly charsMax: number
}

/** The targets of an empty log. */
export function noTargets(): Targets {
  return {
    byLockId: new Map(),
    supplied: new Map(),
    stale: new Set(),
    chars: 0,
    hasDropped: false,
  }
}

/** Takes an event in, or its new state. It may come again. */
export function takeEvent(targets: Targets, event: StoredEvent): void {
  const lockId = lockIdOf(event)
  const supplier = supplierOf(event)
  withdrawFormer(targets, lockId, supplier)
  if (lockId !== undefined) supply(targets, lockId, supplier)
}

/** Takes a supplier into a target: it gets the slots in which it is the newest. */
export function supply(targets: Targets, lockId: string, supplier: Supplier): void {
  const target = targets.byLockId.get(lockId) ?? addTarget(targets, lockId)
  const slots = new Map<string, Fields>()
  const winner: Supplier = { ...supplier, slots }
  for (const [slot, fields] of supplier.slots) {
    const holder = target.holders.get(slot)
    if (holder !== undefined && isNewer(holder, supplier)) continue
    if (holder !== undefined) takeSlot(targets, target, holder, slot)
    slots.set(slot, fields)
    target.holders.set(slot, winner)
    targets.chars += charsOfSlot(winner, fields)
  }
  if (slots.size === 0) return
  target.suppliers.set(winner.id, winner)
  targets.supplied.set(winner.id, lockId)
}

/** Forgets a target. */
export function removeTarget(targets: Targets, lockId: string): void {
  const target = targets.byLockId.get(lockId)
  for (const supplier of target?.suppliers.values() ?? []) release(targets, target!, supplier)
  targets.byLockId.delete(lockId)
  targets.stale.delete(lockId)
}

/**
 * Drops the targets whose last events are oldest when there are more than the bounds allow, times the
 * slack. The newest target stays in any case.
 */
export function dropOldest(targets: Targets, bounds: TargetBounds, slack: number): void {
  const isWithin = targets.byLockId.size <= bounds.targetsMax * slack
  if (isWithin && targets.chars <= bounds.charsMax * slack) return
  let chars = 0
  for (const [index, [lockId, target]] of newestFirst(targets).entries()) {
    chars += charsOfTarget(target)
    const fits = index < bounds.targetsMax && chars <= bounds.charsMax
    if (fits || index === 0) continue
    removeTarget(targets, lockId)
    targets.hasDropped = true
  }
}

/** The targets, each with the fields of its answer: last event newest first, then by id. */
export function listTargets(targets: Targets, after?: Instant): Fields[] {
  return newestFirst(targets)
    .filter(([, { holders }]) => {
      // A target is required to say what it generates, and not every event of one does.
      const isNamed = holders.has('generate_target')
      return isNamed && (after === undefined || holders.get('last')!.instant > after)
    })
    .map(([, target]) => fieldsOf(target))
}

function fieldsOf({ holders }: Target): Fields {
  const publish = holders.has('successful publish') ? 'successful publish' : 'publish'
  const slots = ['last', 'run', ...lastingFields, publish]
  return Object.assign({}, ...slots.map((slot) => holders.get(slot)?.slots.get(slot)))
}

function addTarget(targets: Targets, lockId: string): Target {
  const target: Target = { suppliers: new Map(), holders: new Map() }
  targets.byLockId.set(lockId, target)
  // It may be one that was dropped, and then the log knows more of it.
  if (targets.hasDropped) targets.stale.add(lockId)
  return target
}

/** Takes away what an event supplied in its former state; who is next in line only the log knows. */
function withdrawFormer(targets: Targets, lockId: string | undefined, now: Supplier): void {
  const formerLockId = targets.supplied.get(now.id)
  if (formerLockId === undefined) return
  const target = targets.byLockId.get(formerLockId)!
  const former = target.suppliers.get(now.id)!
  const givesAll = [...former.slots.keys()].every((slot) => now.slots.has(slot))
  const isAsGood = formerLockId === lockId && givesAll && now.instant >= former.instant
  if (!isAsGood) targets.stale.add(formerLockId)
  release(targets, target, former)
}

function release(targets: Targets, target: Target, supplier: Supplier): void {
  for (const slot of supplier.slots.keys()) takeSlot(targets, target, supplier, slot)
}

/** Takes a slot away from its holder, who is forgotten with the last one. */
function takeSlot(targets: Targets, target: Target, holder: Supplier, slot: string): void {
  const { id, slots } = holder
  targets.chars -= charsOfSlot(holder, slots.get(slot)!)
  target.holders.delete(slot)
  slots.delete(slot)
  if (slots.size > 0) return
  target.suppliers.delete(id)
  targets.supplied.delete(id)
}

function newestFirst({ byLockId }: Targets): [lockId: string, target: Target][] {
  return [...byLockId]
    .filter(([, { holders }]) => holders.has('last'))
    .toSorted(([oneId, one], [otherId, other]) => {
      const [at, otherAt] = [one.holders.get('last')!.instant, other.holders.get('last')!.instant]
      if (at !== otherAt) return at > otherAt ? -1 : 1
      return oneId < otherId ? -1 : 1
    })
}

function charsOfTarget({ holders }: Target): number {
  const chars = [...holders].map(([slot, holder]) => charsOfSlot(holder, holder.slots.get(slot)!))
  return chars.reduce((sum, some) => sum + some, 0)
}

function charsOfSlot({ id }: Supplier, fields: Fields): number {
  return id.length + charsOfFields(fields)
}
