/** Mending the store where somebody can be asked: `doctor --fix`, and the assistant before it begins. */

import {clean} from '../../domain/clean.ts';
import {StoreFault} from '../../domain/fault.ts';
import type {Mended, Store} from '../../store/store.ts';
import {wrap} from '../../text/wrap.ts';
import type {World} from '../../world.ts';
import type {Options} from '../line/options.ts';
import type {Page} from '../speech/page.ts';
import type {Voice} from '../speech/voice.ts';

/** `--yes` agrees to everything; without it, and without somebody to ask, what needs consent is left as it is. */
export async function mendStore(store: Store, options: Options, world: World): Promise<readonly Mended[]> {
  if (options.yes === true) return store.mend(async () => true);
  const {askYes, canAsk} = await import('../speech/ask.ts');
  if (options.json === true || !canAsk(world)) return store.mend(async () => false);
  return store.mend(question => askYes(world, options, question));
}

/** What was mended, and what was left, as the lines below the checks. */
export function mendedText(mended: readonly Mended[], {width, unicode}: Page): string {
  const marks = unicode ? {mended: '✓', left: '!'} : {mended: 'v', left: '!'};
  if (mended.length === 0) return 'Mended: nothing needed it.';
  const lines = mended.flatMap(({state, text, more}) => {
    const [first = '', ...rest] = [text, ...more].flatMap(one => wrap(clean(one, 600), Math.max(20, width - 4)));
    return [`${marks[state]} ${first}`, ...rest.map(line => `    ${line}`)];
  });
  return ['Mended, and left alone:', ...lines].join('\n');
}

/**
 * The assistant's first look at the store: a damaged or missing file is offered back from its backup, and a damaged one
 * without a backup can be moved aside. Whoever says no gets the fault with its checklist.
 */
export async function offerBackup(store: Store, options: Options, world: World, voice: Voice): Promise<void> {
  const {fault, missing} = await damage(store);
  if (fault === null && missing === null) return;
  const {askYes, canAsk} = await import('../speech/ask.ts');
  if (!canAsk(world)) return;
  if (fault !== null && fault.facts.backup === 'none') {
    const yes = await askYes(world, options, {
      question: `${fault.message}. Move the damaged file aside, where it is kept, and begin anew?`,
      yes: 'Yes, begin with an empty store',
      no: 'No, leave everything as it is',
    });
    const kept = yes ? await store.setAside() : null;
    if (kept !== null) voice.note(`The damaged file is kept: ${kept}`);
    return;
  }
  for (const {text, more} of await store.mend(question => askYes(world, options, question))) {
    voice.note([text, ...more].map(line => clean(line, 600)).join('\n'));
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
