/** Version of the tables below, kept in SQLite's `user_version`. */
export const schemaVersion = 1;

/**
 * `jobs.version` rises with every change of the job or its sessions: it is the id of a snapshot.
 * `logs.time` is epoch ns. `progress` says how far a plane has read a source; it moves in the same
 * transaction as the records that were read, so a crash neither loses nor repeats a line.
 */
export const schema = `
CREATE TABLE projects (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE jobs (
	number INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	project_id TEXT NOT NULL,
	created_at TEXT NOT NULL,
	status TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	document TEXT NOT NULL,
	request TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
	job_id TEXT NOT NULL,
	node INTEGER NOT NULL,
	document TEXT NOT NULL,
	PRIMARY KEY (job_id, node)
) STRICT;

CREATE TABLE logs (
	job INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	time INTEGER NOT NULL,
	replica TEXT,
	level TEXT,
	message TEXT NOT NULL,
	PRIMARY KEY (job, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX logs_by_time ON logs (job, time, seq);

CREATE TABLE progress (
	job_id TEXT NOT NULL,
	source TEXT NOT NULL,
	position TEXT NOT NULL,
	PRIMARY KEY (job_id, source)
) STRICT;

CREATE TABLE secrets (
	name TEXT PRIMARY KEY,
	id TEXT NOT NULL,
	value TEXT NOT NULL,
	created_at TEXT NOT NULL
) STRICT;
`;
