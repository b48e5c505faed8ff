/**
 * A server with one job whose log lies ready in memory: `canned-server.ts LINES`. It tells its port
 * to the process that started it, and with each `go` sends the whole log to whoever reads it.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lineText } from './lines.ts';
import { snapshotOf } from './snapshot.ts';

const batch = 100;
const lines = Number(process.argv[2]);
const snapshot = snapshotOf('canned');
const events = Array.from({ length: Math.ceil(lines / batch) }, (_, at) => {
	const records = Array.from({ length: Math.min(batch, lines - at * batch) }, (__, index) => ({
		seq: at * batch + index + 1,
		// Each a ms after the one before: the time stands first in a row, and so the row is drawn anew.
		timestamp: `${1_790_000_000_000 + at * batch + index}000000`,
		message: `L${at * batch + index + 1} ${lineText(index)}`,
		replica: '0',
		level: null,
	}));
	const last = records.at(-1)?.seq;
	return Buffer.from(`event: log\nid: ${last}\ndata: ${JSON.stringify(records)}\n\n`);
});

const readers = new Set<ServerResponse>();
const send = (response: ServerResponse, from: number): void => {
	for (let at = from; at < events.length; at += 1) {
		if (response.write(events[at])) continue;
		response.once('drain', () => send(response, at + 1));
		return;
	}
};

const server = createServer((request, response) => {
	const { pathname } = new URL(request.url ?? '/', 'http://canned');
	if (!pathname.endsWith('/stream')) {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ training_jobs: [snapshot.job] }));
		return;
	}
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	if (pathname.endsWith('/sessions/stream')) {
		response.write(`event: snapshot\nid: 1\ndata: ${JSON.stringify(snapshot)}\n\n`);
		return;
	}
	response.write('event: start\nid: 0\ndata: {"cursor": 0}\n\n');
	readers.add(response);
	response.on('close', () => readers.delete(response));
});
server.listen(0, '127.0.0.1', () => {
	process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', () => {
	process.send?.({ sentAt: Date.now() });
	for (const reader of readers) send(reader, 0);
});
process.on('disconnect', () => process.exit(0));
