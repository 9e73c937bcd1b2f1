/** An app that can talk to ten providers, and talks to none. */
import '@anthropic-ai/sdk';
import '@aws-sdk/client-bedrock-runtime';
import '@google/genai';
import '@mistralai/mistralai';
import 'cohere-ai';
import 'groq-sdk';
import 'ollama';
import 'openai';
import 'replicate';
import 'together-ai';
