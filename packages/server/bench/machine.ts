import { readdirSync, statSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

/** The machine in a line. */
export function machineText(): string {
  const gib = totalmem() / 2 ** 30
  return (
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${gib.toFixed(0)} GiB, ` +
    `${process.platform} ${process.arch}, load ${loadavg()[0]?.toFixed(1)} before the start`
  )
}

/** The versions of what runs. */
export function versionsText(): string {
  return `Node ${process.versions.node}, SQLite ${process.versions.sqlite}`
}

/** Bytes of all files below a folder. */
export function bytesBelow(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size
  }
  return bytes
}
