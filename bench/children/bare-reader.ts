/** Nothing but the package that reads the feed, and JSON: `bare-reader.ts RESULT URL LINES`. */
import { EventSource } from 'eventsource';
import { finish } from './frames.ts';

const [, , , url = '', lines = ''] = process.argv;
let seen = 0;
const source = new EventSource(url, { maxBufferSize: 64 * 1024 * 1024 });
source.addEventListener('start', () => process.stdout.write('reading'));
source.addEventListener('log', ({ data }) => {
	seen += (JSON.parse(data) as unknown[]).length;
	if (seen === Number(lines)) finish({ doneAt: Date.now() });
});
