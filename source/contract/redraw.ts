/**
 * Whether a record is a state of a progress bar that is drawn over: its message ends with `\r`, and
 * the next record of the same node takes its place.
 */
export const isRedraw = (message: string): boolean => message.endsWith('\r');
