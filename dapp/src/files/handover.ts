let waiting: File | undefined

/** Takes a file to another page of the app. */
export function handOver(file: File): void {
  waiting = file
}

/** The file that another page has handed over, once. */
export function droppedFile(): File | undefined {
  const file = waiting
  waiting = undefined
  return file
}
