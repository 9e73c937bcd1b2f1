/** Tutorial, step 4: each joke is stored, by its embedding. */
import { task, workflow } from 'respan';
import { openai } from './step-1-initialization.mts';
import { askForJoke, generateSignature, translateJokeToPirate } from './step-2-workflow.mts';
import { audienceReaction } from './step-3-another-workflow.mts';

/** Stands for storing a joke in a vector database. */
const storeJoke = task({ name: 'store_joke' }, async (joke: string) => {
  const embedding = await openai.embeddings.create({ model: 'text-embedding-3-small', input: joke });
  return embedding.data[0]?.embedding;
});

const createJoke = task({ name: 'joke_creation' }, async () => {
  const joke = await askForJoke();
  await storeJoke(joke); // The task that is new.
  return joke;
});

export const jokeWorkflow = workflow({ name: 'pirate_joke_generator' }, async () => {
  const joke = await createJoke();
  const pirateJoke = await translateJokeToPirate(joke);
  const signature = await generateSignature(pirateJoke);
  return pirateJoke + signature;
});

const jokeAndAudienceReaction = workflow({ name: 'joke_and_audience_reaction' }, async () => {
  const pirateJoke = await jokeWorkflow();
  await audienceReaction(pirateJoke);
});

if (process.argv[1] === import.meta.filename) await jokeAndAudienceReaction();
