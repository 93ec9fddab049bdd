import type { AgentCapabilities, ControllerOrder } from '../controllers.ts'
import type { LogspaceEvent } from '../event.ts'
import type { LogspaceOptions } from '../options.ts'

/** Where an agent keeps its events, where it sends them, and who it is. */
export interface LogspaceAgentOptions extends Omit<LogspaceOptions, 'retry' | 'totalTimeoutMs'> {
  /** Where unsent events are kept; made when it is not there. One agent at a time may have it. */
  readonly folder: string
  /** The `system` of events that have none: the host's name by default, as with the vendor's agents. */
  readonly system?: string | undefined
  /** The `agentId` of events that have none. */
  readonly agentId: string
  /** The `marker` of events that have none. */
  readonly marker?: string | undefined
  /**
   * The id by which HQ knows this agent's controller. With one, the agent says what it can do and asks
   * what it is to do; without, it only sends events.
   */
  readonly controllerId?: string | undefined
  /** What is told of this controller's agents; they may be changed by `announce`. */
  readonly agents?: readonly AgentCapabilities[] | undefined
  /**
   * How many seconds an event waits for others at most, until an order says otherwise; 300 by default. 0
   * sends at once.
   */
  readonly commitMaxSeconds?: number | undefined
  /** How many seconds lie between two questions for an order, 1 at least; 60 by default. */
  readonly pollSeconds?: number | undefined
  /**
   * How many bytes unsent events may take on disk before `append` fails; 256 MiB by default. Files that
   * were damaged and put aside do not count, and may take 64 MiB before `append` fails.
   */
  readonly bytesMax?: number | undefined
  /**
   * How many bytes `refused.ndjson` may have before sending stops until it is moved away; 64 MiB by
   * default.
   */
  readonly refusedBytesMax?: number | undefined
  /** Told of each order that is new. What it throws is a process warning, and changes nothing. */
  readonly onOrder?: ((order: ControllerOrder) => void) | undefined
  /**
   * Told of each event that the server cannot store, when it stands in the folder's `refused.ndjson`. A
   * process warning by default. What it throws is such a warning, and changes nothing.
   */
  readonly onRefused?: ((event: LogspaceEvent, reason: string) => void) | undefined
  /**
   * Told of each try that failed, and in how many milliseconds the next one is; of a damage to the
   * folder, where nothing waits, without a time. A process warning by default. What it throws is such a
   * warning, and changes nothing.
   */
  readonly onFault?: ((error: unknown, delayMs?: number) => void) | undefined
}

/** An event as it is appended: the agent gives it what it lacks. */
export interface AgentEvent extends Omit<LogspaceEvent, 'id' | 'system' | 'agentId' | 'timestamp'> {
  /** A new random UUID by default. */
  readonly id?: string | undefined
  /** The agent's by default. */
  readonly system?: string | undefined
  /** The agent's by default. */
  readonly agentId?: string | undefined
  /** Now by default. */
  readonly timestamp?: Date | undefined
}

/** What is unsent. */
export interface AgentSize {
  /** How many. */
  readonly events: number
  /** What they take on disk. */
  readonly bytes: number
}
