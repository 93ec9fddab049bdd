import { setTimeout as pause } from 'node:timers/promises'
import type { Selection } from '../query.ts'
import {
  everyType,
  horizonMs,
  mightChoose,
  removalOf,
  rulesOf,
  type Retention,
  type RetentionRule,
} from './retention.ts'
import type { EventStore } from '../store.ts'
import type { Turns } from '../turns.ts'

/** What a rule of retention has done so far. */
export interface SweptRule {
  readonly pattern: string
  /** After how many days events go; undefined when the rule is no more. */
  days?: number | undefined
  /** How many events it has removed. */
  events: number
  /** The highest position at which it removed one; 0 when it never did. */
  last: number
  /** The last position that it has looked at. Events are received in order, so none needs a second look. */
  swept: number
  /** Set while a sweep is under way: it removes nothing beyond this position. */
  to?: number | undefined
  /** It never removed an event that was received at this time or later, in ms since 1970. */
  untilMs: number
  /** When it last looked, in ms since 1970. */
  sweptAtMs: number
  /** What its last sweep left to rules of their own, and what all of its sweeps did. */
  except: readonly string[]
  spared: readonly string[]
}

/** A sweep of one rule: of what was received before this time, which stands up to this position. */
interface Sweep {
  readonly rule: RetentionRule
  readonly entry: SweptRule
  readonly untilMs: number
  readonly to: number
}

const noteName = 'retention'
// What rules did that are no more is remembered of so many; of those before, by the rule for all types.
const formerRulesMax = 200

/** Removes the events whose time is over, and knows what was removed. */
export class Expiry {
  readonly #store: EventStore
  readonly #turns: Turns
  readonly #swept = new Map<string, Promise<SweptRule[]>>()

  constructor(store: EventStore, turns: Turns) {
    this.#store = store
    this.#turns = turns
  }

  /**
   * Removes the events of a workspace that are over by its rules, in parts between which others have their
   * turn, until the signal is aborted. What fails half way is gone on with the next time.
   */
  async expire(
    workspace: string,
    retention: Retention,
    nowMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const rules = rulesOf(retention)
    const swept = await this.#known(workspace)
    if (rules.length === 0 && swept.every(({ days }) => days === undefined)) return
    await this.#turns.take(`expire ${workspace}`, async () => {
      const isChanged = adopt(swept, rules)
      const due: Sweep[] = []
      for (const rule of rules) {
        const entry = swept.find(({ pattern }) => pattern === rule.pattern)!
        const to = await this.#endOf(workspace, rule, entry, nowMs)
        if (to !== undefined) due.push({ entry, to, rule, untilMs: horizonMs(rule, nowMs) })
      }
      if (due.length === 0 && !isChanged) return
      await this.#begin(workspace, swept, due)
      for (const sweep of due) await this.#sweep(workspace, sweep, nowMs, signal)
      if (due.length > 0) await this.#note(workspace, swept)
    })
  }

  /**
   * The highest position beyond this one at which an event was removed that the selection might have
   * chosen; undefined when there is none. While a sweep is under way, it is the position up to which
   * that will go.
   */
  async overtaken(
    workspace: string,
    selection: Selection,
    position: number,
  ): Promise<number | undefined> {
    const swept = await this.#known(workspace)
    const last = swept
      .filter(({ pattern, spared, untilMs }) => mightChoose(selection, pattern, spared, untilMs))
      .map((entry) => Math.max(entry.last, entry.to ?? 0))
    const highest = Math.max(0, ...last)
    return highest > position ? highest : undefined
  }

  /** What each rule has done so far, those that are no more among them. */
  async swept(workspace: string): Promise<readonly Readonly<SweptRule>[]> {
    return this.#known(workspace)
  }

  /** The last position that is over now, when that is beyond the last sweep or that one broke off. */
  async #endOf(
    workspace: string,
    rule: RetentionRule,
    entry: SweptRule,
    nowMs: number,
  ): Promise<number | undefined> {
    const to = (await this.#store.firstSince(workspace, horizonMs(rule, nowMs))) - 1
    if (to > entry.swept || entry.to !== undefined) return Math.max(to, entry.swept)
    entry.sweptAtMs = nowMs
    return undefined
  }

  /**
   * Notes how far sweeps will go before anything goes: a reader is told even if the power fails in between.
   */
  async #begin(
    workspace: string,
    swept: readonly SweptRule[],
    sweeps: readonly Sweep[],
  ): Promise<void> {
    const before = sweeps.map(({ entry }) => ({ ...entry, to: entry.to }))
    for (const { entry, to, untilMs } of sweeps) {
      // One that broke off may have removed what it could not count.
      entry.last = Math.max(entry.last, entry.to ?? 0)
      entry.to = to
      entry.untilMs = Math.max(entry.untilMs, untilMs)
    }
    try {
      await this.#note(workspace, swept)
    } catch (error) {
      sweeps.forEach(({ entry }, index) => Object.assign(entry, before[index]))
      throw error
    }
  }

  async #sweep(
    workspace: string,
    { rule, entry, to, untilMs }: Sweep,
    nowMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const removal = removalOf(rule, untilMs)
    while (entry.swept < to) {
      if (signal?.aborted === true) break
      const beganMs = performance.now()
      const part = await this.#turns.take(workspace, () =>
        this.#store.remove(workspace, removal, 'expired', entry.swept),
      )
      entry.events += part.events
      entry.last = Math.max(entry.last, part.last)
      entry.swept = Math.min(part.next ?? to, to)
      // Nobody waits for this, and appends wait for each part: they get as much time as it took.
      if (entry.swept < to) await pause(performance.now() - beganMs)
    }
    entry.to = undefined
    entry.sweptAtMs = nowMs
  }

  #known(workspace: string): Promise<SweptRule[]> {
    let known = this.#swept.get(workspace)
    if (known === undefined) {
      known = this.#store
        .note(workspace, noteName)
        .then((text) => (text === undefined ? [] : (JSON.parse(text) as SweptRule[])))
      this.#swept.set(workspace, known)
      known.catch(() => this.#swept.delete(workspace))
    }
    return known
  }

  async #note(workspace: string, swept: readonly SweptRule[]): Promise<void> {
    await this.#store.putNote(workspace, noteName, JSON.stringify(swept))
  }
}

/** Has the entries say what the rules say now; returns whether that is another thing than before. */
function adopt(swept: SweptRule[], rules: readonly RetentionRule[]): boolean {
  const before = JSON.stringify(swept)
  for (const entry of swept) entry.days = undefined
  for (const { pattern, days, except } of rules) {
    const entry = entryOf(swept, pattern, except)
    entry.days = days
    // What was left to another rule and is not any more lies among what was looked at.
    if (entry.except.some((other) => !except.includes(other))) entry.swept = 0
    entry.spared = entry.spared.filter((other) => except.includes(other))
    entry.except = except
  }
  for (const former of formerOf(swept).slice(0, -formerRulesMax)) fold(swept, former)
  return JSON.stringify(swept) !== before
}

function formerOf(swept: readonly SweptRule[]): SweptRule[] {
  return swept.filter(({ days, pattern }) => days === undefined && pattern !== everyType)
}

function entryOf(swept: SweptRule[], pattern: string, except: readonly string[]): SweptRule {
  const known = swept.find((entry) => entry.pattern === pattern)
  if (known !== undefined) return known
  const entry = { events: 0, last: 0, swept: 0, untilMs: 0, sweptAtMs: 0, except, spared: except }
  const added: SweptRule = { pattern, ...entry }
  swept.push(added)
  return added
}

/** Lets the rule for all types remember what another did. */
function fold(swept: SweptRule[], former: SweptRule): void {
  const all = entryOf(swept, everyType, [])
  all.events += former.events
  all.last = Math.max(all.last, former.last, former.to ?? 0)
  all.untilMs = Math.max(all.untilMs, former.untilMs)
  all.spared = []
  swept.splice(swept.indexOf(former), 1)
}
