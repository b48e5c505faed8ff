import { request } from 'node:http';

export type ReceivedEvent = { event: string; id: string; data: unknown };

/** A raw reader of a feed, which can stop reading. */
export type EventReader = {
	readonly status: number | undefined;
	readonly headers: NodeJS.Dict<string | string[]>;
	readonly events: ReceivedEvent[];
	/** Comments, in the order of their coming. */
	readonly comments: string[];
	pause(): void;
	resume(): void;
	/** Whether the server has ended the reply or cut the connection. */
	ended(): boolean;
	close(): void;
};

/** Connects and resolves when the headers are there. */
export const readEvents = (
	url: string,
	headers: Record<string, string>,
	method = 'GET',
): Promise<EventReader> =>
	new Promise((resolve, reject) => {
		const asked = request(url, { headers, method, agent: false });
		asked.on('error', reject);
		asked.on('response', (response) => {
			const events: ReceivedEvent[] = [];
			const comments: string[] = [];
			let rest = '';
			let ended = false;
			const take = (block: string): void => {
				const fields = new Map<string, string>();
				for (const line of block.split('\n')) {
					const [name = '', ...value] = line.split(': ');
					fields.set(name, value.join(': '));
				}
				const comment = fields.get('');
				if (comment !== undefined) comments.push(comment);
				const data = fields.get('data');
				if (data === undefined) return;
				events.push({
					event: fields.get('event') ?? 'message',
					id: fields.get('id') ?? '',
					data: JSON.parse(data),
				});
			};
			response.setEncoding('utf8');
			response.on('data', (text: string) => {
				const blocks = (rest + text).split('\n\n');
				rest = blocks.pop() ?? '';
				blocks.forEach(take);
			});
			response.on('error', () => {});
			response.on('close', () => {
				ended = true;
			});
			resolve({
				status: response.statusCode,
				headers: response.headers,
				events,
				comments,
				pause: () => response.pause(),
				resume: () => response.resume(),
				ended: () => ended,
				close: () => asked.destroy(),
			});
		});
		asked.end();
	});
