/** Tutorial, step 2: a workflow of three tasks. Each task is one unit of work, and works alone as well. */
import { task, workflow } from 'respan';
import { ask } from './step-1-initialization.mts';

export const askForJoke = () =>
  ask('Tell me a joke about opentelemetry', {
    temperature: 0.5,
    max_tokens: 100,
    frequency_penalty: 0.5,
    presence_penalty: 0.5,
    stop: ['\n'],
    logprobs: true,
  });

const createJoke = task({ name: 'joke_creation' }, askForJoke);

export const generateSignature = task({ name: 'signature_generation' }, (joke: string) =>
  ask(`add a signature to the joke:\n\n${joke}`),
);

export const translateJokeToPirate = task({ name: 'pirate_joke_translation' }, (joke: string) =>
  ask(`translate the joke to pirate language:\n\n${joke}`),
);

export const jokeWorkflow = workflow({ name: 'pirate_joke_generator' }, async () => {
  const joke = await createJoke();
  const pirateJoke = await translateJokeToPirate(joke);
  const signature = await generateSignature(pirateJoke);
  return pirateJoke + signature;
});

if (process.argv[1] === import.meta.filename) await jokeWorkflow();
