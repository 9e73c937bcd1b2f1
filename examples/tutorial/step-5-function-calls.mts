/** Tutorial, step 5: a task need not call a model. Its inputs and its output are on its span all the same. */
import { setTimeout } from 'node:timers/promises';
import { task, workflow } from 'respan';
import { audienceReaction } from './step-3-another-workflow.mts';
import { jokeWorkflow } from './step-4-vector-storage.mts';

/** Stands for writing to a database. */
export const loggingJoke = task({ name: 'logging_joke' }, async (joke: string, reactions: string) => {
  console.log(`${joke}\n\n${reactions}`);
  await setTimeout(1000);
});

const jokeAndAudienceReaction = workflow({ name: 'joke_and_audience_reaction' }, async () => {
  const pirateJoke = await jokeWorkflow();
  const reactions = await audienceReaction(pirateJoke);
  await loggingJoke(pirateJoke, reactions); // The task that is new.
});

if (process.argv[1] === import.meta.filename) await jokeAndAudienceReaction();
