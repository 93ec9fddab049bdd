import type { Answer, CrashingServer } from './crashing-server.ts'
import { bearer, type Door, type JsonObject } from './doors.ts'
import { nativeList } from './follower.ts'
import type { Ledger, Sent } from './ledger.ts'
import type { Random } from './random.ts'

const batchEventsMax = 50
const paddingCharsMax = 1000
const rememberedMax = 20

/** What a writer is given to work with. */
export interface WriterOptions {
  /** Told apart from the other writers of the same door; those of other doors use the same ids. */
  readonly name: string
  readonly door: Door
  readonly server: CrashingServer
  readonly ledger: Ledger
  readonly random: Random
}

/**
 * A client that delivers at least once: a request whose answer did not come is sent again as it was,
 * until it is answered.
 */
export class Writer {
  readonly #options: WriterOptions
  /** Some acknowledged batches, of states that still stand. */
  readonly #remembered: (readonly Sent[])[] = []
  #count = 0

  constructor(options: WriterOptions) {
    this.#options = options
  }

  /** Writes until it is told to end; then everything it sent has been answered. */
  async run(end: { readonly isAsked: boolean }): Promise<void> {
    await this.#writeNew()
    while (!end.isAsked) await this.#doSomething()
  }

  async #doSomething(): Promise<void> {
    const isReplacing = this.#options.door.onChange === 'replace'
    switch (this.#options.random.below(10)) {
      case 0:
        return this.#sendInvalid()
      case 1:
        return this.#repeat()
      case 2:
      case 3:
        return isReplacing ? this.#beginAndComplete() : this.#sendConflict()
      default:
        return this.#writeNew()
    }
  }

  async #writeNew(): Promise<void> {
    const batch = this.#newBatch('whole')
    await this.#write(batch)
    this.#remember(batch)
  }

  /** Sends events unfinished, and then some of them again, finished, among others. */
  async #beginAndComplete(): Promise<void> {
    const { random } = this.#options
    const begun = this.#newBatch('begun')
    await this.#write(begun)
    const completed = begun
      .filter(() => random.below(4) > 0)
      .map(({ event }) => this.#state(event['id'] as string, 'completed'))
    const batch = [...completed, ...this.#newBatch('whole')]
    await this.#write(batch)
    this.#remember(batch)
  }

  /** Sends a batch again that was acknowledged, maybe long ago: nothing may come of it. */
  async #repeat(): Promise<void> {
    await this.#write(this.#options.random.pick(this.#remembered)!)
  }

  /** One bad event in a good batch: none of them may ever appear. */
  async #sendInvalid(): Promise<void> {
    const batch = this.#newBatch('invalid')
    const { random, door } = this.#options
    const bad = random.below(batch.length)
    const events = batch.map(({ event }) => event)
    const { [door.requiredField]: _left, ...rest } = events[bad]!
    events[bad] = rest
    await this.#sendRefused(batch, events, 400)
  }

  /** A kept event with other content in a batch of new ones: all stays as it was. */
  async #sendConflict(): Promise<void> {
    const { random } = this.#options
    const kept = random.pick(random.pick(this.#remembered)!)!
    const changed = this.#state(kept.event['id'] as string, `changed-${++this.#count}`)
    const batch = this.#newBatch('beside-a-conflict')
    batch.splice(random.below(batch.length + 1), 0, changed)
    const events = batch.map(({ event }) => event)
    await this.#sendRefused(batch, events, 409)
  }

  async #write(batch: readonly Sent[]): Promise<void> {
    const { door, ledger, random } = this.#options
    for (const sent of batch) ledger.note(sent, door.data(sent.event), false)
    const events = batch.map(({ event }) => event)
    await this.#deliver(events, door.yes)
    ledger.acknowledge(batch)
    if (random.below(3) === 0) await this.#look(random.pick(batch)!)
  }

  /** The next read sees what was acknowledged, even if the server was killed in between. */
  async #look({ event, mark }: Sent): Promise<void> {
    const { door, server } = this.#options
    const query = new URLSearchParams({ [door.idFacet]: event['id'] as string })
    const path = `${nativeList.path}?${query}`
    let answer: Answer | undefined
    while (answer === undefined) answer = await server.ask(path, { headers: bearer })
    const { status, text } = answer
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`)
    const { sightings } = nativeList.read(answer, '')
    if (sightings.some((sighting) => sighting.mark === mark)) return
    throw new Error(`The next read did not see what was acknowledged: ${mark}`)
  }

  async #sendRefused(
    batch: readonly Sent[],
    events: readonly JsonObject[],
    no: number,
  ): Promise<void> {
    const { door, ledger } = this.#options
    for (const sent of batch) ledger.note(sent, door.data(sent.event), true)
    await this.#deliver(events, no)
    ledger.refused += 1
  }

  async #deliver(events: readonly JsonObject[], wanted: number): Promise<void> {
    const { door, server, ledger } = this.#options
    const { method, path, headers } = door
    const body = JSON.stringify(events)
    for (;;) {
      const answer = await server.ask(path, { method, headers, body })
      if (answer === undefined) {
        ledger.unknown += 1
        continue
      }
      const { status, text } = answer
      if (status === wanted) return
      throw new Error(`${method} ${path} answered ${status} instead of ${wanted}: ${text}`)
    }
  }

  #newBatch(word: string): Sent[] {
    const { random, name } = this.#options
    // More small ones than large ones, so that the followers can keep up.
    const length = random.between(1, random.between(1, batchEventsMax))
    return Array.from({ length }, () => {
      return this.#state(`event_${name}_${++this.#count}`, word)
    })
  }

  #state(id: string, word: string): Sent {
    const { door, random } = this.#options
    const mark = `${door.source} ${id} ${word}`
    const padding = random.text(random.below(paddingCharsMax))
    const event = door.event({ id, mark, padding, isFinished: word !== 'begun' })
    return { identity: `${door.source} ${id}`, mark, event }
  }

  #remember(batch: readonly Sent[]): void {
    if (this.#remembered.length < rememberedMax) this.#remembered.push(batch)
    else this.#remembered[this.#options.random.below(rememberedMax)] = batch
  }
}
