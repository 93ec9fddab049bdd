import type { DatabaseSync } from 'node:sqlite'

const firstLayerIds = 2 ** 16
const growth = 4
const bitsPerId = 16
const probes = 8

interface Layer {
  readonly bits: Uint32Array
  readonly capacity: number
  used: number
  /** How many of `used` are saved; -1 when the layer was never saved. */
  saved: number
}

/**
 * Tells which ids are surely new, so that only a handful need be looked up in the index (a look-up costs
 * as much as storing five events). Bloom filters in layers, each four times the one before: 2 bytes of
 * memory an event, one or two false alarms in a thousand.
 *
 * It is a cache. It is saved now and then, with the position up to which it knows every id; whoever
 * loads it adds the ids after that.
 */
export class IdFilter {
  readonly #layers: Layer[] = []

  /** Whether the id of this hash may have been added; false is certain. */
  mayHave(hash: number): boolean {
    return this.#layers.some((layer) => probe(layer, hash))
  }

  add(hash: number): void {
    let layer = this.#layers.at(-1)
    if (layer === undefined || layer.used >= layer.capacity) {
      layer = newLayer(firstLayerIds * growth ** this.#layers.length)
      this.#layers.push(layer)
    }
    mark(layer, hash)
    layer.used += 1
  }

  /** Whether so much was added since the last save that loading would take long. */
  get isWorthSaving(): boolean {
    return this.#layers.some((layer) => layer.used - Math.max(layer.saved, 0) >= layer.capacity / 4)
  }

  /** Writes what changed, within the caller's transaction; `covers` is the last position added. */
  save(db: DatabaseSync, covers: number): void {
    const put = db.prepare('INSERT OR REPLACE INTO id_filter VALUES(?, ?, ?, ?)')
    this.#layers.forEach((layer, number) => {
      if (layer.saved === layer.used) return
      put.run(number, layer.used, covers, new Uint8Array(layer.bits.buffer))
    })
    db.prepare('UPDATE id_filter SET covers = ?').run(covers)
  }

  /** To be called once the transaction of `save` is committed. */
  markSaved(): void {
    for (const layer of this.#layers) layer.saved = layer.used
  }

  /** Reads what was saved, and returns the position up to which it knows every id. */
  load(db: DatabaseSync): number {
    let covers = 0
    for (const row of db
      .prepare('SELECT used, covers, bits FROM id_filter ORDER BY layer')
      .iterate()) {
      const layer = newLayer(firstLayerIds * growth ** this.#layers.length)
      const bytes = row['bits'] as Uint8Array
      new Uint8Array(layer.bits.buffer).set(bytes)
      layer.used = Number(row['used'])
      layer.saved = layer.used
      covers = Number(row['covers'])
      this.#layers.push(layer)
    }
    return covers
  }
}

function newLayer(capacity: number): Layer {
  return { bits: new Uint32Array((capacity * bitsPerId) / 32), capacity, used: 0, saved: -1 }
}

// The two halves of a 53-bit hash make all probes (Kirsch and Mitzenmacher's double hashing).
function probe(layer: Layer, hash: number): boolean {
  const mask = layer.capacity * bitsPerId - 1
  const step = ((hash % 4_294_967_296) | 1) >>> 0
  let bit = Math.floor(hash / 1_048_576)
  for (let i = 0; i < probes; i++) {
    const at = (bit & mask) >>> 0
    if ((layer.bits[at >>> 5]! & (1 << (at & 31))) === 0) return false
    bit = (bit + step) >>> 0
  }
  return true
}

function mark(layer: Layer, hash: number): void {
  const mask = layer.capacity * bitsPerId - 1
  const step = ((hash % 4_294_967_296) | 1) >>> 0
  let bit = Math.floor(hash / 1_048_576)
  for (let i = 0; i < probes; i++) {
    const at = (bit & mask) >>> 0
    layer.bits[at >>> 5]! |= 1 << (at & 31)
    bit = (bit + step) >>> 0
  }
}
