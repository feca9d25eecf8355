// A practice Jira in a process of its own.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

/** @returns what it prints about itself: url, username, token, caFile; and its process */
export async function servePractice(folder) {
  const child = spawn(process.execPath, ['dist/jirakey.js', 'practice', '--serve', '--json'], {
    env: {PATH: process.env.PATH, HOME: folder},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const line of createInterface({input: child.stdout})) {
    text += line;
    if (line === '}') return {...JSON.parse(text), child};
  }
  throw new Error('the practice Jira ended');
}
