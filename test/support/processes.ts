/** What every process of this machine shows of its arguments and its environment, looked at again and again. */
import {readdirSync, readFileSync} from 'node:fs';

export type Watch = Readonly<{
  /** Ends it; all distinct texts that were seen, by where they were seen first. */
  stop: () => Readonly<Record<string, string>>;
}>;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Gone, or another user's.
    return '';
  }
};

/** @param every milliseconds between two looks */
export function watchProcesses(every = 15): Watch {
  const seen = new Map<string, string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      for (const kind of ['cmdline', 'environ']) {
        const text = read(`/proc/${pid}/${kind}`);
        if (text !== '' && !seen.has(text)) seen.set(text, `${kind} of ${read(`/proc/${pid}/comm`).trim()}`);
      }
    }
  };
  look();
  const timer = setInterval(look, every);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return Object.fromEntries([...seen].map(([text, where], at) => [`${where} (${at})`, text]));
    },
  };
}
