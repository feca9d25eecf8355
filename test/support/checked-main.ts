/** For every test file: `main` of the commands, with each JSON document it prints held against its schema. */
import {vi} from 'vitest';
import type * as Main from '../../source/commands/main.ts';

vi.mock('../../source/commands/main.ts', async original => {
  const {main} = await original<typeof Main>();
  return {
    main: async (...[argv, world]: Parameters<typeof main>): Promise<number> => {
      const {stdout} = world;
      const write = stdout.write.bind(stdout);
      let text = '';
      stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
        text += String(chunk);
        return write(chunk, ...rest);
      };
      try {
        const code = await main(argv, world);
        // Only where there is something to check: most test files never come here.
        const {checkDocument} = await import('./documents.ts');
        checkDocument(argv, text);
        return code;
      } finally {
        stdout.write = write;
      }
    },
  };
});
