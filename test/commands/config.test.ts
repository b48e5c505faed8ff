import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configPath, readConfigFile } from '../../source/commands/config.ts';
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
	expect(await readConfigFile({ HOME: '/nonexistent' })).toEqual({
		forward_agent: true,
		editor: null,
	});
	expect(await read('')).toEqual({ forward_agent: true, editor: null });
	expect(await read('# nothing\n')).toEqual({ forward_agent: true, editor: null });
	expect(await read('forward_agent: false\n')).toEqual({ forward_agent: false, editor: null });
});

test.each([
	['forward_agent: maybe\n', /config\.yaml:1: forward_agent: expected boolean, received string\.$/],
	[
		'forward_agent: true\nagent: no\n',
		/config\.yaml:2: agent: there is no such key. Keys: forward_agent, editor\.$/,
	],
	['forward_agent: [\n', /config\.yaml:\d: /],
	['- a\n', /config\.yaml:1: expected object, received array\.$/],
])('%j is refused with line and key', async (content, message) => {
	await expect(read(content)).rejects.toThrow(message);
});
