import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findNssWrapper } from '../../source/planes/local/ssh/login-names.ts';
import { startLocal } from '../program/start-local.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const runFile = promisify(execFile);

/** A running job on a local plane, and a user of Baseten's own clients. */
const openSite = async () => {
	const home = temporaryDirectory();
	const local = await startLocal(join(home, 'data'));
	const { id: project } = await local.api.createProject('test');
	const job = await local.api.createJob(project, {
		runtime: { start_commands: ['sleep 120'] },
		interactive_session: { trigger: 'on_demand', session_provider: 'ssh' },
	});
	await until(
		async () => (await local.api.findJob(job.id)).current_status === 'TRAINING_JOB_RUNNING',
	);
	const keys = join(home, '.ssh/baseten');
	await mkdir(keys, { recursive: true, mode: 0o700 });
	const key = join(keys, 'id_ed25519');
	await runFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
	return { home, local, job, key };
};
type Site = Awaited<ReturnType<typeof openSite>>;

/** The REST calls of the clients' sign step, with nothing of ours in between. */
const signByHand = async (
	{ local, job, key }: Site,
	{ scheme = 'Api-Key', node = '0' }: { scheme?: string; node?: string } = {},
) => {
	const post = async (path: string, body: unknown) => {
		const reply = await fetch(`${local.url}/v1/${path}`, {
			method: 'POST',
			headers: { authorization: `${scheme} ${local.token}`, 'x-client-version': '0.11.0' },
			body: JSON.stringify(body),
		});
		return { status: reply.status, body: (await reply.json()) as never };
	};
	const found = await post('training_jobs/search', { job_id: job.id });
	const { training_jobs: jobs } = found.body as {
		training_jobs: { training_project_id: string }[];
	};
	return post(`training_projects/${jobs[0]?.training_project_id}/jobs/${job.id}/ssh/sign`, {
		public_key: (await readFile(`${key}.pub`, 'utf8')).trim(),
		replica_id: node,
	});
};

type Signed = {
	ssh_certificate: string;
	jwt: string;
	proxy_address: string;
	ssh_cert_expires_at: string;
};

/** What the proxy says to raw bytes, up to `wanted` bytes or its end. */
const talk = async (address: string, bytes: readonly Buffer[], wanted: number): Promise<Buffer> => {
	const split = address.lastIndexOf(':');
	const socket = connect(Number(address.slice(split + 1)), address.slice(0, split));
	socket.on('error', () => {});
	await once(socket, 'connect');
	for (const part of bytes) socket.write(part);
	const chunks: Buffer[] = [];
	for await (const chunk of socket) {
		chunks.push(chunk);
		if (Buffer.concat(chunks).length >= wanted) break;
	}
	socket.destroy();
	return Buffer.concat(chunks).subarray(0, wanted);
};

const lengthOf = (bytes: number): Buffer => {
	const header = Buffer.alloc(4);
	header.writeUInt32BE(bytes);
	return header;
};

describe.skipIf(skipWithoutSshd)("Baseten's public clients", () => {
	test.each(['Api-Key', 'Bearer'])('search, then sign with %s', async (scheme) => {
		const site = await openSite();
		const { status, body } = await signByHand(site, { scheme });
		expect(status).toBe(200);
		const { ssh_certificate, jwt, proxy_address, ssh_cert_expires_at } = body as Signed;
		expect(ssh_certificate).toMatch(/^ssh-ed25519-cert-v01@openssh\.com [A-Za-z0-9+/=]+/);
		const header = Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString();
		expect(JSON.parse(header)).toMatchObject({ alg: 'ES256' });
		expect(proxy_address).toMatch(/^127\.0\.0\.1:\d+$/);
		expect(Date.parse(ssh_cert_expires_at)).toBeGreaterThan(Date.now());
	});

	test('the proxy: length, token, one zero byte, then SSH; also when it comes byte by byte', async () => {
		const site = await openSite();
		const { jwt, proxy_address: address } = (await signByHand(site)).body as Signed;
		const frame = Buffer.concat([lengthOf(jwt.length), Buffer.from(jwt)]);
		const reply = await talk(address, [frame], 9);
		expect(reply[0]).toBe(0);
		expect(reply.subarray(1).toString()).toBe('SSH-2.0-');
		const bytes = [...frame].map((byte) => Buffer.of(byte));
		expect((await talk(address, bytes, 9))[0]).toBe(0);
		// ssh speaks first, without waiting for the answer to the frame.
		const eager = Buffer.concat([frame, Buffer.from('SSH-2.0-eager\r\n')]);
		expect((await talk(address, [eager], 9)).subarray(1).toString()).toBe('SSH-2.0-');
	});

	test('the proxy rejects with one byte that is not zero, and closes', async () => {
		const site = await openSite();
		const { jwt, proxy_address: address } = (await signByHand(site)).body as Signed;
		const forged = `${jwt.slice(0, -8)}AAAAAAAA`;
		const reply = await talk(address, [lengthOf(forged.length), Buffer.from(forged)], 9);
		expect(reply).toHaveLength(1);
		expect(reply[0]).not.toBe(0);
	});

	test.each([
		['a node that is no number', 'first'],
		['a node that the job does not have', '7'],
	])('sign refuses %s with a body that the clients can show', async (_what, node) => {
		const { status, body } = await signByHand(await openSite(), { node });
		expect(status).toBeGreaterThanOrEqual(400);
		const { error, message } = body as { error?: unknown; message?: unknown };
		expect(typeof (error ?? message)).toBe('string');
	});

	test.skipIf(findNssWrapper() === undefined && process.env['CI'] === undefined)(
		'their block of ssh_config enters a node as the user baseten',
		async () => {
			const site = await openSite();
			const { home, key, job } = site;
			const { ssh_certificate, jwt, proxy_address } = (await signByHand(site)).body as Signed;
			await writeFile(`${key}-cert.pub`, `${ssh_certificate}\n`, { mode: 0o600 });
			await writeFile(join(home, 'jwt'), jwt, { mode: 0o600 });
			// The relay of the contract's wire protocol, in a language that is not ours.
			const relay = join(home, 'relay.py');
			await writeFile(relay, pythonRelay);
			await chmod(relay, 0o700);
			const config = join(home, 'config');
			await writeFile(
				config,
				`Match host training-job-*.ssh.baseten.co exec "true"
    ProxyCommand python3 ${relay} ${join(home, 'jwt')} ${proxy_address}
    User baseten
    IdentityFile ${key}
    CertificateFile ${key}-cert.pub
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
`,
			);
			const host = `training-job-${job.id}-0.ssh.baseten.co`;
			const { code, stdout, stderr } = await run('ssh', ['-F', config, host, 'cat; id -u; env']);
			expect(code, stderr).toBe(0);
			expect(stdout).toContain(`${process.getuid?.()}\n`);
			expect(stdout).not.toContain('LD_PRELOAD');
		},
	);
});

const pythonRelay = `
import os, socket, struct, sys, threading
jwt = open(sys.argv[1]).read().encode('ascii')
host, port = sys.argv[2].rsplit(':', 1)
link = socket.create_connection((host, int(port)))
link.sendall(struct.pack('>I', len(jwt)) + jwt)
if link.recv(1) != b'\\0':
    sys.exit('rejected')
def up():
    while True:
        data = os.read(0, 65536)
        if not data:
            os._exit(0)
        link.sendall(data)
threading.Thread(target=up, daemon=True).start()
while True:
    data = link.recv(65536)
    if not data:
        break
    while data:
        data = data[os.write(1, data):]
`;
