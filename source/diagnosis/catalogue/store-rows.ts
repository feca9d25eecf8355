/** Failures of the store and its seal. They come from no answer of a server, so they have no step and no signal. */
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import type {Backup, ProblemOf, StoreFaultCode, StoreProblem} from '../../domain/fault.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Facts} from '../evidence.ts';
import {jirakey, nameIn, you} from './actions.ts';
import {tokensPage} from './checklist-pages.ts';
import {type Rows, upToSix} from './row.ts';

const store = {
  steps: [],
  exit: exit.store,
  kind: 'failure',
  certainty: 'proven',
  refusal: false,
  concerns: 'store',
  stopsAtUrl: false,
  bearerMayCure: false,
} as const;

/** For `explain`: a store that does not exist. A real failure always comes with the problem of the store in use. */
const examplePath = '/home/you/.config/jirakey/config.json';
const exampleBackup: Backup = {state: 'differs', path: `${examplePath}.bak`, credentials: 1};
const examples: Readonly<{[Code in StoreFaultCode]: ProblemOf<Code>}> = {
  'passphrase-wrong': {
    code: 'passphrase-wrong',
    path: examplePath,
    backup: exampleBackup,
    of: null,
    state: 'does-not-open',
  },
  'store-changed': {
    code: 'store-changed',
    path: examplePath,
    backup: exampleBackup,
    what: clean('the saved credential “my-jira”'),
    fields: [{field: 'url', clear: clean('https://acme.example'), sealed: clean('https://acme.atlassian.net')}],
  },
  'store-damaged': {
    code: 'store-damaged',
    path: examplePath,
    backup: exampleBackup,
    reason: clean('it is not JSON, or was cut off'),
    part: 'file',
  },
  'store-newer': {code: 'store-newer', path: examplePath, version: 3, supported: 2},
  'store-unsafe': {
    code: 'store-unsafe',
    path: examplePath,
    problem: 'can be written by other users',
    owner: 'you',
    uid: 1000,
    mode: '0666',
    cure: null,
    othersWrite: true,
  },
  'store-unwritable': {
    code: 'store-unwritable',
    path: examplePath,
    errno: 'ENOSPC',
    reason: 'the disk is full',
    operation: 'write',
    saved: false,
  },
  'store-busy': {code: 'store-busy', path: examplePath, holder: {pid: 4711, seconds: 12}},
  'memory-too-small': {
    code: 'memory-too-small',
    path: examplePath,
    needed: '260 MiB',
    available: '120 MiB',
    workFactor: 18,
  },
};

const isOf =
  <Code extends StoreFaultCode>(code: Code) =>
  (problem: StoreProblem | undefined): problem is ProblemOf<Code> =>
    problem?.code === code;

function problemIn<Code extends StoreFaultCode>(facts: Facts, code: Code): ProblemOf<Code> {
  const {storeProblem} = facts;
  return isOf(code)(storeProblem) ? storeProblem : examples[code];
}

const folder = (path: string): string => path.replace(/\/[^/]*$/, '') || '/';

const elsewhere = (why: string) =>
  you('Or keep the store in another folder', why, {command: 'export JIRAKEY_STORE="$HOME/jirakey-store"'});

/** A backup is a way back only where there is one and it holds something else than the store. */
const restore = ({path, backup}: Readonly<{path: string; backup: Backup}>, why: string) =>
  backup.state === 'differs'
    ? you('Put the last good copy back', why, {
        command: `cp -p ${shellWord(path)} ${shellWord(`${path}.before`)}; cp -p ${shellWord(backup.path)} ${shellWord(path)}`,
      })
    : null;
const doctor = (facts: Facts): string => jirakey(facts, 'doctor', {options: ['--fix']});
const inspect = (path: string, why: string) =>
  you('See owner, mode and date of the store', why, {command: `ls -la ${shellWord(folder(path))}`});

/** The saved credential, for a command line; null where no name is known or it could be taken for an option. */
function usableName(facts: Facts): string | null {
  const name = nameIn(facts);
  return name === null || name.startsWith('-') ? null : name;
}

function again(facts: Facts): string | null {
  const name = usableName(facts);
  return name === null
    ? null
    : `${jirakey(facts, 'remove', {name})} && ${jirakey(facts, 'setup', {options: ['--name', name]})}`;
}

const giveUp = (facts: Facts) =>
  you(
    'If the passphrase is lost, the token in it is lost too: create a new one',
    'there is no other way to open it; everything else about the credential is kept',
    {command: jirakey(facts, 'rotate', {name: usableName(facts) ?? 'NAME', options: ['--lost-passphrase']})},
  );

export const sealed = {
  'passphrase-wrong': {
    ...store,
    again: 'useless',
    remedies: ['field:passphrase'],
    title(facts) {
      const {of, state} = problemIn(facts, 'passphrase-wrong');
      switch (state) {
        case 'does-not-open':
          return 'Wrong passphrase, or the file was changed';
        case 'opens-others':
          return `“${of}” is still sealed under a passphrase of its own`;
        case 'given-up':
          return `The token of “${of}” was given up with its lost passphrase`;
      }
    },
    proof:
      'The seal does not open. Its encryption does not tell a wrong passphrase from a changed file. Nothing was sent to Jira.',
    checklist(facts) {
      const problem = problemIn(facts, 'passphrase-wrong');
      if (problem.state === 'given-up') return [giveUp(facts), kept(problem.path)];
      // A seal with a name here is of the first format, under the passphrase itself; else the key is, where there is one.
      const pick =
        problem.of === null
          ? '.identity // (.credentials[0] // .draft).sealed'
          : `.credentials[]|select(.name==${JSON.stringify(problem.of)}).sealed`;
      return upToSix([
        you(
          'Type the passphrase again, watching Caps Lock and the keyboard layout',
          problem.state === 'opens-others'
            ? 'it is the one this credential was made with'
            : 'one passphrase opens the whole store',
        ),
        you(
          'If it comes from a file or command, see how many characters that gives',
          'only one line end is taken off; further spaces and lines count',
          {command: 'wc -c </path/to/passphrase-file'},
        ),
        you(
          'Try it with the age tool, without jirakey',
          'if age does not open it either, the passphrase is not the one',
          {
            command: `jq -r ${shellWord(pick)} ${shellWord(problem.path)} | age -d >/dev/null`,
          },
        ),
        restore(problem, 'if the file was changed: the copy is from before the last save'),
        giveUp(facts),
      ]);
    },
  },
  'store-changed': {
    ...store,
    again: 'useless',
    remedies: ['store'],
    title(facts) {
      const {what, fields} = problemIn(facts, 'store-changed');
      const [first] = fields;
      return first === undefined
        ? `The seal of ${what} was not made by this store, so nothing was sent`
        : `${fields.map(({field}) => field).join(', ')}: what the store shows differs from what is sealed (“${first.clear ?? 'none'}” and “${first.sealed ?? 'none'}”), so nothing was sent`;
    },
    proof:
      'An unencrypted field is not equal to its sealed copy, or the seal lacks the mark that only this store can make. Requests are built from a proven seal only, and none was made.',
    checklist(facts) {
      const problem = problemIn(facts, 'store-changed');
      const [first] = problem.fields;
      const why =
        first === undefined
          ? 'anybody who can write the file can put a foreign seal there, to lead the next token elsewhere'
          : `the sealed value is “${first.sealed ?? 'none'}”; another one may be meant to lead the token elsewhere`;
      return upToSix([
        you('Ask who edited the file: it is not meant to be edited', why),
        restore(problem, 'the copy is from before the last save'),
        you(
          'If the new value is the right one, remove the credential and set it up again with it',
          'a seal cannot be changed from outside',
          {command: again(facts)},
        ),
        inspect(problem.path, 'the date says when it was written'),
        you(
          'If nobody you know did it, treat it as an attack: revoke the token',
          'and find out who can write in your folder',
          {url: tokensPage(facts)},
        ),
      ]);
    },
  },
  'memory-too-small': {
    ...store,
    again: 'may-help',
    remedies: ['retry'],
    title(facts) {
      const {needed, available} = problemIn(facts, 'memory-too-small');
      return `Opening the store needs ${needed} of memory; ${available} are free`;
    },
    proof:
      'The key derivation (scrypt) needs much memory on purpose. It was checked before it started, so nothing was started.',
    checklist(facts) {
      const {needed, path} = problemIn(facts, 'memory-too-small');
      return upToSix([
        you('See how much memory is free', 'another program may hold it', {command: 'free -m'}),
        you(
          'In a container, see its limit',
          `${needed} must be left beside the program’s own 40 MiB; “max” means no limit`,
          {command: 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null'},
        ),
        you('Stop what is not needed, or raise the limit', 'it is needed for about a second only'),
        you(
          'Or use the credential on a machine with more memory: the store can be copied there',
          'opening it needs as much as making it, so this machine could not open it either',
          {command: `ls -l ${shellWord(path)}`},
        ),
      ]);
    },
  },
} as const satisfies Rows;

const kept = (path: string) =>
  you(
    'Should the old passphrase turn up, look for the copy that was kept beside the store',
    'it holds everything as it was, sealed as ever',
    {command: `ls -l ${shellWord(path)}.lost-passphrase-*`},
  );

/** What helps against each reason why the system refuses to write. */
function cures({path, errno}: ProblemOf<'store-unwritable'>) {
  const dir = shellWord(folder(path));
  const space = you('See how full the disk is', 'then make room', {command: `df -h ${dir}`});
  const quota = you('See how much of your quota is used', 'then make room', {command: 'quota -s'});
  const modes = you('See who may write there', 'it must be yours, file and folder', {
    command: `ls -ld ${dir} ${shellWord(path)}`,
  });
  const mount = you(
    'See how that file system is mounted',
    '“ro” means read-only; after a disk error a system mounts it so',
    {command: `findmnt -T ${dir}`},
  );
  const limit = you('See the limit on file sizes', '“unlimited” is usual', {command: 'ulimit -f'});
  const order: Readonly<Record<string, readonly ReturnType<typeof you>[]>> = {
    EACCES: [modes, mount],
    EPERM: [modes, mount],
    EROFS: [mount],
    ENOSPC: [
      space,
      you('See whether it has run out of inodes', '100 % there looks like a full disk', {command: `df -i ${dir}`}),
    ],
    EDQUOT: [quota, space],
    EFBIG: [limit, space],
    EIO: [mount, space],
  };
  return order[errno] ?? [modes, space, mount];
}

/** Foreign owners and links are never repaired by doctor: the command is for who has looked first. */
function unsafe(facts: Facts) {
  const {owner, mode, othersWrite, cure} = problemIn(facts, 'store-unsafe');
  const state = `owner ${owner}, mode ${mode}`;
  if (othersWrite) {
    const why = `${state}; the folder should be 700, the file 600. It says first what to check`;
    return you('If all is yours, take the rights of others away', why, {command: doctor(facts)});
  }
  return cure === null
    ? you('Remove it yourself, when you know what it is', `${state}; jirakey made no such thing`)
    : you('If it is all right, make it yours', state, {command: cure});
}

/** The way back depends on what is damaged (the file, or a seal in a good file) and on what is left. */
function rescue(facts: Facts) {
  const problem = problemIn(facts, 'store-damaged');
  if (problem.part === 'seal') return restore(problem, 'the copy is from before the last save');
  if (problem.backup.state === 'differs') {
    return you(
      'Let jirakey put the last good copy back; it asks first',
      'the damaged file is kept beside it, as .damaged-<time>',
      {command: doctor(facts)},
    );
  }
  const why = 'there is no backup that can be read; nothing of the damaged file is deleted';
  return you('Start jirakey: it offers to move the file aside and to begin anew', why, {
    command: jirakey(facts, ''),
  });
}

export const files = {
  'store-damaged': {
    ...store,
    again: 'useless',
    remedies: ['store'],
    title: facts => `The store cannot be read: ${problemIn(facts, 'store-damaged').reason}`,
    proof:
      'The file is no JSON of this program, or a seal in it is malformed. It is moved aside or left as it is, never overwritten.',
    checklist(facts) {
      const {path} = problemIn(facts, 'store-damaged');
      return upToSix([
        rescue(facts),
        inspect(path, 'a file ending in .damaged-… is the damaged one, .bak the copy'),
        you('See whether the disk was full', 'a full disk or a crash is the usual cause', {
          command: `df -h ${shellWord(folder(path))}`,
        }),
        you('If no copy is left, set the credentials up again', 'tokens can be created anew; nothing in Jira is lost', {
          command: jirakey(facts, 'setup'),
        }),
      ]);
    },
  },
  'store-newer': {
    ...store,
    again: 'useless',
    remedies: ['store'],
    title(facts) {
      const {version, supported} = problemIn(facts, 'store-newer');
      return `The store was written by a newer jirakey (version ${version}; this one reads ${supported})`;
    },
    proof: 'The version number in the file is higher than this program knows. It was not changed.',
    checklist: facts =>
      upToSix([
        you('Update jirakey on this machine', 'see which one it has', {command: 'jirakey --version'}),
        you('See which jirakey runs here', 'two may be installed', {command: 'command -v jirakey'}),
        elsewhere('the two stores then live side by side'),
        inspect(problemIn(facts, 'store-newer').path, 'the date says when the newer one wrote it'),
      ]),
  },
  'store-unsafe': {
    ...store,
    again: 'useless',
    remedies: ['store'],
    title(facts) {
      const {path, problem} = problemIn(facts, 'store-unsafe');
      return `${path} ${problem}, so the store is not used`;
    },
    proof:
      'The file or its folder can be written by others, belongs to somebody else, or is a symbolic link that does.',
    checklist: facts =>
      upToSix([
        inspect(
          problemIn(facts, 'store-unsafe').path,
          'who could write it, and when was it written? Both must be yours',
        ),
        unsafe(facts),
        you(
          'If somebody else could write it, check the saved addresses before you use them',
          'a changed one is refused when the seal is opened',
          {command: jirakey(facts, 'list')},
        ),
        elsewhere('in a folder that only you can write'),
      ]),
  },
  'store-unwritable': {
    ...store,
    again: 'may-help',
    remedies: ['store'],
    title(facts) {
      const {path, operation, reason, errno, saved} = problemIn(facts, 'store-unwritable');
      return saved
        ? `${path} is saved, but ${reason} (${errno})`
        : `${path} cannot be ${operation === 'read' ? 'read' : 'written'}: ${reason} (${errno})`;
    },
    proof:
      'The system refused: no right (EACCES), read-only (EROFS), disk full (ENOSPC), quota used up (EDQUOT). What was saved before is whole.',
    checklist: facts =>
      upToSix([
        ...cures(problemIn(facts, 'store-unwritable')),
        elsewhere('on a disk with room and rights'),
        you('Let jirakey check this machine', 'store, modes and disk at a glance', {
          command: jirakey(facts, 'doctor'),
        }),
      ]),
  },
  'store-busy': {
    ...store,
    again: 'may-help',
    remedies: ['retry'],
    title(facts) {
      const {holder} = problemIn(facts, 'store-busy');
      if (holder === null) return 'Another jirakey changed the store in the meantime';
      const who = holder.pid === null ? 'Another jirakey' : `Another jirakey (process ${holder.pid})`;
      return `${who} has been using the store for ${holder.seconds} s`;
    },
    proof:
      'The lock beside the store is held by another process that did not let go within the wait, or another one has saved since this one looked. Nothing was written.',
    checklist(facts) {
      const {path, holder} = problemIn(facts, 'store-busy');
      return upToSix([
        holder === null
          ? null
          : you(
              'Finish the other jirakey, perhaps in another window or tmux pane',
              'it holds the lock only while it saves',
              {command: holder.pid === null ? 'pgrep -a -f jirakey' : `ps -p ${holder.pid} -o pid,user,lstart,args`},
            ),
        you('Try again', 'a save takes less than a second'),
        you('If a job saves in the background, let it end first', 'parallel jobs take turns'),
        inspect(
          path,
          'a lock that belongs to no process is removed by itself; a stopped process (state T) keeps its own',
        ),
      ]);
    },
  },
} as const satisfies Rows;
