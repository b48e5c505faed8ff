import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configPath, readConfigFile, ringLimitsOf } from '../../source/commands/config.ts';
import { defaultRingLimits } from '../../source/monitor/ring-limits.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const read = (content: string) => {
	const path = join(temporaryDirectory(), 'config.yaml');
	writeFileSync(path, content);
	return readConfigFile({ SIGNALBOX_CONFIG: path });
};

test('the file is where other programs keep theirs', () => {
	expect(configPath({ HOME: '/h' })).toBe('/h/.config/signalbox/config.yaml');
	expect(configPath({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toBe('/x/signalbox/config.yaml');
	expect(configPath({ HOME: '/h', SIGNALBOX_CONFIG: '/c.yaml' })).toBe('/c.yaml');
});

test('the agent is forwarded unless the file says otherwise', async () => {
	const usual = await readConfigFile({ HOME: '/nonexistent' });
	expect(usual).toMatchObject({ forward_agent: true, editor: null, mouse: false });
	expect(await read('')).toEqual(usual);
	expect(await read('# nothing\n')).toEqual(usual);
	expect(await read('forward_agent: false\n')).toEqual({ ...usual, forward_agent: false });
});

test('the log in memory is bounded by lines and bytes', async () => {
	expect(ringLimitsOf(await read(''))).toEqual(defaultRingLimits);
	const config = await read('log_lines: 5000\nlog_megabytes: 8\n');
	expect(ringLimitsOf(config)).toMatchObject({ lines: 5_000, bytes: 8 * 1024 * 1024 });
	await expect(read('log_lines: 10\n')).rejects.toThrow(/config\.yaml:1: log_lines: .*1000/);
});

test.each([
	['forward_agent: maybe\n', /config\.yaml:1: forward_agent: expected boolean, received string\.$/],
	[
		'forward_agent: true\nagent: no\n',
		/config\.yaml:2: agent: there is no such key. Keys: forward_agent, editor, mouse, log_lines, log_megabytes\.$/,
	],
	['forward_agent: [\n', /config\.yaml:\d: /],
	['- a\n', /config\.yaml:1: expected object, received array\.$/],
])('%j is refused with line and key', async (content, message) => {
	await expect(read(content)).rejects.toThrow(message);
});
