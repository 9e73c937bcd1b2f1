import { asDict, asDicts, asString, asText, type Dict } from '../../genai/read';
import type { Part } from '../../genai/types';

/** Where an answer of an agent or a knowledge base is from: which words rest on which documents. */
export function citationsOf(citations: unknown): Dict[] {
  return asDicts(citations).map(({ generatedResponsePart, retrievedReferences }) => ({
    text: asString(asDict(asDict(generatedResponsePart)?.textResponsePart)?.text),
    documents: asDicts(retrievedReferences).map(retrievedDocument),
  }));
}

export const textWithCitations = (text: string, citations: Dict[]): Part => ({
  type: 'text',
  content: text,
  ...(citations.length > 0 && { citations }),
});

/** A piece of a document that was found, with its place and, where it has one, its score. */
export function retrievedDocument({ content, location, score, metadata, documentId }: Dict): Dict {
  const { text, byteContent, ...rest } = asDict(content) ?? {};
  const given: Dict = { id: documentId, score, location, metadata };
  return {
    type: 'document',
    ...(typeof text === 'string' ? { content: text } : { content: rest }),
    ...(byteContent !== undefined && { bytes: asText(byteContent).length }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
