import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from '../core/metrics/metrics.ts'
import { versionHere } from '../core/version.ts'

const delayResolutionMs = 10
const nanoseconds = 1e9

/** Adds what the process says of itself. The function that it returns stops looking. */
export function addProcessMetrics(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  // What it measures has the time between two looks in it.
  const lagOf = (value: number) =>
    Number.isFinite(value) ? Math.max(0, value / nanoseconds - delayResolutionMs / 1000) : 0
  const startSeconds = Date.now() / 1000 - process.uptime()
  const gauge = (name: string, help: string, value: () => number) =>
    metrics.read({ name, help }, 'gauge', value)

  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  metrics.read(
    { name: 'process_cpu_seconds_total', help: 'CPU time of the process.' },
    'counter',
    () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  )
  gauge('process_start_time_seconds', 'When the process began, since 1970.', () => startSeconds)
  gauge(
    'nodejs_eventloop_lag_seconds',
    'How late the event loop was, on average, since last asked.',
    () => lagOf(delay.mean),
  )
  gauge('nodejs_eventloop_lag_p99_seconds', 'The same: the latest but one in a hundred.', () =>
    lagOf(delay.percentile(99)),
  )
  gauge('nodejs_eventloop_lag_max_seconds', 'The same: the latest.', () => {
    const lag = lagOf(delay.max)
    delay.reset()
    return lag
  })
  metrics
    .gauge({
      name: 'eventwell_build_info',
      help: 'Always 1; its labels are the versions that run.',
      labels: ['version', 'node_version'],
    })
    .set(1, versionHere(), process.version)
  return () => delay.disable()
}
