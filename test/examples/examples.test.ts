import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { spansOf } from '../harness/collector';
import { root } from '../harness/paths';
import { installQuickstart } from '../harness/quickstart';
import { spanTree } from '../harness/span-tree';
import { IN_CODE, PRELOADED, runTraced, type Way, withoutHttp } from '../harness/typescript-app';

beforeAll(installQuickstart, 120_000);

const tsc = join(root, 'node_modules/typescript/bin/tsc');

it('compile', () => {
  execFileSync(process.execPath, [tsc, '-p', join(root, 'examples')], { stdio: 'inherit' });
});

describe.each([IN_CODE, PRELOADED])('examples, $title', (way) => {
  /** The spans as a tree, and what the example printed, without the line about the mock. */
  async function example(name: string, show: string[] = [], on: Way = way) {
    const { spans, stdout, folder, ...end } = await runTraced(join(root, 'examples', `${name}.mts`), on);
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    const tree = spanTree(withoutHttp(spans), show);
    return { spans, tree, folder, printed: stdout.replace(/^No .*aimock answers.*\n\n/, '') };
  }

  it('tutorial, step 1: initialization', async () => {
    const { tree, spans, printed } = await example('tutorial/step-1-initialization');
    expect(tree).toMatchInlineSnapshot(`"openai.chat"`);
    expect(spans[0]?.resource['service.name']).toBe('joke-bot');
    expect(printed).toBe('Why did the span bring a ladder? To reach its parent.\n');
  });

  it('tutorial, step 2: a workflow', async () => {
    const shown = ['traceloop.workflow.name', 'traceloop.entity.path', 'gen_ai.request.max_tokens'];
    const { tree } = await example('tutorial/step-2-workflow', shown);
    expect(tree).toMatchInlineSnapshot(`
      "pirate_joke_generator.workflow traceloop.workflow.name="pirate_joke_generator"
        joke_creation.task traceloop.workflow.name="pirate_joke_generator" traceloop.entity.path="joke_creation"
          openai.chat traceloop.workflow.name="pirate_joke_generator" traceloop.entity.path="joke_creation" gen_ai.request.max_tokens=100
        pirate_joke_translation.task traceloop.workflow.name="pirate_joke_generator" traceloop.entity.path="pirate_joke_translation"
          openai.chat traceloop.workflow.name="pirate_joke_generator" traceloop.entity.path="pirate_joke_translation"
        signature_generation.task traceloop.workflow.name="pirate_joke_generator" traceloop.entity.path="signature_generation"
          openai.chat traceloop.workflow.name="pirate_joke_generator" traceloop.entity.path="signature_generation""
    `);
  });

  it('tutorial, step 3: another workflow', async () => {
    const { tree } = await example('tutorial/step-3-another-workflow');
    expect(tree).toMatchInlineSnapshot(`
      "joke_and_audience_reaction.workflow
        pirate_joke_generator.workflow
          joke_creation.task
            openai.chat
          pirate_joke_translation.task
            openai.chat
          signature_generation.task
            openai.chat
        audience_reaction.workflow
          audience_laughs.task
            openai.chat
          audience_applaud.task
            audience_claps.task
              openai.chat
            openai.chat"
    `);
  });

  it('tutorial, step 4: vector storage', async () => {
    const { tree } = await example('tutorial/step-4-vector-storage', ['gen_ai.request.model']);
    expect(tree).toMatchInlineSnapshot(`
      "joke_and_audience_reaction.workflow
        pirate_joke_generator.workflow
          joke_creation.task
            openai.chat gen_ai.request.model="gpt-3.5-turbo"
            store_joke.task
              openai.embeddings gen_ai.request.model="text-embedding-3-small"
          pirate_joke_translation.task
            openai.chat gen_ai.request.model="gpt-3.5-turbo"
          signature_generation.task
            openai.chat gen_ai.request.model="gpt-3.5-turbo"
        audience_reaction.workflow
          audience_laughs.task
            openai.chat gen_ai.request.model="gpt-3.5-turbo"
          audience_applaud.task
            audience_claps.task
              openai.chat gen_ai.request.model="gpt-3.5-turbo"
            openai.chat gen_ai.request.model="gpt-3.5-turbo""
    `);
  });

  it('tutorial, step 5: function calls', async () => {
    const { tree, spans, printed } = await example('tutorial/step-5-function-calls');
    expect(tree).toMatchInlineSnapshot(`
      "joke_and_audience_reaction.workflow
        pirate_joke_generator.workflow
          joke_creation.task
            openai.chat
            store_joke.task
              openai.embeddings
          pirate_joke_translation.task
            openai.chat
          signature_generation.task
            openai.chat
        audience_reaction.workflow
          audience_laughs.task
            openai.chat
          audience_applaud.task
            audience_claps.task
              openai.chat
            openai.chat
        logging_joke.task"
    `);
    const logging = spans.find(({ name }) => name === 'logging_joke.task');
    expect(logging?.attributes['traceloop.entity.input']).toMatchInlineSnapshot(
      `"{"args":["Why did the span haul a ladder aboard? To reach its cap’n, arrr.\\n– Cap’n Telemetry","hahahahaha *clap clap clap*"],"kwargs":{}}"`,
    );
    expect(printed).toMatchInlineSnapshot(`
      "Why did the span haul a ladder aboard? To reach its cap’n, arrr.
      – Cap’n Telemetry

      hahahahaha *clap clap clap*
      "
    `);
  });

  it('tutorial, step 6: another provider', async () => {
    const { tree } = await example('tutorial/step-6-another-provider');
    expect(tree).toMatchInlineSnapshot(`
      "joke_and_audience_reaction.workflow
        pirate_joke_generator.workflow
          joke_creation.task
            openai.chat
            store_joke.task
              openai.embeddings
          pirate_joke_translation.task
            openai.chat
          signature_generation.task
            openai.chat
        audience_reaction.workflow
          audience_laughs.task
            openai.chat
          audience_applaud.task
            audience_claps.task
              openai.chat
            openai.chat
        audience_interaction.workflow
          ask_for_comments.task
            anthropic.chat
          read_joke_comments.task
        logging_joke.task"
    `);
  });

  it('multiple processors', async () => {
    const { tree, printed, folder } = await example('multiple-processors');
    expect(tree).toMatchInlineSnapshot(`
      "many_places.workflow
        normal_task.task
        important_task.task
        error_report.task"
    `);
    expect(printed).toMatchInlineSnapshot(`
      "analytics: important_task.task
      slow: pause.task
      errors: error_report.task
      "
    `);
    const debug = spansOf(readFileSync(join(folder, '.respan/debug.jsonl'), 'utf8'));
    expect(debug.map(({ name }) => name)).toEqual(['debug_task.task', 'important_task.task']);
  });

  it('backend exporter with the context of each request', async () => {
    const { tree, printed } = await example('backend-exporter');
    expect(tree).toBe('');
    expect(printed.trim().split('\n').sort().join('\n')).toMatchInlineSnapshot(`
      "{"name":"api_request","attributes":{"request.user":"ada"},"orgId":"org-1","userId":"ada","experimentId":"experiment of ada"}
      {"name":"api_request","attributes":{"request.user":"edsger"},"orgId":"org-1","userId":"edsger","experimentId":"experiment of edsger"}
      {"name":"api_request","attributes":{"request.user":"grace"},"orgId":"org-1","userId":"grace","experimentId":"experiment of grace"}"
    `);
  });

  it('updating spans', async () => {
    const shown = ['respan.', 'custom.', 'result.'];
    const { spans, tree } = await example('span-updating');
    expect(tree).toMatchInlineSnapshot(`
      "data_processing.success
        openai.chat"
    `);
    const updated = spans.find(({ name }) => name === 'data_processing.success');
    const attributes = Object.entries(updated?.attributes ?? {}).filter(([name]) =>
      shown.some((start) => name.startsWith(start)),
    );
    expect(Object.fromEntries(attributes)).toMatchInlineSnapshot(`
      {
        "custom.user_id": "user-123",
        "respan.customer_params.customer_identifier": "user-123",
        "respan.entity.log_type": "workflow",
        "respan.metadata.dataSize": "15",
        "respan.metadata.processingType": "batch",
        "respan.trace.trace_group_identifier": "data-processing-pipeline",
        "result.length": 10,
      }
    `);
    expect(updated?.events).toEqual([{ name: 'validation_started', attributes: { recordCount: 1 } }]);
    expect(updated?.status.code).toBe(1);
  });

  it('manual spans', async () => {
    const shown = ['db.query.text', 'result.count', 'data.size', 'item.id'];
    const { tree, spans } = await example('manual-spans', shown);
    expect(tree).toMatchInlineSnapshot(`
      "database_operation
        execute_query db.query.text="SELECT * FROM users"
        process_results result.count=2
      hybrid_workflow.workflow
        validate_data.task
        custom_processing data.size=2
          process_item_1 item.id=1
            process_single_item.task
          process_item_3 item.id=3
            process_single_item.task
        finalize_results.task"
    `);
    const operation = spans.find(({ name }) => name === 'database_operation');
    expect(operation?.events).toEqual([
      { name: 'Connection established', attributes: {} },
      { name: 'Operation completed', attributes: { 'total_time.ms': 150 } },
    ]);
  });

  it('threaded context', async () => {
    // On Node 20 tsx has no hand in worker threads.
    const { tree } = await example('threaded-context', [], { ...way, node: '24' });
    expect(tree).toMatchInlineSnapshot(`
      "threaded_workflow.workflow
        worker_task
          work.task"
    `);
  });

  it('span buffers: transportable', async () => {
    const { tree, printed } = await example('span-buffers/transportable', ['records']);
    expect(tree).toMatchInlineSnapshot(`
      "data_loading records=1000
      processing
      validation"
    `);
    expect(printed).toBe('true\ndiscarded 3 spans\nfalse\n');
  });

  it('span buffers: created afterwards', async () => {
    const { tree, spans } = await example('span-buffers/async-creation', ['input', 'output', 'cost']);
    expect(tree).toMatchInlineSnapshot(`
      "workflow_0 input="one" output="ONE" cost=0.01
      workflow_1 input="two" output="TWO" cost=0.01
      workflow_2 input="three" output="THREE" cost=0.01"
    `);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    for (const { startTimeUnixNano: start, endTimeUnixNano: end } of spans) {
      expect(Number(end - start) / 1e6).toBeGreaterThanOrEqual(9);
    }
  });

  it('span buffers: inspected before export', async () => {
    const { tree, printed } = await example('span-buffers/inspect-before-export', ['score']);
    expect(tree).toMatchInlineSnapshot(`
      "task1 score=0.95
      task3 score=0.88"
    `);
    expect(printed).toContain('3 spans\n');
  });

  it('span buffers: context isolation', async () => {
    const { tree, printed } = await example('span-buffers/context-isolation');
    expect(tree).toMatchInlineSnapshot(`
      "before_buffer
      span1
      span2
      clap.task
        openai.chat
      after_buffer"
    `);
    expect(printed).toMatchInlineSnapshot(`
      "[ 'span1', 'span2', 'POST', 'openai.chat', 'clap.task' ]
      "
    `);
  });

  it('span buffers: experiment logging', async () => {
    const { tree, printed } = await example('span-buffers/experiment-logging', ['config', 'success']);
    expect(tree).toMatchInlineSnapshot(`
      "run_0 config="{\\"temperature\\":0.5}" success=true
      run_1 config="{\\"temperature\\":0.5}" success=true"
    `);
    expect(printed).toBe('logged: true\nlogged: false\n');
  });

  it('span buffers: backend workflow', async () => {
    const { tree, printed } = await example('span-buffers/backend-workflow', ['respan.span_buffer.id']);
    expect(tree).toMatchInlineSnapshot(`
      "workflow_execution respan.span_buffer.id="workflow for respan"
        step_load respan.span_buffer.id="workflow for respan"
        step_answer respan.span_buffer.id="workflow for respan""
    `);
    expect(printed).toMatchInlineSnapshot(`
      "respan true
      [ 'workflow_execution', 'step_load', 'step_answer' ]
      internal true
      nowhere true
      "
    `);
  });
});
