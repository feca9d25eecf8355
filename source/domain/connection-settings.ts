import * as z from 'zod';

/**
 * How one credential reaches its site, where the machine's own way is not enough. Saved with the credential and bound
 * by its seal like the URL. Precedence in a run: the option, then these, then the environment.
 */
export const connectionSettingsSchema = z.strictObject({
  /** Null: whatever the environment says. `url` has scheme, host and port, never the login. */
  proxy: z.strictObject({url: z.string(), username: z.string().nullable(), password: z.string().nullable()}).nullable(),
  /** CA certificates, PEM, one certificate each. Kept here, so that the file they came from may go. */
  certificates: z.array(z.string()),
  /** Trust `certificates` and no others. */
  caOnly: z.boolean(),
  /** As the values of `--resolve`: HOST:PORT:ADDRESS[,ADDRESS]. */
  addresses: z.array(z.string()),
  /** Seconds for the whole test; null is the default. */
  timeoutSeconds: z.number().positive().nullable(),
});
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;

export const noConnectionSettings: ConnectionSettings = {
  proxy: null,
  certificates: [],
  caOnly: false,
  addresses: [],
  timeoutSeconds: null,
};

/** The copy that lies in clear beside the seal: a proxy's user and password lie sealed only. */
export const withoutProxyLogin = (settings: ConnectionSettings): ConnectionSettings => ({
  ...settings,
  proxy: settings.proxy === null ? null : {...settings.proxy, username: null, password: null},
});
