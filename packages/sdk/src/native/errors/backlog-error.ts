/** So many appends wait already that another one was not taken: the server is slower than the caller. */
export class BacklogError extends Error {
  override name = 'BacklogError' as const
  /** How many may wait: `batch.callsMax`. */
  readonly callsMax: number

  /** @param callsMax How many may wait. */
  constructor(callsMax: number) {
    super(
      `${callsMax} appends wait for the server already; this event was not taken. ` +
        'Await what append returns before there are so many.',
    )
    this.callsMax = callsMax
  }
}
