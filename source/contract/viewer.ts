/** Somebody with a token of their own. `read`: sees everything, and changes nothing. */
export type Viewer = {
	/** Shown in the log of actions. */
	readonly name: string;
	readonly token: string;
	readonly access: 'read' | 'full';
};
