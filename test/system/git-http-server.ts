import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A git host that demands a password: the real `git http-backend` (git-http-backend(1)) behind
 * HTTP's basic authentication. Serves the bare repositories of a folder.
 * @returns `http://127.0.0.1:<port>`
 */
export const startGitHttpServer = async (folder: string, password: string): Promise<string> => {
	const backend = join(
		execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(),
		'git-http-backend',
	);
	const server = createServer((request, response) => {
		const [, given = ''] = /^Basic (.*)$/.exec(request.headers.authorization ?? '') ?? [];
		if (Buffer.from(given, 'base64').toString().split(':').slice(1).join(':') !== password) {
			response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
			return;
		}
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://git');
		const child = spawn(backend, {
			env: {
				PATH: process.env['PATH'],
				GIT_PROJECT_ROOT: folder,
				GIT_HTTP_EXPORT_ALL: '1',
				REQUEST_METHOD: request.method ?? 'GET',
				PATH_INFO: pathname,
				QUERY_STRING: searchParams.toString(),
				CONTENT_TYPE: request.headers['content-type'] ?? '',
				HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
				GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
			},
		});
		request.pipe(child.stdin);
		const chunks: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
		child.once('close', () => {
			const reply = Buffer.concat(chunks);
			const end = reply.indexOf('\r\n\r\n');
			for (const line of reply.subarray(0, end).toString().split('\r\n')) {
				const [name = '', value = ''] = line.split(': ');
				if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
				else response.setHeader(name, value);
			}
			response.end(reply.subarray(end + 4));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
