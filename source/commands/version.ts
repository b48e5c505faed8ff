import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './package-root.ts';

const packageSchema = z.object({ version: z.string() });

/** Version of signalbox. */
export const { version } = packageSchema.parse(
	JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')),
);
