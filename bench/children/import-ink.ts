/** A program that only loads Ink and React. */
import 'react';
import 'ink';

process.stdout.write('up');
