import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/**
 * RESPAN_TRACE_CONTENT=false: the instruments do not record content in the first place; this step makes it
 * hold for every span of the provider, also those the app or a library makes through the OpenTelemetry API.
 * An allow-list, because a new attribute must not leak only because nobody thought of it here.
 */
const ALLOWED = [
  /^gen_ai\.(operation\.name|provider\.name|system|conversation\.id|output\.type|token\.type)$/,
  /^gen_ai\.request\.(?!instructions)/,
  /^gen_ai\.response\./,
  /^gen_ai\.usage\./,
  /^gen_ai\.embeddings\.dimension/,
  /^gen_ai\.retrieval\.top_k$/,
  /^gen_ai\.(agent|tool|workflow|data_source)\.(name|id|type|version|call\.id)$/,
  /^(error\.type|exception\.type)$/,
  /^(server|client|network|user_agent)\./,
  /^http\.(request\.(method|resend_count|body\.size)|response\.(status_code|body\.size)|route|flavor|method|status_code|scheme)$/,
  /^url\.(scheme|port)$/,
  /^(db\.(system|operation(?!\.parameter)|namespace|collection|response)|rpc|messaging\.(system|operation)|peer\.service)/,
  /^(express|fastify|koa|hapi|connect|router|restify|nestjs|plugin)\.(type|name|version|module|controller|callback|method)$/,
  /^graphql\.(operation\.(type|name)|field\.(name|path|type)|parent\.name)$/,
  /^messaging\.(destination(_kind|\.name|\.partition\.id)?|client_id|consumer\.group\.name|batch\.message_count|socket\.io\.(event_name|namespace))$/,
  /^(cloud\.region|(aws|knex|memcached)\.(region|version|request\.id)|grpc\.error_name)$/,
  /^db\.vector\.(query\.(top_k|dimension\.count)|(add|update|delete|get)\.count)$/,
  /^db\.query\.result\.(score|distance|query)$/,
  /^pinecone\.(usage\.|request\.(rerank_model|input_type)$)/,
  /^weaviate\.(query\.media_type|response\.error_count)$/,
  /^qdrant\.query\.fusion$/,
  /^gen_ai\.retrieval\.top_k$/,
  /^(mcp\.method|mcp\.session|mcp\.protocol|jsonrpc|gen_ai\.prompt\.name$)/,
  /^(openai|anthropic)\.(api|request|response)\.(type|service_tier|system_fingerprint)$/,
  /^gcp\.gemini\.response\.block_reason$/,
  /^huggingface\.provider$/,
  /^replicate\.(model\.version|prediction\.(status|predict_time))$/,
  /^mistral_ai\.ocr\.usage\./,
  /^anthropic\.(container\.id$|usage\.)/,
  /^aws\.(request_id$|(bedrock|sagemaker)\.[\w.]+\.(id|alias_id|version|action|name)$)/,
  /^gen_ai\.retrieval\.top_k$/,
  /^cohere\.(request\.input_type$|usage\.)/,
  /^traceloop\.(span\.kind|entity\.(name|path|version)|workflow\.name)$/,
  /^respan\.content\.shortened$/,
  /^(ai\.telemetry\.functionId|mastra\.run\.id)$/,
  /^db\.vector\.query\.top_k$/,
  /^(langgraph\.(node|step)|langchain\.cached)$/,
  /^(haystack|crew)\.(kickoff\.id|execution\.seconds|run\.state)$/,
  /^respan\.(entity\.log_(type|method)|processors|environment|interrupted(_by)?$)/,
  /^(thread|process|service|code)\./,
];

const isAllowed = (name: string): boolean => ALLOWED.some((pattern) => pattern.test(name));

/** Removes from `span` whatever could hold content: attributes, error messages, stack traces. */
export function removeContent(span: ReadableSpan): void {
  removeFrom(span.attributes);
  for (const event of span.events) if (event.attributes) removeFrom(event.attributes);
  for (const link of span.links) if (link.attributes) removeFrom(link.attributes);
  // An error message may quote the prompt.
  if (span.status.message !== undefined) delete span.status.message;
}

function removeFrom(attributes: Record<string, unknown>): void {
  for (const name of Object.keys(attributes)) if (!isAllowed(name)) delete attributes[name];
}
