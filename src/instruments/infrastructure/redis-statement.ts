import { defaultDbStatementSerializer } from '@opentelemetry/redis-common';
import { readable } from '../../config/safely';

/** A command as OpenTelemetry writes it down; its name alone where an argument cannot be written. */
export const dbStatementSerializer: typeof defaultDbStatementSerializer = (name, args) =>
  readable('the arguments of a command', () => defaultDbStatementSerializer(name, args)) ?? name;
