/** Tutorial, step 1: tracing is started, and the two model clients are there. */
import type OpenAI from 'openai';
import { RespanTelemetry } from 'respan';
import { anthropic, openai } from '../../fixtures/quickstart/services.mjs';

// Respan's API key is in RESPAN_API_KEY. Libraries that are loaded already are traced as well.
export const telemetry = new RespanTelemetry({ appName: 'joke-bot' });

// With OPENAI_API_KEY and ANTHROPIC_API_KEY these call the real services, and a mock of them otherwise.
export { anthropic, openai };

/** A call of the model without any task or workflow is traced already: a span `openai.chat`. */
export async function ask(
  content: string,
  options?: Partial<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming>,
) {
  const completion = await openai.chat.completions.create({
    model: 'gpt-3.5-turbo',
    messages: [{ role: 'user', content }],
    ...options,
  });
  return completion.choices[0]?.message.content ?? '';
}

if (process.argv[1] === import.meta.filename) console.log(await ask('Tell me a joke about opentelemetry'));
