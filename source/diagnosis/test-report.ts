/**
 * The one result of a connection test: the screen, the scrollback, `--json`, `report` and the exit code all read this.
 * Schema and type are one. Reading a document cleans its texts: the file it lies in may have been edited.
 */
import * as z from 'zod';
import {clean} from '../domain/clean.ts';
import {connectors, deployments, outcomes, routes} from '../domain/credential.ts';
import {stepIds} from '../domain/step.ts';
import {whos} from './admins.ts';
import {failureCodes} from './codes.ts';
import {remedies} from './remedy.ts';

export type DeepReadonly<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : {readonly [Key in keyof T]: DeepReadonly<T[Key]>};

/** Longest text that any part of a report has. */
const longest = 2048;
/** One harmless line. */
export const line = z.string().transform(text => clean(text, longest));
const someLine = z
  .string()
  .min(1)
  .transform(text => clean(text, longest));

export const version = z.literal(1).describe('Version of this document’s form');
export const code = z.enum(failureCodes).describe('What `jirakey explain CODE` explains');

const step = z
  .strictObject({
    id: z.enum(stepIds),
    status: z.enum(['passed', 'failed', 'warning', 'skipped']),
    ms: z.number().nonnegative().describe('Milliseconds it took'),
    detail: line.describe('One line of evidence'),
  })
  .describe('One stage of the connection test');

/**
 * What an action is, whatever its words: `correct` what was typed · `retry` the test · `reroute` another way to the site ·
 * `look` what is there, without a change · `do` anything else in one's own hands · `ask` an admin · `allow` ask for a
 * way to be opened.
 */
export const actionKinds = ['correct', 'retry', 'reroute', 'look', 'do', 'ask', 'allow'] as const;
export type ActionKind = (typeof actionKinds)[number];

/** One line of a checklist: what can be done, why, and by whom. */
export const action = z.strictObject({
  kind: z.enum(actionKinds).describe('What kind of action it is, whatever its words'),
  action: z.string().min(1),
  why: z.string(),
  who: z.enum(whos),
  request: z.string().min(1).exactOptional().describe('What to ask of an admin, in words meant for them'),
  command: z.string().exactOptional().describe('Safe to paste into a shell; holds no secret'),
  url: z.url().exactOptional().describe('To open in a browser'),
  remedy: z.enum(remedies).exactOptional().describe('What the assistant can do about it in place'),
  value: z.string().exactOptional().describe('What the remedy takes, where that was found: with use-url the address'),
});
export type Action = DeepReadonly<z.infer<typeof action>>;

export const certainty = z.enum(['proven', 'likely', 'possible']);
export type Certainty = z.infer<typeof certainty>;

export const failure = z.strictObject({
  code,
  step: z.enum(stepIds),
  title: someLine,
  certainty,
  evidence: z.array(line),
  checklist: z.array(action).min(2).max(6).describe('Most likely first'),
});
export type Failure = DeepReadonly<z.infer<typeof failure>>;

const warning = z.strictObject({code, title: line});
export type Warning = DeepReadonly<z.infer<typeof warning>>;

/** Who the site says we are. */
const account = z.strictObject({displayName: line, id: line, email: line.nullable(), active: z.boolean()});
export type Account = DeepReadonly<z.infer<typeof account>>;

/** The document of `jirakey test --json`. */
export const testSchema = z
  .strictObject({
    schemaVersion: version,
    outcome: z.enum(outcomes).describe('unverified: no answer proves anything about the credential'),
    credential: z.strictObject({name: line.nullable(), connector: z.enum(connectors), url: line, username: line}),
    route: z.enum(routes),
    site: z.strictObject({
      deployment: z.enum(deployments).nullable(),
      version: line.nullable(),
      title: line.nullable(),
      cloudId: line.nullable(),
    }),
    account: account.nullable(),
    steps: z
      .array(step)
      .length(stepIds.length)
      .describe(`Always all, in this order: ${stepIds.join(', ')}`),
    failure: failure.nullable(),
    warnings: z.array(warning),
  })
  .describe('Result of a connection test');
export type Report = DeepReadonly<z.infer<typeof testSchema>>;
