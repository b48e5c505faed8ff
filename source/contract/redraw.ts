/** Ends the message of a record that the next record of the same node takes the place of. */
export const redrawMark = '\r';

/**
 * Whether a record is one state of something that redraws itself, as a progress bar does: the next
 * record of the same node replaces it. Its final state is a record like any other.
 */
export const isRedraw = (message: string): boolean => message.endsWith(redrawMark);

/** The message as it is shown: without the mark of a redraw. */
export const withoutRedrawMark = (message: string): string =>
	isRedraw(message) ? message.slice(0, -redrawMark.length) : message;
