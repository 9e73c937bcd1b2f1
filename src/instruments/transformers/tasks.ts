import type { Operation } from '../genai/types';

/** What each task of Hugging Face is, by the names its libraries, its API and its hub share. */
const OPERATIONS: Record<string, Operation> = {
  conversational: 'chat',
  'text-generation': 'text_completion',
  'text2text-generation': 'text_completion',
  summarization: 'summarization',
  translation: 'translation',
  'feature-extraction': 'embeddings',
  'image-feature-extraction': 'embeddings',
  'sentence-similarity': 'similarity',
  'fill-mask': 'fill_mask',
  'question-answering': 'question_answering',
  'table-question-answering': 'question_answering',
  'document-question-answering': 'question_answering',
  'visual-question-answering': 'question_answering',
  'text-classification': 'classification',
  'token-classification': 'classification',
  'zero-shot-classification': 'classification',
  'image-classification': 'classification',
  'zero-shot-image-classification': 'classification',
  'audio-classification': 'classification',
  'zero-shot-audio-classification': 'classification',
  'tabular-classification': 'classification',
  'tabular-regression': 'regression',
  'automatic-speech-recognition': 'transcription',
  'text-to-speech': 'speech',
  'text-to-audio': 'speech',
  'audio-to-audio': 'audio_to_audio',
  'image-to-text': 'image_to_text',
  'image-text-to-text': 'image_to_text',
  'text-to-image': 'image_generation',
  'image-to-image': 'image_generation',
  'image-text-to-image': 'image_generation',
  'text-to-video': 'video_generation',
  'image-to-video': 'video_generation',
  'image-text-to-video': 'video_generation',
  'object-detection': 'detection',
  'zero-shot-object-detection': 'detection',
  'image-segmentation': 'segmentation',
  'background-removal': 'segmentation',
  'depth-estimation': 'depth_estimation',
};

/** `translation_en_to_fr` is a translation. */
export function operationOf(task: string): Operation {
  return OPERATIONS[task] ?? OPERATIONS[task.split('_')[0] ?? ''] ?? 'request';
}

export const isTask = (task: string): boolean => operationOf(task) !== 'request';

/** The second half of a span's name. */
export const spanSuffix = (task: string): string => task.replaceAll('-', '_');

/** Tasks whose answers are written token by token, and take the parameters of sampling. */
const GENERATING = ['text_completion', 'chat', 'summarization', 'translation', 'image_to_text'];

export const isGenerating = (operation: Operation): boolean => GENERATING.includes(operation);

/** What kind of media a task takes where it takes no text. */
export function modalityOfTask(task: string): string {
  if (/audio|speech-recognition/.test(task)) return 'audio';
  return /image|object|visual|document|depth|background/.test(task) ? 'image' : 'document';
}

/** What the strings are that a task is given: text, or where its image or sound is. */
export function modalityOfInput(task: string): string {
  const takesText = /^(text-|table-|zero-shot-classification|feature-|sentence-)/.test(task);
  const modality = modalityOfTask(task);
  return takesText || modality === 'document' ? 'text' : modality;
}

const OUTPUT_TYPES: Partial<Record<Operation, string>> = {
  image_generation: 'image',
  video_generation: 'video',
  speech: 'speech',
  transcription: 'text',
};

export const outputTypeOf = (operation: Operation): string | undefined => OUTPUT_TYPES[operation];
