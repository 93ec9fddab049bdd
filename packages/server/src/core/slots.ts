import { EventwellError } from './errors.ts'

/** So many things at once, and of them so many of one workspace's: nobody can take all. */
export class Slots {
  readonly #max: number
  readonly #ownMax: number
  readonly #refusal: string
  readonly #taken = new Map<string, number>()
  #all = 0

  /** The refusal is the message for those who find no slot. */
  constructor(max: number, ownMax: number, refusal: string) {
    this.#max = max
    this.#ownMax = ownMax
    this.#refusal = refusal
  }

  /** Does some work in a slot. @throws EventwellError `busy` when there is none. */
  async hold<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    const own = this.#taken.get(workspace) ?? 0
    if (this.#all >= this.#max || own >= this.#ownMax) {
      throw new EventwellError('busy', this.#refusal)
    }
    this.#all += 1
    this.#taken.set(workspace, own + 1)
    try {
      return await work()
    } finally {
      this.#all -= 1
      const left = this.#taken.get(workspace)! - 1
      if (left > 0) this.#taken.set(workspace, left)
      else this.#taken.delete(workspace)
    }
  }
}
