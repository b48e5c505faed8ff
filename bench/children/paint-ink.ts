/** A program that draws one line with Ink: the least that any screen built on it pays for. */
import { render, Text } from 'ink';
import { createElement } from 'react';

render(createElement(Text, null, 'painted'), { alternateScreen: true });
