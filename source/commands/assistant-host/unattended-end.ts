/** What every unattended save shares: answers that are accepted or refused, and how the end is said. */
import {reportJson} from '../../diagnosis/report-text.ts';
import type {SavedCredential} from '../../domain/credential.ts';
import {UsageFault} from '../../domain/fault.ts';
import {printReport, type Verdict} from '../connection-test/connection-test.ts';
import type {Context} from '../context.ts';
import {pageOf} from '../output/page.ts';
import {tile} from '../output/tile.ts';
import {described} from '../saved/described.ts';

type Checked = Readonly<{ok: true}> | Readonly<{ok: false; reason: string}>;

/** @throws UsageFault with the reason, under the field's label */
export function accepted<Result extends Checked>(result: Result, label: string): Extract<Result, {ok: true}> {
  if (isAccepted(result)) return result;
  throw new UsageFault(`${label}: ${'reason' in result ? result.reason : 'it cannot be used.'}`);
}

const isAccepted = <Result extends Checked>(result: Result): result is Extract<Result, {ok: true}> => result.ok;

/** The end of an attempt that saved nothing. */
export function unchanged(verdict: Verdict, context: Context): number {
  const {options, printer} = context;
  printReport(verdict.report, context);
  const instead = options['save-untested'] ? '' : ' (--save-untested saves without a test.)';
  printer.note(`Nothing was saved.${instead}`);
  return verdict.code;
}

export function announce(saved: SavedCredential, verdict: Verdict | null, context: Context): void {
  const {options, world, printer} = context;
  if (options.json) {
    if (verdict === null) printer.json(described(saved));
    else printer.result(reportJson(verdict.report));
    return;
  }
  for (const warning of verdict?.report.warnings ?? []) printer.note(`Warning: ${warning.title}`);
  const page = pageOf(world.stdout, world);
  printer.result(tile(saved, page, world.now()));
  printer.note(
    `Saved${verdict === null ? ', untested' : ''}. Test it any time: ${context.commandLine('test', {name: saved.name})}`,
  );
}
