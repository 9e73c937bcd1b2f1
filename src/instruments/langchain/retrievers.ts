import { safely } from '../../config/safely';
import { DB } from '../database/attributes';
import { databaseResponseAttributes, resultEvents } from '../database/to-attributes';
import { ATTR } from '../genai/attributes';
import { asArray, asDict, asNumber, asString, type Dict } from '../genai/read';
import { stepMethod, tracesContent } from '../kit/step';
import type { Wrapper } from '../kit/wrap';
import { configOf, type Run, runName, startRun, WHERE } from './run';

export const retrieverRun: Wrapper = stepMethod<Run>({
  where: WHERE,
  begin([query, options], self) {
    const config = configOf(options);
    const name = runName(self, config);
    const topK = asNumber(asDict(self)?.k);
    const text = asString(query);
    return startRun({
      kind: 'task',
      name,
      spanName: `${name}.retrieval`,
      config,
      input: query,
      attributes: {
        [ATTR.operationName]: 'retrieval',
        ...(topK !== undefined && { [ATTR.retrievalTopK]: topK }),
        ...(tracesContent() && text && { 'gen_ai.retrieval.query.text': text }),
      },
    });
  },
  onAnswer(run, documents) {
    safely(WHERE, () => putDocuments(run, asArray(documents) ?? []));
    run.succeed(documents);
  },
});

function putDocuments({ entity }: Run, documents: unknown[]): void {
  if (!entity) return;
  const results = documents.map((one) => asDict(one) ?? {}).map(toResult);
  entity.span.setAttributes(databaseResponseAttributes({ results }, entity.content));
  for (const attributes of resultEvents({ results }, entity.content))
    entity.span.addEvent(DB.resultEvent, attributes);
}

const toResult = ({ id, pageContent, metadata }: Dict) => ({
  id,
  document: pageContent,
  metadata: asDict(metadata),
  score: asDict(metadata)?.score,
});
