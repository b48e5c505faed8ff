/** What a piece of text means; a theme says how that looks. Never the only sign of anything. */
export type Tone = 'plain' | 'dim' | 'accent' | 'good' | 'warn' | 'bad';

/** A piece of a line of the screen. */
export type Segment = { readonly text: string; readonly tone: Tone; readonly strong?: boolean };
