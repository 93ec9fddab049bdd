import type { Duplex } from 'node:stream'

const carrying = new WeakSet<Duplex>()

/**
 * Lets a connection's request take as long to come as it takes, until the work is done: it is read and kept as
 * it comes. One that stands still is cut off like any other.
 */
export async function takingLong<T>(socket: Duplex, work: () => Promise<T>): Promise<T> {
  carrying.add(socket)
  try {
    return await work()
  } finally {
    carrying.delete(socket)
  }
}

/** Whether a connection carries a request that may take long. */
export function mayTakeLong(socket: Duplex): boolean {
  return carrying.has(socket)
}
