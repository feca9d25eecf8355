/** Readers of what monitors are given, written from the formats' own descriptions and not from our writers. */

export type Sample = Readonly<{name: string; labels: Readonly<Record<string, string>>; value: number}>;

/** One line of labels, character by character, as the format describes them. */
function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    const name = /^[a-zA-Z_][a-zA-Z0-9_]*="/.exec(text.slice(at))?.[0];
    if (name === undefined) throw new Error(`no label at ${at} of ${text}`);
    at += name.length;
    let value = '';
    for (; text[at] !== '"'; at += 1) {
      if (at >= text.length) throw new Error(`label without an end: ${text}`);
      if (text[at] !== '\\') value += text[at];
      else {
        at += 1;
        const meant = {n: '\n', '\\': '\\', '"': '"'}[text[at] ?? ''];
        if (meant === undefined) throw new Error(`unknown escape in ${text}`);
        value += meant;
      }
    }
    const key = name.slice(0, -2);
    if (key in labels) throw new Error(`label twice: ${text}`);
    labels[key] = value;
    at += 1;
    if (at < text.length && text[at] !== ',') throw new Error(`no comma at ${at} of ${text}`);
    at += 1;
  }
  return labels;
}

/**
 * https://prometheus.io/docs/instrumenting/exposition_formats/, "Text format details".
 * @throws where a scraper would refuse the whole
 */
export function readExposition(text: string): readonly Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const samples: Sample[] = [];
  const seen = new Set<string>();
  const closed = new Set<string>();
  let family = {name: '', help: false, type: false};
  const open = (name: string): void => {
    if (name === family.name) return;
    if (closed.has(name)) throw new Error(`${name} is in two places`);
    closed.add(family.name);
    family = {name, help: false, type: false};
  };
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind = '', name = '', rest = ''] = comment;
      open(name);
      const part = kind === 'HELP' ? 'help' : 'type';
      if (family[part]) throw new Error(`${kind} of ${name} twice`);
      if (part === 'type' && !['gauge', 'counter'].includes(rest)) throw new Error(`type ${rest}`);
      family[part] = true;
      continue;
    }
    const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line);
    if (match === null) throw new Error(`no sample: ${line}`);
    const [, name = '', inner = '', value = ''] = match;
    open(name);
    if (!family.help || !family.type) throw new Error(`${name} has no HELP or TYPE before it`);
    const labels = labelsOf(inner);
    const series = JSON.stringify([name, Object.entries(labels).sort()]);
    if (seen.has(series)) throw new Error(`twice: ${series}`);
    seen.add(series);
    samples.push({name, labels, value: Number(value)});
  }
  return samples;
}

export type PluginOutput = Readonly<{
  text: string;
  data: ReadonlyMap<string, Readonly<{value: number; unit: string; warn: string; crit: string}>>;
  details: readonly string[];
}>;

/**
 * https://www.monitoring-plugins.org/doc/guidelines.html, "Plugin Output" and "Performance data".
 * @throws where a monitor would drop a part
 */
export function readPlugin(stdout: string): PluginOutput {
  const [first = '', ...details] = stdout.trimEnd().split('\n');
  if (stdout.split('|').length > 2) throw new Error('more than one |');
  const [text = '', rest = ''] = first.split('|');
  const data = new Map<string, {value: number; unit: string; warn: string; crit: string}>();
  let left = rest.trim();
  while (left !== '') {
    const one = /^(?:'((?:[^'=]|'')+)'|([^\s'=]+))=(-?\d+(?:\.\d+)?)([a-zA-Z%]*)((?:;[-\d.:~@]*){0,4})(?:\s+|$)/.exec(
      left,
    );
    if (one === null) throw new Error(`no performance data: ${left}`);
    const [whole, quoted, bare, value, unit = '', limits = ''] = one;
    const label = quoted?.replaceAll("''", "'") ?? bare ?? '';
    if (data.has(label)) throw new Error(`label twice: ${label}`);
    const [, warn = '', crit = ''] = limits.split(';');
    data.set(label, {value: Number(value), unit, warn, crit});
    left = left.slice(whole.length);
  }
  return {text: text.trim(), data, details};
}
