import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure, messageOf } from '../contract/failure.ts';
import { createPrivateFile, prepareDataDirectory } from './data-directory.ts';
import { schema, schemaVersion } from './schema.ts';

/**
 * Opens the database of a data directory, creating it when it is new.
 *
 * WAL with `synchronous=NORMAL`: a record that was acknowledged survives the death of the process
 * at any point; only a power cut can take the last transactions, and never the file's integrity.
 *
 * @throws Failure `failed` when the directory is not writable, the file is not a database, or a
 * newer signalbox has written it.
 */
export const openDatabase = (directory: string): DatabaseSync => {
	prepareDataDirectory(directory);
	const path = join(directory, 'signalbox.db');
	let database: DatabaseSync | undefined;
	try {
		createPrivateFile(path);
		database = new DatabaseSync(path, { timeout: 5000 });
		database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
		migrate(database, path);
		return database;
	} catch (error) {
		database?.close();
		if (error instanceof Failure) throw error;
		throw new Failure('failed', `Cannot open the store ${path}: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};

const migrate = (database: DatabaseSync, path: string): void => {
	const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
	if (version > schemaVersion) {
		throw new Failure(
			'failed',
			`The store ${path} was written by a newer signalbox (version ${version}, this one reads up to ${schemaVersion}). Update signalbox, or choose another --data-dir.`,
		);
	}
	if (version === schemaVersion) return;
	inTransaction(database, () => {
		database.exec(schema);
		database.exec(`PRAGMA user_version = ${schemaVersion}`);
	});
};

/** Runs `work` in one transaction: all of it is stored, or (when it throws) none. */
export const inTransaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
	database.exec('BEGIN IMMEDIATE');
	try {
		const result = work();
		database.exec('COMMIT');
		return result;
	} catch (error) {
		// A failed COMMIT (a full disk, say) may have rolled back by itself.
		if (database.isTransaction) database.exec('ROLLBACK');
		throw error;
	}
};
