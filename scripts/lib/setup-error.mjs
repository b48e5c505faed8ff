/** A step that failed, as a line for people, with the last lines of the program that failed. */
export class SetupError extends Error {
	/**
	 * @param {string} message
	 * @param {string} output
	 */
	constructor(message, output = '') {
		super(message);
		this.output = output;
	}
}
