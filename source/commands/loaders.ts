/** How each command is loaded, when it is called. Read by main alone: nothing here says what a command is. */
import type {Run} from './context.ts';
import type {CommandName} from './line/command-table.ts';

export const loaders: Readonly<Record<CommandName, () => Promise<Readonly<{run: Run}>>>> = {
  setup: () => import('./setup.ts'),
  test: () => import('./test.ts'),
  list: () => import('./list.ts'),
  show: () => import('./show.ts'),
  edit: () => import('./edit.ts'),
  fix: () => import('./fix.ts'),
  rotate: () => import('./rotate.ts'),
  passphrase: () => import('./passphrase.ts'),
  key: () => import('./key.ts'),
  token: () => import('./token.ts'),
  exec: () => import('./exec.ts'),
  export: () => import('./export.ts'),
  remove: () => import('./remove.ts'),
  explain: () => import('./explain.ts'),
  doctor: () => import('./doctor.ts'),
  report: () => import('./report.ts'),
  practice: () => import('./practice.ts'),
  path: () => import('./path.ts'),
  completion: () => import('./completion.ts'),
};
