/** Failures of the store and its seal. They come from no answer of a server, so they have no step and no signal. */
import {clean} from '../../domain/clean.ts';
import {exit} from '../../domain/exit.ts';
import {shellWord} from '../../domain/shell.ts';
import type {Facts} from '../evidence.ts';
import {nameIn, tokensPage, you} from './actions.ts';
import {type Rows, upToSix} from './row.ts';

const store = {steps: [], exit: exit.store, kind: 'failure', certainty: 'proven', refusal: false} as const;
const at = (facts: Facts, key: string, otherwise: string): string => facts.local[key] ?? otherwise;
const pathIn = (facts: Facts): string => at(facts, 'path', '~/.config/jirakey/config.json');
/** A path for the shell; a leading ~ stays outside the quotes so that it still means the home folder. */
const word = (path: string): string => (path.startsWith('~/') ? `~/${shellWord(path.slice(2))}` : shellWord(path));
const folder = (path: string): string => path.replace(/\/[^/]*$/, '') || '/';
const file = (facts: Facts): string => word(pathIn(facts));
const backup = (facts: Facts): string => at(facts, 'backup', `${pathIn(facts)}.bak`);

const elsewhere = (why: string) =>
  you('Or keep the store in another folder', why, {command: 'export JIRAKEY_STORE="$HOME/jirakey-store"'});
const restore = (facts: Facts, why: string) =>
  you('Put the last good copy back', why, {
    command: `cp -p ${file(facts)} ${word(`${pathIn(facts)}.before`)}; cp -p ${word(backup(facts))} ${file(facts)}`,
  });
/** doctor finds a store in its usual place by itself; the path is only known where there is one. */
const doctor = (facts: Facts): string =>
  facts.local.path === undefined
    ? 'jirakey doctor --fix'
    : `jirakey doctor --fix --store ${word(folder(facts.local.path))}`;
const look = (facts: Facts, why: string) =>
  you('See owner, mode and date of the store', why, {command: `ls -la ${word(folder(pathIn(facts)))}`});
const again = (facts: Facts): string | null => {
  const name = nameIn(facts);
  return name === null || name.startsWith('-')
    ? null
    : `jirakey remove ${shellWord(name)} && jirakey setup --name ${shellWord(name)}`;
};
const startAgain = you(
  'If no copy is left, set the credentials up again',
  'tokens can be created anew; nothing in Jira is lost',
  {command: 'jirakey setup'},
);

export const sealed = {
  'passphrase-wrong': {
    ...store,
    title: () => 'Wrong passphrase, or the file was changed',
    proof:
      'The seal does not open. Its encryption does not tell a wrong passphrase from a changed file. Nothing was sent to Jira.',
    checklist(facts) {
      const name = nameIn(facts);
      const pick = name === null ? '.credentials[0]' : `.credentials[]|select(.name==${JSON.stringify(name)})`;
      return upToSix([
        you(
          'Type the passphrase again, watching Caps Lock and the keyboard layout',
          'one passphrase opens the whole store',
        ),
        you(
          'If it comes from a file or command, see how many characters that gives',
          'only one line end is taken off; further spaces and lines count',
          {command: 'wc -c </path/to/passphrase-file'},
        ),
        you(
          'Try it with the age tool, without jirakey',
          'if age opens it, tell us; if not, the passphrase is not the one',
          {
            command: `jq -r ${shellWord(`${pick}.sealed`)} ${file(facts)} | age -d >/dev/null`,
          },
        ),
        restore(facts, 'if the file was changed: the copy is from before the last save'),
        you(
          'If the passphrase is lost, the token in it is lost too: create a new one',
          'there is no way in without it; everything else about the credential is kept',
          {command: `jirakey rotate ${shellWord(name ?? 'NAME')} --lost-passphrase`},
        ),
      ]);
    },
  },
  'store-changed': {
    ...store,
    title(facts) {
      const fields = facts.local.fields ?? facts.local.field;
      return fields === undefined
        ? 'The store was changed outside jirakey: what is shown differs from what is sealed, so nothing was sent'
        : `${fields}: what the store shows differs from what is sealed (“${at(facts, 'clear', '…')}” and “${at(facts, 'sealed', '…')}”), so nothing was sent`;
    },
    proof:
      'A field in clear is not equal to its sealed copy. Requests are built from the sealed copy only, and none was made.',
    checklist: facts =>
      upToSix([
        you(
          'Ask who edited the file: it is not meant to be edited',
          `the sealed value is “${at(facts, 'sealed', 'the one you saved')}”; another one may be meant to lead the token elsewhere`,
        ),
        restore(facts, 'the copy is from before the last save'),
        you(
          'If the new value is the right one, remove the credential and set it up again with it',
          'a seal cannot be changed from outside',
          {command: again(facts)},
        ),
        look(facts, 'the date says when it was written'),
        you(
          'If nobody you know did it, treat it as an attack: revoke the token',
          'and find out who can write in your folder',
          {url: tokensPage},
        ),
      ]),
    example: facts => ({
      ...facts,
      local: {
        ...facts.local,
        field: clean('url'),
        fields: clean('url'),
        clear: clean('https://acme.example'),
        sealed: clean('https://acme.atlassian.net'),
      },
    }),
  },
  'memory-too-small': {
    ...store,
    title(facts) {
      const needed = facts.local.needed;
      const free = facts.local.available;
      return needed === undefined || free === undefined
        ? 'There is too little memory to open or make a seal'
        : `A seal needs ${needed} of memory; ${free} are free`;
    },
    proof:
      'The key derivation (scrypt) needs much memory on purpose. It was checked before it started, so nothing was begun.',
    checklist: facts =>
      upToSix([
        you('See how much memory is free', 'another program may hold it', {command: 'free -m'}),
        you(
          'In a container, see its limit',
          `${at(facts, 'needed', '260 MiB')} must be left beside the program’s own 40 MiB; “max” means no limit`,
          {command: 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null'},
        ),
        you('Stop what is not needed, or raise the limit', 'it is needed for about a second only'),
        you(
          'Or use the credential on a machine with more memory: the store can be copied there',
          'opening a seal needs as much as making it, so this machine could not open it either',
          {command: `ls -l ${file(facts)}`},
        ),
      ]),
  },
} as const satisfies Rows;

/** What helps against each reason why the system refuses to write. */
function cures(facts: Facts) {
  const errno = at(facts, 'errno', '');
  const path = file(facts);
  const dir = word(folder(pathIn(facts)));
  const space = you('See how full the disk is', 'then make room', {command: `df -h ${dir}`});
  const quota = you('See how much of your quota is used', 'then make room', {command: 'quota -s'});
  const modes = you('See who may write there', 'it must be yours, file and folder', {command: `ls -ld ${dir} ${path}`});
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

/** Foreign owners and links are never mended by doctor: the command is for who has looked first. */
function unsafe(facts: Facts) {
  const command = facts.local.command;
  const owner = `owner ${at(facts, 'owner', 'you')}, mode ${at(facts, 'mode', 'too open')}`;
  if (facts.local.others === 'write' || facts.local.problem === undefined) {
    const why = `${owner}; the folder should be 700, the file 600. It says first what to check`;
    return [you('If all is yours, take the rights of others away', why, {command: doctor(facts)})];
  }
  if (command === undefined) {
    return [you('Remove it yourself, when you know what it is', `${owner}; jirakey made no such thing`)];
  }
  return [you('If it is all right, make it yours', owner, {command})];
}

/** The way back depends on what is damaged (the file, or a seal in a good file) and on what is left. */
function rescue(facts: Facts) {
  const kept = 'the damaged file is kept beside it, as .damaged-<time>';
  if (facts.local.path === undefined) {
    return [
      you('If the whole file is damaged, let jirakey put the last good copy back', kept, {command: doctor(facts)}),
      restore(facts, 'if a seal in it is: the copy is from before the last save'),
    ];
  }
  if (facts.local.backup === 'none') {
    const why = 'there is no backup that can be read; nothing of the damaged file is deleted';
    return [you('Start jirakey: it offers to move the file aside and to begin anew', why, {command: 'jirakey'})];
  }
  return [you('Let jirakey put the last good copy back; it asks first', kept, {command: doctor(facts)})];
}

export const files = {
  'store-damaged': {
    ...store,
    title: facts => `The store cannot be read${facts.local.reason === undefined ? '' : `: ${facts.local.reason}`}`,
    proof:
      'The file is no JSON of this program, or a seal in it is malformed. It is moved aside or left as it is, never overwritten.',
    checklist: facts =>
      upToSix([
        ...rescue(facts),
        look(facts, 'a file ending in .damaged-… is the damaged one, .bak the copy'),
        you('See whether the disk was full', 'a full disk or a crash is the usual cause', {
          command: `df -h ${word(folder(pathIn(facts)))}`,
        }),
        startAgain,
      ]),
  },
  'store-newer': {
    ...store,
    title(facts) {
      const found = facts.local.version;
      const known = facts.local.supported;
      return `The store was written by a newer jirakey${found === undefined ? '' : ` (version ${found}; this one reads ${known ?? 'less'})`}`;
    },
    proof: 'The version number in the file is higher than this program knows. It was not changed.',
    checklist: facts =>
      upToSix([
        you('Update jirakey on this machine', 'see which one it has', {command: 'jirakey --version'}),
        you('See which jirakey runs here', 'two may be installed', {command: 'command -v jirakey'}),
        elsewhere('the two stores then live side by side'),
        look(facts, 'the date says when the newer one wrote it'),
      ]),
  },
  'store-unsafe': {
    ...store,
    title: facts =>
      facts.local.problem === undefined
        ? 'Other users of this machine could change the store, so it is not used'
        : `${pathIn(facts)} ${facts.local.problem}, so the store is not used`,
    proof:
      'The file or its folder can be written by others, belongs to somebody else, or is a symbolic link that does.',
    checklist: facts =>
      upToSix([
        look(facts, 'who could write it, and when was it written? Both must be yours'),
        ...unsafe(facts),
        you(
          'If somebody else could write it, check the saved addresses before you use them',
          'a changed one is refused when the seal is opened',
          {
            command: 'jirakey list',
          },
        ),
        elsewhere('in a folder that only you can write'),
      ]),
  },
  'store-unwritable': {
    ...store,
    title(facts) {
      const reason = facts.local.reason;
      const errno = facts.local.errno;
      const verb = facts.local.operation === 'read' ? 'read' : 'written';
      return `${pathIn(facts)} cannot be ${verb}${reason === undefined ? '' : `: ${reason}`}${errno === undefined ? '' : ` (${errno})`}`;
    },
    proof:
      'The system refused: no right (EACCES), read-only (EROFS), disk full (ENOSPC), quota used up (EDQUOT). What was saved before is whole.',
    checklist: facts =>
      upToSix([
        ...cures(facts),
        elsewhere('on a disk with room and rights'),
        you('Let jirakey check this machine', 'store, modes and disk at a glance', {command: 'jirakey doctor'}),
      ]),
  },
  'store-busy': {
    ...store,
    title(facts) {
      const pid = facts.local.pid;
      const who = pid === undefined || pid === 'unknown' ? 'Another jirakey' : `Another jirakey (process ${pid})`;
      const seconds = facts.local.seconds;
      return `${who} is using the store${seconds === undefined ? '' : ` for ${seconds} s`}`;
    },
    proof:
      'The lock beside the store is held by another process, and it did not let go within the wait. Nothing was written.',
    checklist: facts =>
      upToSix([
        you(
          'Finish the other jirakey, perhaps in another window or tmux pane',
          'it holds the lock only while it saves',
          {command: at(facts, 'command', 'pgrep -a -f jirakey')},
        ),
        you('Try again', 'a save takes less than a second'),
        you('If a job saves in the background, let it end first', 'parallel jobs take turns'),
        look(
          facts,
          'a lock that belongs to no process is removed by itself; a stopped process (state T) keeps its own',
        ),
      ]),
  },
} as const satisfies Rows;
