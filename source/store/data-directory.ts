import {
	accessSync,
	chmodSync,
	closeSync,
	constants,
	existsSync,
	mkdirSync,
	openSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure, messageOf } from '../contract/failure.ts';

/**
 * Creates the directory when it is missing, readable by its owner alone.
 * @throws Failure `failed` when it cannot be created or written.
 */
export const prepareDataDirectory = (directory: string): void => {
	try {
		createFolder(directory);
		accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		throw new Failure(
			'failed',
			`Cannot write the data directory ${directory}: ${messageOf(error)}. Choose another with --data-dir.`,
			{ cause: error },
		);
	}
};

/** Level by level: Node's own recursive mkdir never returns in file systems such as /proc. */
const createFolder = (directory: string): void => {
	if (existsSync(directory)) return;
	createFolder(dirname(directory));
	mkdirSync(directory, { mode: 0o700 });
};

/** Creates an empty file for its owner alone, so that SQLite never makes one with a wider mode. */
export const createPrivateFile = (path: string): void => {
	closeSync(openSync(path, 'a', 0o600));
	chmodSync(path, 0o600);
};

/** The garbage collector closes a database that nobody refers to, and its lock would be gone. */
const heldLocks = new Set<DatabaseSync>();

/**
 * Holds the directory for this process until the returned function is called. The lock is SQLite's
 * own on an otherwise empty file: the kernel drops it when the process dies, however it dies.
 * @throws Failure `conflict` when another process holds it.
 */
export const lockDataDirectory = (directory: string): (() => void) => {
	const path = join(directory, 'lock');
	createPrivateFile(path);
	const lock = new DatabaseSync(path, { timeout: 0 });
	try {
		lock.exec('BEGIN EXCLUSIVE');
	} catch (error) {
		lock.close();
		throw new Failure(
			'conflict',
			`The data directory ${directory} is in use by another signalbox. Stop that one, or choose another with --data-dir.`,
			{ cause: error },
		);
	}
	heldLocks.add(lock);
	return () => {
		heldLocks.delete(lock);
		lock.close();
	};
};
