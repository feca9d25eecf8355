/** The prerequisites this program can find out by itself. Whatever a check looks at is injected. */

import {withoutLogin} from '../domain/address.ts';
import {type Clean, clean, own} from '../domain/clean.ts';
import type {StoreFault} from '../domain/fault.ts';
import {shellWord} from '../domain/shell.ts';
import type {CheckId, CheckResult} from './prerequisites.ts';

type StoreFound = Readonly<{
  exists: boolean;
  writable: boolean;
  private: boolean;
  fault: StoreFault | null;
  notices: readonly string[];
}>;

export type CheckFacts = Readonly<{
  store: Readonly<{
    path: string;
    /** Tries the folder for real. */
    check: () => Promise<StoreFound>;
  }>;
  terminal: Readonly<{interactive: boolean; dumb: boolean; screenReader: boolean}>;
  env: Readonly<Record<string, string | undefined>>;
  /** From `--ca-file` and `--proxy`. */
  caFile: string | null;
  proxy: string | null;
}>;

/**
 * @returns the function that runs one check; what goes wrong is part of the result, never thrown
 */
export function makeChecks(facts: CheckFacts): (id: CheckId) => Promise<CheckResult> {
  return async id => {
    switch (id) {
      case 'store':
        return checkStore(facts.store);
      case 'terminal':
        return checkTerminal(facts.terminal);
      case 'network':
        return checkNetwork(facts);
    }
  };
}

async function checkStore(store: CheckFacts['store']): Promise<CheckResult> {
  const found = await store.check();
  const notices = found.notices.map(notice => clean(notice));
  if (found.fault) {
    return failed(found.fault.message, [
      clean(`What to do: jirakey explain ${found.fault.code}`),
      own('Or name another folder with --store DIR.'),
      ...notices,
    ]);
  }
  if (!found.writable) {
    return failed(`Cannot be written: ${store.path}`, [
      own('Free or unlock that folder, or name another one with --store DIR.'),
      ...notices,
    ]);
  }
  if (!found.private) {
    return failed(`Others could read or change ${store.path}`, [
      clean(`Make it yours alone: chmod -R go-rwx ${shellWord(folderOf(store.path))}`),
      ...notices,
    ]);
  }
  const text = clean(`${found.exists ? 'Ready, yours alone' : 'Can be written, will be yours alone'}: ${store.path}`);
  return {state: notices.length > 0 ? 'note' : 'ok', text, more: notices};
}

function checkTerminal(terminal: CheckFacts['terminal']): CheckResult {
  if (!terminal.interactive) {
    return failed('This is no terminal: what you type could be seen or recorded.', [
      own('Sign in with a terminal (ssh -t), or use --no-input with a token source.'),
    ]);
  }
  if (terminal.screenReader) {
    return {state: 'ok', text: own('It hides what you type. Screen reader output is on.'), more: []};
  }
  if (terminal.dumb) {
    return {state: 'note', text: own('It hides what you type, but it is a plain one (TERM=dumb).'), more: []};
  }
  return {state: 'ok', text: own('It hides what you type.'), more: []};
}

const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
const caVariables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

function checkNetwork({env, proxy, caFile}: CheckFacts): CheckResult {
  // An empty --proxy is the way to say: none, whatever the environment names.
  const variable = proxy === '' ? undefined : proxyVariables.find(name => env[name]);
  const ca = caVariables.find(name => env[name]);
  const way =
    proxy === ''
      ? own('Straight, without any proxy.')
      : proxy
        ? clean(`Through the proxy ${withoutLogin(proxy)} (--proxy).`)
        : variable
          ? clean(`Through the proxy ${withoutLogin(env[variable] ?? '')} (${variable}).`)
          : own('Straight to the internet: no proxy is set.');
  const trust: Clean | null =
    caFile !== null
      ? clean(`Certificates are also checked against ${caFile} (--ca-file).`)
      : ca
        ? clean(`Certificates: ${ca} names ${env[ca]}.`)
        : null;
  const except = env.NO_PROXY ?? env.no_proxy;
  const more = [
    ...(trust ? [trust] : []),
    ...(variable && except ? [clean(`Not for: ${except} (NO_PROXY).`)] : []),
    own('Whether it really works, the connection test will show.'),
  ];
  return {state: 'ok', text: way, more};
}

const folderOf = (path: string): string => path.replace(/[/\\][^/\\]*$/, '') || '/';

const failed = (text: string, more: readonly Clean[]): CheckResult => ({state: 'failed', text: clean(text), more});
