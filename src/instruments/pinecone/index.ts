import { patchDatabaseMethods } from '../database/patch';
import { defineInstrument } from '../kit/define';
import { modelMethod } from '../kit/method';
import { patch } from '../kit/wrap';
import { documents, previewDocuments } from './documents';
import { embed, rerank } from './inference';
import { records, vectors } from './vectors';

/** `@pinecone-database/pinecone` 2 to 9: indexes are vector store calls, inference is a model's. */
export const instrument = defineInstrument({
  id: 'pinecone',
  patchModule({ exports: { Index, Documents, PreviewIndex, Inference } }) {
    patchDatabaseMethods('pinecone', Index, { ...vectors, ...records });
    // The methods of an index that have documents in their names go through these.
    patchDatabaseMethods('pinecone', Documents, documents);
    patchDatabaseMethods('pinecone', PreviewIndex, previewDocuments);
    if (typeof Inference !== 'function') return;
    patch((wrap) => {
      wrap(Inference.prototype, 'embed', modelMethod(embed));
      wrap(Inference.prototype, 'rerank', modelMethod(rerank));
    });
  },
});
