/** One step of a long call. */
export interface Progress<Stage extends string = string> {
  /** What is being done, e.g. `'read'`, `'decode'`, `'hash'`. */
  stage: Stage
  /** How much of the stage is done, in `unit`s. */
  done: number
  /** How much there is in all; undefined while unknown. */
  total?: number
  unit: 'bytes' | 'items' | 'steps' | 'seconds'
  /** How long the stage will take yet at the present speed, in seconds; where it is known. */
  secondsLeft?: number
}

/** What every long call takes. */
export interface LongCallOptions<Stage extends string = string> {
  /** Aborting rejects the call with the signal's reason and leaves nothing half-done. */
  signal?: AbortSignal
  /** Called synchronously, at most a few times a second per stage; must not throw. */
  onProgress?: (progress: Progress<Stage>) => void
}
