/** The JSON documents of a test and of saved credentials as schemas; those of the other commands are in documents.ts. */
import {z} from 'zod';
import {connectors, deployments, lastTestSchema, outcomes, routes} from '../domain/credential.ts';
import {stepIds} from '../domain/step.ts';
import {failureCodes} from './codes.ts';

export const version = z.literal(1).describe('Version of this document’s form');
export const code = z.enum(failureCodes).describe('What `jirakey explain CODE` explains');

const step = z
  .strictObject({
    id: z.enum(stepIds),
    status: z.enum(['passed', 'failed', 'warning', 'skipped']),
    ms: z.number().nonnegative().describe('Milliseconds it took'),
    detail: z.string().describe('One line of evidence'),
  })
  .describe('One stage of the connection test');

export const action = z.strictObject({
  action: z.string().min(1),
  why: z.string(),
  who: z.enum(['you', 'jira-admin', 'network-admin']),
  command: z.string().optional().describe('Safe to paste into a shell; holds no secret'),
  url: z.url().optional(),
});

const failure = z.strictObject({
  code,
  step: z.enum(stepIds),
  title: z.string().min(1),
  certainty: z.enum(['proven', 'likely', 'possible']),
  evidence: z.array(z.string()),
  checklist: z.array(action).min(2).max(6).describe('Most likely first'),
});

/** The document of `jirakey test --json`. */
export const testSchema = z
  .strictObject({
    schemaVersion: version,
    outcome: z.enum(outcomes).describe('unverified: no answer proves anything about the credential'),
    credential: z.strictObject({
      name: z.string().nullable(),
      connector: z.enum(connectors),
      url: z.string(),
      username: z.string(),
    }),
    route: z.enum(routes),
    site: z.strictObject({
      deployment: z.enum(deployments).nullable(),
      version: z.string().nullable(),
      title: z.string().nullable(),
      cloudId: z.string().nullable(),
    }),
    account: z
      .strictObject({displayName: z.string(), id: z.string(), email: z.string().nullable(), active: z.boolean()})
      .nullable(),
    steps: z
      .array(step)
      .length(stepIds.length)
      .describe(`Always all, in this order: ${stepIds.join(', ')}`),
    failure: failure.nullable(),
    warnings: z.array(z.strictObject({code, title: z.string()})),
  })
  .describe('Result of a connection test');

const number = z.int().nonnegative();

/** The document of `jirakey test --all --json`. */
export const testAllSchema = z
  .strictObject({
    schemaVersion: version,
    summary: z.strictObject({
      total: number,
      passed: number,
      failed: number.describe('Refused by Jira itself'),
      unverified: number.describe('No answer proves anything about them'),
      expiring: number.describe('Their token ends within 30 days, or has ended'),
    }),
    tests: z.array(testSchema).describe('One each, in the order of the store; empty when none could begin'),
  })
  .describe('Results of the connection tests of all saved credentials');

/** The document of `jirakey show NAME --json`: one saved credential, without any secret. */
export const credentialSchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string(),
    connector: z.enum(connectors),
    url: z.string(),
    username: z.string(),
    route: z.enum(routes),
    expiresAt: z.iso.date().nullable().describe('Last day of the token, null when unknown'),
    lastTest: lastTestSchema.nullable(),
  })
  .describe('One saved credential');

/** The document of `jirakey list --json`. */
export const listSchema = z
  .strictObject({schemaVersion: version, credentials: z.array(credentialSchema)})
  .describe('All saved credentials');
