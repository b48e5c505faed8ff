import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type TracebackPart, TracebackTracker } from '../../source/monitor/traceback.ts';

const letters: Readonly<Record<TracebackPart, string>> = {
	none: '.',
	head: 'h',
	body: 'b',
	end: 'e',
};

/** A log with the letter of its part before each line, as the tracker sees it. */
const marked = (lines: readonly string[], tracker = new TracebackTracker()): string[] =>
	lines.map((line) => `${letters[tracker.push(0, line)]} ${line}`);

/** Takes a log whose lines have the letters that they should get. */
const expectMarks = (log: string): void => {
	const wanted = log.split('\n').filter((line) => line !== '');
	expect(marked(wanted.map((line) => line.slice(2)))).toEqual(wanted);
};

const raise = (way: string): Promise<string[]> =>
	new Promise((resolve) => {
		const script = fileURLToPath(new URL('raise.py', import.meta.url));
		execFile('python3', [script, way], (_, __, printed) => resolve(printed.trimEnd().split('\n')));
	});

describe('what Python prints', () => {
	test.each([
		['plain', 'ValueError: bad batch', 1],
		['handling', "KeyError: 'lr'", 2],
		['cause', 'RuntimeError: step failed', 3],
		['recursion', 'RecursionError: maximum recursion depth exceeded', 1],
		['syntax', 'SyntaxError: invalid syntax', 1],
		['interrupt', 'KeyboardInterrupt', 1],
		['own', /Stop$/, 1],
		['exit', 'FileNotFoundError: [Errno 2] gone', 1],
		['printed', 'ValueError: bad batch', 1],
	])('%s', async (way, last, exceptions) => {
		const printed = await raise(way);
		const parts = marked(['step 1', ...printed, 'step 2']).map((line) => line[0]);
		expect(parts.join('')).toMatch(/^\.h[be]+e\.$/);
		expect(parts.filter((part) => part === 'e')).toHaveLength(exceptions);
		expect(printed.at(-1)).toMatch(last);
	});
});

describe('chains', () => {
	test('are one block, whose end is the last exception', () => {
		expectMarks(`
. step 120
h Traceback (most recent call last):
b   File "/app/train.py", line 4, in step
b     inner()
b     ~~~~~^^
e ValueError: bad batch
b 
b During handling of the above exception, another exception occurred:
b 
b Traceback (most recent call last):
b   File "/app/train.py", line 5, in step
b     {}["lr"]
e KeyError: 'lr'
b 
b The above exception was the direct cause of the following exception:
b 
b Traceback (most recent call last):
b   File "/app/train.py", line 8, in main
b     raise RuntimeError("step failed") from error
e RuntimeError: step failed
. step 121
. During the night
`);
	});

	test('go on after a message of several lines', () => {
		expectMarks(`
h Traceback (most recent call last):
b   File "/app/train.py", line 4, in step
b     loss.backward()
e RuntimeError: CUDA error: device-side assert triggered
. CUDA kernel errors might be asynchronously reported at some other API call.
. Compile with \`TORCH_USE_CUDA_DSA\` to enable device-side assertions.
. 
b During handling of the above exception, another exception occurred:
b 
b Traceback (most recent call last):
b   File "/app/train.py", line 9, in main
b     save()
e OSError: [Errno 28] No space left on device
`);
	});

	test('of two blocks with an empty line between them there is none', () => {
		expectMarks(`
h Traceback (most recent call last):
b   File "a.py", line 1, in f
e ValueError
b 
h Traceback (most recent call last):
b   File "a.py", line 1, in f
e ValueError
b 
. step 1
. 
`);
	});

	test('a sentence without a traceback after it chains nothing', () => {
		expectMarks(`
h Traceback (most recent call last):
b   File "a.py", line 1, in f
e ValueError
b 
b During handling of the above exception, another exception occurred:
b 
. step 1
. ValueError
`);
	});
});

describe('groups', () => {
	test('are one block, whose end is their own line', () => {
		expectMarks(`
h   + Exception Group Traceback (most recent call last):
b   |   File "/app/train.py", line 14, in main
b   |     raise ExceptionGroup("two workers", errors)
e   | ExceptionGroup: two workers (2 sub-exceptions)
b   +-+---------------- 1 ----------------
b     | Traceback (most recent call last):
b     |   File "/app/train.py", line 2, in inner
b     |     raise ValueError("bad batch")
b     | ValueError: bad batch
b     | 
b     | The above exception was the direct cause of the following exception:
b     | 
b     | Traceback (most recent call last):
b     |   File "/app/train.py", line 3, in inner
b     | TypeError: no
b     +---------------- 2 ----------------
b     | ExceptionGroup: more (1 sub-exception)
b     +-+---------------- 1 ----------------
b       | KeyError: 'lr'
b       +------------------------------------
. step 121
. | a table |
`);
	});

	test('end a chain', () => {
		expectMarks(`
h Traceback (most recent call last):
b   File "/app/train.py", line 2, in inner
e ValueError: bad batch
b 
b The above exception was the direct cause of the following exception:
b 
b   + Exception Group Traceback (most recent call last):
b   |   File "/app/train.py", line 17, in main
e   | ExceptionGroup: two workers (1 sub-exception)
b   +-+---------------- 1 ----------------
b     | TypeError: no
b     +------------------------------------
. step 121
`);
	});
});

describe('prefixes', () => {
	test('of torch, whose ranks print between each other', () => {
		expectMarks(`
h [rank0]: Traceback (most recent call last):
b [rank0]:   File "/app/train.py", line 2, in main
h [rank1]: Traceback (most recent call last):
. step 120 loss 0.3
b [rank1]:   File "/app/train.py", line 2, in main
b [rank0]:     loss.backward()
e [rank1]: torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:2027
e [rank0]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.
. [rank0]:[W1120 12:00:00.986111857 ProcessGroupNCCL.cpp:1374] Warning: destroyed
`);
	});

	test('of vLLM, whose blank lines end before the prefix does', () => {
		expectMarks(`
h (EngineCore pid=87) ERROR 08-19 18:34:27 [core.py:1349] Traceback (most recent call last):
b (EngineCore pid=87) ERROR 08-19 18:34:27 [core.py:1349]   File "core.py", line 1318, in run
e (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349] ValueError: no memory
b (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349]
b (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349] The above exception was the direct cause of the following exception:
b (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349]
b (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349] Traceback (most recent call last):
b (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349]   File "core.py", line 1318, in run
e (EngineCore pid=87) ERROR 08-19 18:34:28 [core.py:1349] RuntimeError: engine died
. (EngineCore pid=87) INFO 08-19 18:34:29 [core.py:12] bye
`);
	});

	test('that only the header has, or that it has more of', () => {
		expectMarks(`
h 2026-01-01 12:00:00,123 - root - ERROR - Traceback (most recent call last):
b   File "/app/train.py", line 3, in main
b     {}["lr"]
e KeyError: 'lr'
b 
h (worker pid=7) ERROR step failed: Traceback (most recent call last):
b (worker pid=7)   File "/app/train.py", line 3, in main
e (worker pid=7) KeyError: 'lr'
h   0%|          | 0/10 [00:00<?, ?it/s]Traceback (most recent call last):
b   File "/app/train.py", line 3, in main
e KeyError: 'lr'
`);
	});

	test('that look like another rank do not take its lines', () => {
		expectMarks(`
h [rank0]: Traceback (most recent call last):
b [rank0]:   File "/app/train.py", line 2, in main
. [rank1]:   File "/app/train.py", line 2, in main
. [rank1]: ValueError: x
e [rank0]: ValueError: x
`);
	});

	test('times go on within a block', () => {
		expectMarks(`
h 2026-01-01T12:00:00.123Z Traceback (most recent call last):
b 2026-01-01T12:00:00.456Z   File "/app/train.py", line 2, in main
e 2026-01-01T12:00:01.001Z ValueError: x
`);
	});
});

describe('of other libraries', () => {
	test("rich's boxes", () => {
		expectMarks(`
h ╭───────────────────── Traceback (most recent call last) ──────────────────────╮
b │ /app/train.py:12 in main                                                     │
b │ ❱ 12     loss.backward()                                                     │
b ╰──────────────────────────────────────────────────────────────────────────────╯
e ValueError: bad batch
. step 121
`);
	});

	test('remote ones, in the message of an exception', () => {
		expectMarks(`
. concurrent.futures.process._RemoteTraceback: 
. """
h Traceback (most recent call last):
b   File "/app/data.py", line 2, in load
e ValueError: bad batch
b """
b 
b The above exception was the direct cause of the following exception:
b 
b Traceback (most recent call last):
b   File "/app/train.py", line 9, in main
e RuntimeError: Caught ValueError in DataLoader worker process 0.
b Original Traceback (most recent call last):
b   File "/app/data.py", line 2, in load
e ValueError: bad batch
h Traceback (most recent call last):
b   File "/app/train.py", line 9, in main
e ray.exceptions.RayTaskError(ValueError): ray::load() (pid=12, ip=10.0.0.2)
b   File "/app/data.py", line 2, in load
e ValueError: bad batch
`);
	});
});

describe('a block that is cut short', () => {
	test.each([['step 121 loss 0.3'], ['WARNING: slow'], ['Epoch: 3'], ['loss: 0.3'], ['{"a": 1}']])(
		'by %s',
		(line) => {
			expectMarks(`
h Traceback (most recent call last):
b   File "/app/train.py", line 2, in main
b     train()
. ${line}
.   File "/app/train.py", line 3, in train
. ValueError: bad batch
`);
		},
	);

	test('by another one', () => {
		expectMarks(`
h Traceback (most recent call last):
b   File "/app/train.py", line 2, in main
h Traceback (most recent call last):
b   File "/app/train.py", line 2, in main
e ValueError: bad batch
`);
	});

	test('by an indented text without end', () => {
		const lines = ['Traceback (most recent call last):', '  File "a.py", line 1, in f'];
		const parts = marked([...lines, ...Array<string>(1000).fill('    weight: 1')]);
		expect(parts.at(5)).toMatch(/^b/);
		expect(parts.at(-1)).toMatch(/^\./);
	});
});

test('nodes print at the same time, and the plane too', () => {
	const tracker = new TracebackTracker();
	const lines = [
		'Traceback (most recent call last):',
		'  File "/app/train.py", line 2, in main',
		'    train()',
		'ValueError: bad batch',
	];
	const parts = lines.flatMap((line) => [0, 1, null].map((node) => tracker.push(node, line)));
	expect(parts).toEqual(['head', 'body', 'body', 'end'].flatMap((part) => [part, part, part]));
	expect(tracker.push(2, '  File "/app/train.py", line 2, in main')).toBe('none');
});

test('a record with a whole traceback is a block by itself', () => {
	const whole =
		'step failed\nTraceback (most recent call last):\n  File "a.py", line 1\nValueError: x';
	const tracker = new TracebackTracker();
	expect(tracker.push(0, whole)).toBe('head');
	expect(tracker.push(0, 'ValueError: x')).toBe('none');
	expect(tracker.push(0, 'Traceback (most recent call last):\n')).toBe('head');
	expect(tracker.push(0, '  File "a.py", line 1, in f\n')).toBe('body');
});

test.each([
	['prose', 'said "Traceback (most recent call last)" and went on'],
	['the order of faulthandler', 'Traceback (most recent call first):'],
	['a very long line', `${'x'.repeat(70_000)}Traceback (most recent call last):`],
	['prose of two lines', 'two\nlines with Traceback (most recent call last) in them'],
])('%s opens nothing', (_, line) => {
	expect(new TracebackTracker().push(0, line)).toBe('none');
});

test('a storm of headers takes neither memory nor time', () => {
	const tracker = new TracebackTracker();
	const open = (node: number, worker: number) =>
		tracker.push(node, `[worker ${worker}] Traceback (most recent call last):`);
	const goOn = (node: number, worker: number) =>
		tracker.push(node, `[worker ${worker}]   File "a.py", line 1, in f`);
	const before = performance.now();
	for (let at = 0; at < 20_000; at++) open(at, 0);
	expect([goOn(19_999, 0), goOn(100, 0)]).toEqual(['body', 'none']);
	for (let at = 0; at < 20_000; at++) open(0, at);
	expect([goOn(0, 19_999), goOn(0, 100)]).toEqual(['body', 'none']);
	for (const piece of ['─', '╭', '╭─', ' ', 'Original ', '  + Exception Group '])
		for (let count = 0; count < 100; count++)
			tracker.push(0, `${piece.repeat(65_536 / piece.length)}Traceback (most recent call last)`);
	expect(performance.now() - before).toBeLessThan(5000);
});
