import { asArray, asDict, asNumber, asString, type Dict } from '../genai/read';
import { plainText } from './messages';

/** Nodes that were found: what they say and how well they fit, never their vectors. */
export function nodesOf(found: unknown): Dict[] {
  return (asArray(found) ?? []).flatMap((item) => {
    const scored = asDict(item);
    const node = asDict(scored?.node) ?? scored;
    if (!node) return [];
    const score = asNumber(scored?.score);
    return [{ ...nodeOf(node), ...(score !== undefined && { score }) }];
  });
}

function nodeOf(node: Dict): Dict {
  return {
    id: asString(node.id_),
    text: asString(node.text),
    metadata: node.metadata,
  };
}

/** The text of an engine's answer. Its own getters complain on the console where they do not fit. */
export function answerText(answer: unknown): string | undefined {
  const content = asDict(asDict(answer)?.message)?.content;
  return plainText(content);
}

/** An engine's answer, with what it is based on. */
export function answerOf(answer: unknown): unknown {
  const response = answerText(answer);
  const sources = nodesOf(asDict(answer)?.sourceNodes);
  if (sources.length === 0) return response;
  return { response, source_nodes: sources };
}
