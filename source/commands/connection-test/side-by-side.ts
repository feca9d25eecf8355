/** Many tests at once: no site is asked twice at the same time, and never more than so many are under way. */

/** A test waits for answers most of its time; each holds a socket and a few kilobytes. */
const most = 32;

/**
 * @param how.site what must not be asked twice at once: their order stays that of `tests`
 * @returns one promise for each, in order. A rejected one is to be awaited like the others; none is unhandled
 */
export function sideBySide<Test, Result>(
  tests: readonly Test[],
  how: Readonly<{site: (test: Test) => string; run: (test: Test) => Promise<Result>; most?: number}>,
): readonly Promise<Result>[] {
  const bySite = new Map<string, Promise<unknown>>();
  const slots: Promise<unknown>[] = Array.from({length: how.most ?? most}, () => Promise.resolve());
  return tests.map((test, at) => {
    const site = how.site(test);
    const slot = at % slots.length;
    const before = [bySite.get(site), slots[slot]];
    const mine = Promise.allSettled(before).then(() => how.run(test));
    mine.catch(() => {});
    bySite.set(site, mine);
    slots[slot] = mine;
    return mine;
  });
}
