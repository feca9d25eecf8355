/** Ways in which the user's world refuses what was asked, apart from what a server answers. */
import type {Clean} from './clean.ts';

/** The copy of the store as it was before the last save, beside it. */
export type Backup =
  | Readonly<{state: 'absent'}>
  /** Something has its name, but it cannot be read as a store. */
  | Readonly<{state: 'unusable'; path: string}>
  /** It holds what the store holds, so it is no way back; or it holds something else, `credentials` of them. */
  | Readonly<{state: 'equal' | 'differs'; path: string; credentials: number}>;

/** A clear copy that is not what was sealed. `null`: there is none on that side. */
export type ChangedField = Readonly<{field: string; clear: Clean | null; sealed: Clean | null}>;

/** Why the store or a seal in it could not be used. Each `code` is also a failure code with a checklist of its own. */
export type StoreProblem = Readonly<{
  /** The store's file, or the file beside it that is meant. Of the store in use, never a usual place. */
  path: string;
}> &
  (
    | Readonly<{
        code: 'passphrase-wrong';
        backup: Backup;
        /** Name of the credential whose seal it is, where it was not the whole store's; null: the store's. */
        of: Clean | null;
        /** `opens`: the store's passphrase opens the rest. `given-up`: its token went with a lost passphrase. */
        state: 'does-not-open' | 'opens-others' | 'given-up';
      }>
    | Readonly<{
        code: 'store-changed';
        backup: Backup;
        /** What was changed, as a noun: “the draft”, “the saved credential …”. */
        what: Clean;
        /** Empty where the seal itself is not one that this store made. */
        fields: readonly ChangedField[];
      }>
    | Readonly<{code: 'store-damaged'; backup: Backup; reason: Clean; part: 'file' | 'seal'}>
    | Readonly<{code: 'store-newer'; version: number; supported: number}>
    | Readonly<{
        code: 'store-unsafe';
        problem: string;
        owner: string;
        uid: number;
        mode: string;
        /** What makes it ours, for who has looked first; null where nothing does. */
        cure: string | null;
        othersWrite: boolean;
      }>
    | Readonly<{
        code: 'store-unwritable';
        errno: string;
        reason: string;
        operation: 'read' | 'write';
        /** The new content is in place; only that it will stay is not sure. */
        saved: boolean;
      }>
    | Readonly<{
        code: 'store-busy';
        /** Who holds the lock and for how long; null where another jirakey was faster and is done. */
        holder: Readonly<{pid: number | null; seconds: number}> | null;
      }>
    | Readonly<{code: 'memory-too-small'; needed: string; available: string; workFactor: number}>
  );

export type StoreFaultCode = StoreProblem['code'];
export type ProblemOf<Code extends StoreFaultCode> = Extract<StoreProblem, Readonly<{code: Code}>>;

/**
 * A failure of the user's world that is thrown from the store. Its message is one line without secrets; `problem` has
 * the values a checklist speaks of.
 */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  constructor(readonly problem: StoreProblem) {
    super(sentenceOf(problem));
  }

  get code(): StoreFaultCode {
    return this.problem.code;
  }
}

export const counted = (credentials: number): string =>
  `${credentials} saved credential${credentials === 1 ? '' : 's'}`;

function sentenceOf(problem: StoreProblem): string {
  const {path} = problem;
  switch (problem.code) {
    case 'passphrase-wrong':
      return wrongPassphrase(problem);
    case 'store-changed': {
      const fields = problem.fields.map(({field}) => field).join(', ');
      return fields === ''
        ? `${problem.what} in ${path} was not sealed by this store: somebody put another seal there`
        : `${fields} of ${problem.what} in ${path} was changed outside jirakey`;
    }
    case 'store-damaged':
      return problem.part === 'seal'
        ? `A sealed part of ${path} cannot be read: ${problem.reason}`
        : `${path} cannot be read as a store: ${problem.reason}. It was left as it is; ${backupText(problem.backup)}`;
    case 'store-newer':
      return `${path} was written by a newer jirakey (version ${problem.version}, this one reads ${problem.supported})`;
    case 'store-unsafe':
      return `${path} ${problem.problem} (owner ${problem.owner}, mode ${problem.mode})`;
    case 'store-unwritable':
      return problem.saved
        ? `${path} is saved, but ${problem.reason} (${problem.errno}): it may be gone after a power failure`
        : `Cannot ${problem.operation} ${path}: ${problem.reason} (${problem.errno})${
            problem.operation === 'write' ? '. What was saved before is still there' : ''
          }`;
    case 'store-busy':
      return problem.holder === null
        ? `Another jirakey changed ${path} in the meantime; it was left as it is now`
        : `Another jirakey (process ${problem.holder.pid ?? 'unknown'}) has been saving for ${problem.holder.seconds} s and holds ${path}`;
    case 'memory-too-small':
      return `The key derivation needs ${problem.needed} of memory, and ${problem.available} are free`;
  }
}

function wrongPassphrase({path, of, state}: ProblemOf<'passphrase-wrong'>): string {
  if (of === null) return `Wrong passphrase, or ${path} was changed`;
  switch (state) {
    case 'does-not-open':
      return `Wrong passphrase for “${of}”, or ${path} was changed`;
    case 'opens-others':
      return `“${of}” in ${path} is still sealed under a passphrase of its own, and this one does not open it`;
    case 'given-up':
      return `The token of “${of}” was given up with its lost passphrase; ${path} keeps everything else about it`;
  }
}

function backupText(backup: Backup): string {
  switch (backup.state) {
    case 'absent':
      return 'there is no backup';
    case 'unusable':
      return `${backup.path} cannot be read either`;
    case 'equal':
    case 'differs':
      return `${backup.path} holds ${counted(backup.credentials)}`;
  }
}

/**
 * What whoever runs the program can put right themselves. The message is one line that says what happened; each of
 * `hints` is one step to take now. Whatever else is thrown is a bug, or a StoreFault.
 */
export abstract class UserFault extends Error {
  constructor(
    message: string,
    readonly hints: readonly string[] = [],
  ) {
    super(message);
  }
}

/** The command line or the input was wrong: exit 2. */
export class UsageFault extends UserFault {
  override readonly name: string = 'UsageFault';
}

/** The place a secret was to be read from gives none: exit 2. */
export class SourceFault extends UsageFault {
  override readonly name: string = 'SourceFault';
}

/** Nothing is there yet to work with: exit 3. */
export class NothingThere extends UserFault {
  override readonly name: string = 'NothingThere';
}

/** What was given as the token cannot be one; `token-unusable`. The message never holds any part of it. */
export class TokenFault extends UserFault {
  override readonly name: string = 'TokenFault';
}

/** No credential of the name asked for is saved; `credential-unknown`. */
export class UnknownName extends UserFault {
  override readonly name: string = 'UnknownName';
  constructor(
    readonly wanted: string,
    /** The saved names most like it, nearest first. */
    readonly nearest: readonly string[],
  ) {
    super('no credential of that name is saved.');
  }
}
