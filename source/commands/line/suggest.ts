/** The nearest of the words we know, for a word somebody mistyped. */
import {distance} from '../../text/distance.ts';

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
