import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		// Whole-program tests start real processes on a machine that may have two cores.
		maxWorkers: 2,
		testTimeout: 60_000,
		hookTimeout: 60_000,
		env: { FORCE_COLOR: '1', TZ: 'UTC' },
	},
});
