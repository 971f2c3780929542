import { validateConfig } from '../../../config/validate.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { keeping } from '../../../functions/config/config.ts';
import { FORMAT } from '../../../functions/core/format.ts';

const sources = { tasks: { provider: 'tasks' } };

test.each([FORMAT, FORMAT - 1])('a writer may be told to write format %d', (storedFormat) => {
  const config = validateConfig(JSON.parse(JSON.stringify({ sources, storedFormat })));
  expect(keeping(config).format).toBe(storedFormat);
});

test('the default is the own format', () => {
  expect(keeping(validateConfig({ sources })).format).toBe(FORMAT);
});

test.each([FORMAT + 1, FORMAT - 2, String(FORMAT), null])(
  '%p is refused, with what to write',
  (storedFormat) => {
    const wrong = { sources, storedFormat } as unknown as InletConfig;
    expect(() => validateConfig(wrong)).toThrow(
      `storedFormat: write ${FORMAT - 1} while functions of the release before are running, or remove the key`,
    );
  },
);
