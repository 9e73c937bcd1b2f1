/**
 * Tutorial, step 6: another provider comments on the joke. This is fixtures/quickstart/app.mjs, the app of the quick
 * start, with tasks and workflows.
 */
import { task, workflow } from 'respan';
import { anthropic } from './step-1-initialization.mts';
import { audienceReaction } from './step-3-another-workflow.mts';
import { jokeWorkflow } from './step-4-vector-storage.mts';
import { loggingJoke } from './step-5-function-calls.mts';

const askForComments = task({ name: 'ask_for_comments' }, async (joke: string) => {
  const message = await anthropic.messages.create({
    // The service has retired this model since the tutorial was written: a real key may need a current one.
    model: process.env.ANTHROPIC_MODEL || 'claude-3-5-sonnet-20240620',
    messages: [{ role: 'user', content: `What do you think about this joke: ${joke}` }],
    max_tokens: 100,
  });
  const [block] = message.content;
  return block?.type === 'text' ? block.text : '';
});

const readJokeComments = task(
  { name: 'read_joke_comments' },
  (comments: string) => `Here is the comment from the audience: ${comments}`,
);

const audienceInteraction = workflow({ name: 'audience_interaction' }, async (joke: string) => {
  const comments = await askForComments(joke);
  readJokeComments(comments);
});

const jokeAndAudienceReaction = workflow({ name: 'joke_and_audience_reaction' }, async () => {
  const pirateJoke = await jokeWorkflow();
  const reactions = await audienceReaction(pirateJoke);
  await audienceInteraction(pirateJoke); // The workflow that is new.
  await loggingJoke(pirateJoke, reactions);
});

if (process.argv[1] === import.meta.filename) await jokeAndAudienceReaction();
