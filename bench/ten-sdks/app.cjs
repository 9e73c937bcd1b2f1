/** The same as a CommonJS app. */
require('@anthropic-ai/sdk');
require('@aws-sdk/client-bedrock-runtime');
require('@google/genai');
require('@mistralai/mistralai');
require('cohere-ai');
require('groq-sdk');
require('ollama');
require('openai');
require('replicate');
require('together-ai');
