// Appends records to job1 of the store in argv[2] until it is killed, and prints the cursor of
// each append after it was acknowledged.
import { writeSync } from 'node:fs';
import { Store } from '../../source/store/store.ts';
import { sampleRecords } from './samples.ts';

const store = Store.open(process.argv[2] ?? '');
for (let last = store.logBounds('job1').last; ; ) {
	last = store.append('job1', sampleRecords(last + 1, last + 1 + (last % 7)));
	writeSync(1, `${last}\n`);
}
