import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type Secret, secretSchema } from '../contract/secret.ts';

/** Named secrets. Values leave only through {@link SecretStore.value}, for a job's environment. */
export class SecretStore {
	readonly #database: DatabaseSync;

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	/** Stores a value under a name; an earlier value of that name is replaced, its id stays. */
	put(name: string, value: string, createdAt: string): Secret {
		this.#database
			.prepare(
				`INSERT INTO secrets (name, id, value, created_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			)
			.run(name, randomUUID(), value, createdAt);
		const row = this.#database
			.prepare('SELECT id, name, created_at, NULL AS team_name FROM secrets WHERE name = ?')
			.get(name);
		return secretSchema.parse(row);
	}

	list(): Secret[] {
		return this.#database
			.prepare('SELECT id, name, created_at, NULL AS team_name FROM secrets ORDER BY name')
			.all()
			.map((row) => secretSchema.parse(row));
	}

	value(name: string): string | undefined {
		const row = this.#database.prepare('SELECT value FROM secrets WHERE name = ?').get(name);
		return row && String(row['value']);
	}

	/** Whether there was a secret of that name. */
	delete(name: string): boolean {
		return this.#database.prepare('DELETE FROM secrets WHERE name = ?').run(name).changes > 0;
	}
}
