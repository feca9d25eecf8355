/** What can be done about a failure in place, without leaving the assistant. Public: `remedy` of an action in `--json`. */
import {type FieldId, fields} from '../domain/field.ts';

const ofField = fields.map(field => `field:${field}` as const);

/**
 * `field:…` another answer to that question · `use-url` the address that came as `value` · `proxy`, `ca`, `address`
 * another way to the site · `wait` until the site may be asked again · `retry` the same test · `store` its repair
 */
export const remedies = [...ofField, 'use-url', 'proxy', 'ca', 'address', 'wait', 'retry', 'store'] as const;
export type Remedy = (typeof remedies)[number];

/** The field a remedy offers to change. */
export const fieldOf = (remedy: Remedy): FieldId | null => fields.find(field => remedy === `field:${field}`) ?? null;
