/** Mending the store where somebody can be asked: `doctor --fix`, and the assistant before it begins. */

import {clean} from '../../domain/clean.ts';
import {StoreFault} from '../../domain/fault.ts';
import type {Repaired, Store} from '../../store/store.ts';
import {wrap} from '../../text/wrap.ts';
import type {Context} from '../context.ts';
import type {Page} from '../output/page.ts';

/** `--yes` agrees to everything; without it, and without somebody to ask, what needs consent is left as it is. */
export async function repairStore(store: Store, context: Context): Promise<readonly Repaired[]> {
  const {options, world} = context;
  if (options.yes === true) return store.repair(async () => true);
  const {askYes, canAsk} = await import('../output/prompt.ts');
  if (options.json === true || !canAsk(world)) return store.repair(async () => false);
  return store.repair(question => askYes(context, question));
}

/** What was repaired, and what was left, as the lines below the checks. */
export function repairText(repaired: readonly Repaired[], {width, unicode}: Page): string {
  const marks = unicode ? {repaired: '✓', left: '!'} : {repaired: 'v', left: '!'};
  if (repaired.length === 0) return 'Repaired: nothing needed it.';
  const lines = repaired.flatMap(({state, text, more}) => {
    const [first = '', ...rest] = [text, ...more].flatMap(one => wrap(clean(one, 600), Math.max(20, width - 4)));
    return [`${marks[state]} ${first}`, ...rest.map(line => `    ${line}`)];
  });
  return ['Repaired, and left alone:', ...lines].join('\n');
}

/**
 * The assistant's first look at the store: a damaged or missing file is offered back from its backup, and a damaged one
 * without a backup can be moved aside. Whoever says no gets the fault with its checklist.
 */
export async function offerBackup(store: Store, context: Context): Promise<void> {
  const {world, printer} = context;
  const {fault, missing} = await damage(store);
  if (fault === null && missing === null) return;
  const {askYes, canAsk} = await import('../output/prompt.ts');
  if (!canAsk(world)) return;
  if (fault?.problem.code === 'store-damaged' && fault.problem.backup.state !== 'differs') {
    const yes = await askYes(context, {
      question: `${fault.message}. Move the damaged file aside, where it is kept, and begin anew?`,
      yes: 'Yes, begin with an empty store',
      no: 'No, leave everything as it is',
    });
    const kept = yes ? await store.setAside() : null;
    if (kept !== null) printer.note(`The damaged file is kept: ${kept}`);
    return;
  }
  for (const {text, more} of await store.repair(question => askYes(context, question))) {
    printer.note([text, ...more].map(line => clean(line, 600)).join('\n'));
  }
}

async function damage(store: Store): Promise<Readonly<{fault: StoreFault | null; missing: number | null}>> {
  try {
    await store.read();
    return {fault: null, missing: await store.missingWithBackup()};
  } catch (error) {
    if (error instanceof StoreFault && error.code === 'store-damaged') return {fault: error, missing: null};
    throw error;
  }
}
