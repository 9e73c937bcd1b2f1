/** Tutorial, step 3: the audience reacts in a workflow of its own, and a third one holds both. */
import { task, workflow } from 'respan';
import { ask } from './step-1-initialization.mts';
import { jokeWorkflow } from './step-2-workflow.mts';

const audienceLaughs = task({ name: 'audience_laughs' }, (joke: string) =>
  ask(`This joke:\n\n${joke} is funny, say hahahahaha`, { max_tokens: 10 }),
);

const audienceClaps = task({ name: 'audience_claps' }, () => ask('Clap once', { max_tokens: 5 }));

// biome-ignore lint/correctness/noUnusedFunctionParameters: the joke is an input of the task's span
const audienceApplaud = task({ name: 'audience_applaud' }, async (joke: string) => {
  const clap = await audienceClaps();
  return ask(`Applaud to the joke, clap clap! ${clap}`, { max_tokens: 10 });
});

export const audienceReaction = workflow({ name: 'audience_reaction' }, async (joke: string) => {
  const laughter = await audienceLaughs(joke);
  const applause = await audienceApplaud(joke);
  return laughter + applause;
});

// The new workflow that holds both.
const jokeAndAudienceReaction = workflow({ name: 'joke_and_audience_reaction' }, async () => {
  const pirateJoke = await jokeWorkflow();
  await audienceReaction(pirateJoke);
});

if (process.argv[1] === import.meta.filename) await jokeAndAudienceReaction();
