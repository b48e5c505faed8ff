import packageJson from '../../package.json' with { type: 'json' };

/** Version of signalbox. */
export const { version } = packageJson;
