// The small program the pty tests run: two fields, a pause without keys, a choice. What it got is printed at the end.

import {capabilities, prepareColour} from '../../source/terminal/capabilities.ts';
import type {World} from '../../source/world.ts';

const controller = new AbortController();
const scene = process.argv[2] ?? '';
if (scene === 'pid' || scene === 'unhandled') process.stdout.write(`PID ${process.pid}\n`);
if (scene !== 'unhandled') {
  process.on('SIGTERM', () => controller.abort(15));
  process.on('SIGHUP', () => controller.abort(1));
}

const world: World = {
  env: {...process.env},
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: controller.signal,
  now: () => new Date(),
  version: '0',
};

prepareColour(world);
const {EndedBySignal, mount} = await import('../../source/terminal/mount.tsx');
const {Story} = await import('./story.tsx');
try {
  const interrupts = {heard: () => {}};
  const ask = () =>
    mount<unknown>(
      finish => <Story finish={finish} interrupts={interrupts} terminal={capabilities(world)} scene={scene} />,
      world,
      {onInterrupt: () => interrupts.heard()},
    );
  process.stdout.write(`GOT ${JSON.stringify(await ask())}\n`);
  if (scene === 'twice') process.stdout.write(`GOT ${JSON.stringify(await ask())}\n`);
} catch (error) {
  const number = error instanceof EndedBySignal ? error.number : null;
  process.stderr.write(number === null ? `FAULT ${String(error)}\n` : `SIGNAL ${number}\n`);
  process.exitCode = number === null ? 1 : 128 + number;
}
