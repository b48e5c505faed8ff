#!/usr/bin/env node
import process from 'node:process';

/** As `engines` in package.json says. */
const oldest = [22, 15] as const;

// Nothing is imported before this check: an old Node would end in a syntax or import error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
	process.stderr.write(
		`signalbox: needs Node ${oldest.join('.')} or newer, and this is ${process.versions.node}. Get one at https://nodejs.org.\n`,
	);
	process.exit(1);
}

// React's development build is slow and keeps growing: it has to be told before it is loaded.
process.env['NODE_ENV'] ??= 'production';
const { quickenStart } = await import('./source/commands/quick-start.ts');
quickenStart(process.env);
const { runProgram } = await import('./source/commands/program.ts');
await runProgram();
