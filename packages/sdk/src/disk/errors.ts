/** How much of its room a folder has used, in bytes. */
export interface SpoolRoom {
  readonly bytes: number
  readonly bytesMax: number
  readonly damagedBytes: number
  readonly damagedBytesMax: number
}

/**
 * Nothing was added, since what is unsent already takes all the room that it may, or damaged files that
 * were put aside do. What is there stays.
 */
export class SpoolFullError extends Error {
  override name = 'SpoolFullError' as const
  /** How many bytes what is unsent takes. */
  readonly bytes: number
  /** How many it may take. */
  readonly bytesMax: number
  /** How many bytes of the folder are in files that were damaged, and put aside with `.damaged`. */
  readonly damagedBytes: number

  /** @param folder Where the records are kept. */
  constructor(folder: string, room: SpoolRoom) {
    super(`${folder} is full: ${reasonOf(room)}`)
    this.bytes = room.bytes
    this.bytesMax = room.bytesMax
    this.damagedBytes = room.damagedBytes
  }
}

/** The folder belongs to another process, or to another owner in this one, which lives. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError' as const
  /** The process that has it. */
  readonly pid: number

  /** @param pid Of the process that has it. */
  constructor(folder: string, pid: number) {
    const who = pid === process.pid ? 'this very process' : `the process ${pid}`
    super(
      `${folder} is in use by ${who}: one folder serves one owner at a time. ` +
        'Close that one first, or choose another folder.',
    )
    this.pid = pid
  }
}

/** Something in the folder cannot be read as it was written. What else is there is read and sent. */
export class SpoolDamageError extends Error {
  override name = 'SpoolDamageError' as const
  /** The file that was damaged. */
  readonly file: string
  /** Where what cannot be read is kept; its name ends with `.damaged`. */
  readonly keptIn: string

  /** @param bytes How many bytes of it cannot be read. */
  constructor(file: string, bytes: number, keptIn = `${file}.damaged`, options?: ErrorOptions) {
    super(
      `${file} is damaged: ${bytes} bytes of it cannot be read, and records that were in them are not ` +
        `sent. What is left of them is kept in ${keptIn}.`,
      options,
    )
    this.file = file
    this.keptIn = keptIn
  }
}

function reasonOf({ bytes, bytesMax, damagedBytes, damagedBytesMax }: SpoolRoom): string {
  if (damagedBytes >= damagedBytesMax) {
    return (
      `${damagedBytes} bytes are in damaged files that were put aside, whose names end with .damaged, and ` +
      `at most ${damagedBytesMax} may be. Nothing was added. Look at them and at the disk, move them ` +
      'away, and try again.'
    )
  }
  return (
    `${bytes} bytes wait to be sent, and at most ${bytesMax} may. Nothing was added. ` +
    'Try again when some were sent, or allow more.'
  )
}

/** Whether nothing was added for want of room. */
export function isSpoolFullError(error: unknown): error is SpoolFullError {
  return isError(error, 'SpoolFullError', 'bytesMax')
}

/** Whether a folder could not be opened since it has an owner who lives. */
export function isFolderInUseError(error: unknown): error is FolderInUseError {
  return isError(error, 'FolderInUseError', 'pid')
}

/** Whether records were lost to a damage of the disk. */
export function isSpoolDamageError(error: unknown): error is SpoolDamageError {
  return isError(error, 'SpoolDamageError', 'file')
}

/** By name and shape: the error may be of another realm, or of a second copy of the package. */
function isError(error: unknown, name: string, member: string): boolean {
  if (Object.prototype.toString.call(error) !== '[object Error]') return false
  return (error as Error).name === name && member in (error as Error)
}
