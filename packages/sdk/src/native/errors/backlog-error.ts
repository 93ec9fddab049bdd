/**
 * So many appends, or so many bytes of them, wait already that another one was not taken: the server is
 * slower than the caller.
 */
export class BacklogError extends Error {
  override name = 'BacklogError' as const
  /** How many appends may wait: `batch.callsMax`. */
  readonly callsMax: number
  /** How many bytes of them: `batch.waitingBytesMax`. */
  readonly waitingBytesMax: number

  /** @param callsMax How many may wait, and in `waitingBytesMax` how many bytes. */
  constructor(callsMax: number, waitingBytesMax: number) {
    super(
      `${callsMax} appends or ${waitingBytesMax} bytes of them wait for the server already, and ` +
        'this event was not taken. Await what append returns before there are so many, or use ' +
        'appendEach, which takes events no faster than they are kept.',
    )
    this.callsMax = callsMax
    this.waitingBytesMax = waitingBytesMax
  }
}
