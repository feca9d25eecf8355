/** The nearest of the words we know, for a word somebody mistyped. */

/** Edits from one word to the other: insert, drop, replace, swap two neighbours (optimal string alignment). */
export function distance(one: string, other: string): number {
  let before: number[] = [];
  let previous = Array.from({length: other.length + 1}, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) best = Math.min(best, (before[column - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[other.length] ?? 0;
}

/** At most three known words near the mistyped one, nearest first; a known word that begins with it counts as near. */
export function suggest(word: string, known: readonly string[]): string[] {
  const typed = word.toLowerCase();
  const allowed = Math.max(1, Math.floor(typed.length / 3));
  return known
    .map(candidate => {
      const begins = typed.length >= 2 && candidate.startsWith(typed);
      return {candidate, edits: begins ? 0.5 : distance(typed, candidate)};
    })
    .filter(({edits}) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({candidate}) => candidate);
}

/** "Did you mean a, b or c?" or nothing. */
export function didYouMean(word: string, known: readonly string[], before = ''): string[] {
  const near = suggest(word, known).map(candidate => before + candidate);
  const last = near.pop();
  if (last === undefined) return [];
  return [`Did you mean ${near.length === 0 ? last : `${near.join(', ')} or ${last}`}?`];
}
