/**
 * Every document that `--json` prints, as a schema, and the one table of the JSON Schema files that ship with the package.
 * After a change: npm run schemas
 */
import * as z from 'zod';
import {connectors, lastTestSchema, routes, schemes} from '../domain/credential.ts';
import {exit} from '../domain/exit.ts';
import {stepIds} from '../domain/step.ts';
import {admins} from './admins.ts';
import {action, certainty, code, type DeepReadonly, failure, testSchema, version} from './test-report.ts';

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
    connection: z
      .strictObject({
        proxy: z.string().nullable().describe('Its address, without a login; null where the environment decides'),
        certificates: z
          .array(
            z.strictObject({
              subject: z.string(),
              validTo: z.string().describe('ISO 8601, empty when unreadable'),
              fingerprint256: z.string().describe('SHA-256 of the certificate, in hex pairs with colons'),
            }),
          )
          .describe('CAs kept with the credential'),
        caOnly: z.boolean().describe('Those CAs are trusted and no others'),
        addresses: z.array(z.string()).describe('Fixed addresses: HOST:PORT:ADDRESS[,ADDRESS]'),
        timeoutSeconds: z.number().positive().nullable().describe('For the whole test; null is the usual time'),
      })
      .describe('How it reaches its site, where that is kept with it'),
    expiresAt: z.iso.date().nullable().describe('Last day of the token, null when unknown'),
    lastTest: lastTestSchema.nullable(),
  })
  .describe('One saved credential');
export type CredentialDocument = z.infer<typeof credentialSchema>;

/** The document of `jirakey list --json`. */
export const listSchema = z
  .strictObject({schemaVersion: version, credentials: z.array(credentialSchema)})
  .describe('All saved credentials');

const summary = {
  code,
  title: z.string().min(1),
  proof: z.string().describe('What proves it'),
  kind: z.enum(['failure', 'warning', 'either']),
  steps: z.array(z.enum(stepIds)).describe('Empty for the store, which is no step of the test'),
  exit: z.enum(exit).describe('Exit code of the program'),
  certainty,
};

const explainSchema = z
  .strictObject({schemaVersion: version, ...summary, checklist: z.array(action).min(2).max(6)})
  .describe('One failure code, with example values: `jirakey explain CODE`');

const explainListSchema = z
  .strictObject({schemaVersion: version, codes: z.array(z.strictObject(summary))})
  .describe('All failure codes: `jirakey explain`');

const doctorSchema = z
  .strictObject({
    schemaVersion: version,
    ok: z.boolean().describe('false when a check failed'),
    version: z.string().describe('Version of jirakey'),
    checks: z.array(
      z.strictObject({
        id: z.string(),
        state: z.enum(['ok', 'note', 'failed']).describe('note: worth reading, and no obstacle'),
        text: z.string(),
        more: z.array(z.string()),
      }),
    ),
    fixes: z
      .array(
        z.strictObject({
          id: z.enum(['modes', 'leftovers', 'backup', 'left-alone']),
          state: z.enum(['repaired', 'left']).describe('left: not touched; more says why, or what to do'),
          text: z.string(),
          more: z.array(z.string()),
        }),
      )
      .optional()
      .describe('With --fix: what was repaired and what was left'),
  })
  .describe('What can be said of this machine');

const reportSchema = z
  .strictObject({
    schemaVersion: version,
    name: z.string().nullable().describe('The saved credential; null for a test of values that were not saved'),
    at: z.iso.datetime().nullable().describe('When it was tested'),
    for: z.enum(admins).nullable().describe('Whom the text is a message to; null for the report'),
    text: z.string(),
    check: z.string().describe('What the text was searched for'),
    test: testSchema.nullable().describe('Who signs in is anonymized; null where only the result was kept'),
  })
  .describe('The last test as a text safe to post');

const practiceListSchema = z
  .strictObject({schemaVersion: version, faults: z.array(z.strictObject({code, title: z.string()}))})
  .describe('The faults the practice Jira can play');

const practiceServeSchema = z
  .strictObject({
    schemaVersion: version,
    url: z.string(),
    username: z.string(),
    token: z.string().describe('Made up; it opens nothing else'),
    caFile: z.string(),
    expiresAt: z.iso.date().nullable(),
    fault: code.nullable(),
    proxy: z.string().nullable(),
  })
  .describe('A practice Jira that is being served');

const usageSchema = z.strictObject({
  message: z.string().min(1),
  hints: z.array(z.string()).describe('What to do instead'),
});

/** What stands in place of a command's document where there is no result. One of the two is there. */
const withoutResultSchema = z
  .union([
    z.strictObject({schemaVersion: version, failure}),
    z.strictObject({schemaVersion: version, usage: usageSchema}),
  ])
  .describe('What every command with --json prints where it has no result: a failure, or what was wrong with the call');
export type WithoutResult = DeepReadonly<z.infer<typeof withoutResultSchema>>;

const removeSchema = z
  .strictObject({schemaVersion: version, removed: z.string()})
  .describe('The name of the credential or key that was removed');

const keyListSchema = z
  .strictObject({
    schemaVersion: version,
    keys: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['passphrase', 'age']),
        recipient: z.string().nullable().describe('age1…; null for a passphrase'),
        addedAt: z.iso.datetime().nullable().describe('null for the passphrase of the first credential'),
      }),
    ),
  })
  .describe('What opens the store: `jirakey key list`');

const keyAddSchema = z
  .strictObject({schemaVersion: version, added: z.string()})
  .describe('The name of the key that opens the store, too');

const passphraseSchema = z
  .strictObject({schemaVersion: version, changed: z.array(z.string())})
  .describe('The names of the credentials that are sealed under the new passphrase');

const tokenSchema = z
  .strictObject({schemaVersion: version, name: z.string(), token: z.string()})
  .describe('A token in clear: `jirakey token NAME --json`');

const pathSchema = z
  .strictObject({schemaVersion: version, path: z.string().describe('Absolute; the file need not exist yet')})
  .describe('The file of the store: `jirakey path`');

const completionSchema = z
  .strictObject({schemaVersion: version, shell: z.enum(['bash', 'zsh', 'fish']), script: z.string()})
  .describe('Shell completion: `jirakey completion SHELL --json`');

const exportSchema = z
  .strictObject({
    url: z.string(),
    baseUrl: z.string().describe('Where requests go: the site, or the gateway'),
    username: z.string(),
    token: z.string(),
    route: z.enum(routes),
    scheme: z.enum(schemes),
    cloudId: z.string().nullable(),
  })
  .describe('A credential in clear: `jirakey export NAME --format json`');

/** The JSON Schema files, by name, as they lie in `schemas/`. */
export const schemaFiles = {
  'test.schema.json': testSchema,
  'test-all.schema.json': testAllSchema,
  'list.schema.json': listSchema,
  'credential.schema.json': credentialSchema,
  'explain.schema.json': explainSchema,
  'explain-list.schema.json': explainListSchema,
  'doctor.schema.json': doctorSchema,
  'report.schema.json': reportSchema,
  'practice-list.schema.json': practiceListSchema,
  'practice-serve.schema.json': practiceServeSchema,
  'remove.schema.json': removeSchema,
  'passphrase.schema.json': passphraseSchema,
  'key-list.schema.json': keyListSchema,
  'key-add.schema.json': keyAddSchema,
  'token.schema.json': tokenSchema,
  'path.schema.json': pathSchema,
  'completion.schema.json': completionSchema,
  'export.schema.json': exportSchema,
  'without-result.schema.json': withoutResultSchema,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type SchemaFile = keyof typeof schemaFiles;

/** The text of one schema file. */
export const schemaText = (schema: z.ZodType): string =>
  `${JSON.stringify(z.toJSONSchema(schema, {target: 'draft-2020-12', reused: 'inline', io: 'input'}), null, 2)}\n`;
