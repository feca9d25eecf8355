import {exit} from '../domain/exit.ts';
import {UsageFault} from '../domain/fault.ts';
import type {Run} from './context.ts';
import {exportFormats, type Options} from './line/options.ts';
import {expiryWarning} from './saved/expiring.ts';
import type {Exported} from './saved/exported.ts';
import {type Format, writers} from './saved/formats.ts';
import {openSaved, savedAsNamed} from './saved/saved.ts';
import {asksForToken, checkTemplate} from './saved/tool-formats.ts';
import {refuseTerminal} from './secrets/reveal.ts';
import {checkSources} from './secrets/secrets.ts';

export const run: Run = async context => {
  const {options, printer} = context;
  checkSources(options);
  const format = formatOf(options);
  if (options.template !== undefined && format !== 'template') {
    throw new UsageFault('--template goes with --format template.');
  }
  if (format === 'template') checkTemplate(options.template);
  const withToken = holdsToken(format, options);
  if (withToken) refuseTerminal(context);
  const saved = await savedAsNamed(context);
  const {content, token} = await openSaved(saved, context);
  const given: Exported = {...content, template: options.template ?? null, token: withToken ? token : null};
  const {text, notes} = writers[format](given);
  (withToken ? printer.handOut : printer.result)(text);
  const warning = expiryWarning(given, context);
  for (const note of warning === null ? notes : [...notes, warning]) printer.note(note);
  return exit.done;
};

const isFormat = (text: string): text is Format => (exportFormats as readonly string[]).includes(text);

/** @throws UsageFault */
function formatOf({format, json, template}: Options): Format {
  if (format === undefined && json === true) return 'json';
  if (json === true && format !== 'json')
    throw new UsageFault(`--json and --format ${format} are two formats: give one.`);
  if (format === undefined && template !== undefined) return 'template';
  if (format !== undefined && isFormat(format)) return format;
  throw new UsageFault('which form? Name it with --format.', [`Forms: ${exportFormats.join(', ')}`]);
}

/** The form is typed over by hand, so its token is optional; jira-cli takes the token by another way than its file. */
function holdsToken(format: Format, {reveal, template}: Options): boolean {
  if (format === 'nexla-form') return reveal === true;
  if (format === 'template') return template === undefined || asksForToken(template);
  return format !== 'jira-cli';
}
