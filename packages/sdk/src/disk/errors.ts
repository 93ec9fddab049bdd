/**
 * Nothing was added, since what is unsent already takes all the room that it may. What is there stays.
 */
export class SpoolFullError extends Error {
  override name = 'SpoolFullError'
  /** How many bytes what is unsent takes. */
  readonly bytes: number
  /** How many it may take. */
  readonly bytesMax: number

  /** @param folder Where the records are kept. */
  constructor(folder: string, bytes: number, bytesMax: number) {
    super(
      `${folder} is full: ${bytes} bytes wait to be sent, and at most ${bytesMax} may. ` +
        'Nothing was added. Try again when some were sent, or allow more.',
    )
    this.bytes = bytes
    this.bytesMax = bytesMax
  }
}

/** The folder belongs to another process, or to another owner in this one, which lives. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError'
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
  override name = 'SpoolDamageError'
  /** The file, which is kept under another name (`….damaged`) when the rest of it is sent. */
  readonly file: string

  /** @param bytes How many bytes of it cannot be read. */
  constructor(file: string, bytes: number) {
    super(
      `${file} is damaged: ${bytes} bytes of it cannot be read, and records that were in them are not ` +
        'sent. The file is kept with ".damaged" at the end of its name.',
    )
    this.file = file
  }
}

/**
 * Whether nothing was added for want of room. By name: the error may be of a second copy of the package.
 */
export function isSpoolFullError(error: unknown): error is SpoolFullError {
  return error instanceof Error && error.name === 'SpoolFullError'
}

/** Whether a folder could not be opened since it has an owner who lives. */
export function isFolderInUseError(error: unknown): error is FolderInUseError {
  return error instanceof Error && error.name === 'FolderInUseError'
}

/** Whether records were lost to a damage of the disk. */
export function isSpoolDamageError(error: unknown): error is SpoolDamageError {
  return error instanceof Error && error.name === 'SpoolDamageError'
}
