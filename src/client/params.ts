/**
 * Parameters of a span that Respan knows by name; everything else belongs into `metadata`. Their snake_case spellings
 * (`customer_identifier`) are taken as well. A name that is not known is left out and said once.
 */
export interface RespanParams {
  /** Who the call is made for: an id of the app's own. */
  customerIdentifier?: string;
  customerEmail?: string;
  customerName?: string;
  /** The same three in one object, as Respan's log API has them. */
  customerParams?: { customerIdentifier?: string; email?: string; name?: string };
  /** The conversation. */
  threadIdentifier?: string;
  sessionIdentifier?: string;
  /** Any id of the app's that the span should be found by. */
  customIdentifier?: string;
  /** Puts traces into one group. */
  traceGroupIdentifier?: string;
  groupIdentifier?: string;
  evaluationIdentifier?: string;
  environment?: string;
  /** What the span is drawn as: `chat`, `tool`, `agent`, … */
  logType?: string;
  /** Becomes one attribute a key, `respan.metadata.<key>`; values that are not text become JSON. */
  metadata?: Record<string, unknown>;
  properties?: Record<string, unknown>;
  /** The prompt of Respan's that was used: `{ promptId, variables }`. */
  prompt?: unknown;

  customer_identifier?: string;
  customer_email?: string;
  customer_name?: string;
  customer_params?: { customer_identifier?: string; email?: string; name?: string };
  thread_identifier?: string;
  session_identifier?: string;
  custom_identifier?: string;
  trace_group_identifier?: string;
  group_identifier?: string;
  evaluation_identifier?: string;
  log_type?: string;
}
