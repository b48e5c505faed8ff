/** Lines as trainings print them, about 100 characters, some with colours. */
export const lineText = (line: number): string => {
	const step = `step ${line} loss ${(0.3 + (line % 997) / 1e4).toFixed(4)}`;
	const rest = `lr 3.0e-4 grad_norm ${(1 + (line % 13) / 10).toFixed(3)} tokens/s ${150_000 + (line % 5_000)} mem 71.2 GiB`;
	return line % 10 === 0 ? `\x1b[32m${step}\x1b[39m ${rest}` : `${step} ${rest}`;
};

/** The same as a row of the log pane: time and node before it, each in its style. */
export const rowText = (line: number): string =>
	`\x1b[2m12:01:03.${100 + (line % 900)} \x1b[0m\x1b[36m${line % 2} \x1b[0m${lineText(line)}`;
