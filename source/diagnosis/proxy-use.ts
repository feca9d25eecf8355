import * as z from 'zod';
import {type DeepReadonly, line} from './test-report.ts';

/**
 * Which proxy was used and why: an option, or the variable's name. Its credentials are never part of this, only whether
 * there were any (`login`).
 */
export const proxyUse = z.strictObject({address: line, because: line, login: z.literal(true).exactOptional()});
export type ProxyUse = DeepReadonly<z.infer<typeof proxyUse>>;
