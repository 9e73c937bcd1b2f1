import { isIPv6 } from 'net';
import type { REDACTIONS } from '../../config/parsers';

export type RedactionName = (typeof REDACTIONS)[number];

/** One thing to look for. None of the patterns takes longer than in proportion to the text, whatever the text. */
export interface Pattern {
  /** What stands in the place of what was found: `[redacted:email]`. */
  label: string;
  pattern: RegExp;
  /** Without one of these nothing is looked for: most texts have none of it. */
  hint?: RegExp;
  /** Whether what was found is what it looks like. */
  holds?(found: string): boolean;
}

/** `$1` of a pattern, where it has one, says what the secret is and stays. */
const secret = (pattern: RegExp, hint?: RegExp): Pattern => ({ label: 'key', pattern, hint });

const VENDOR_KEYS = [
  /\bsk-[A-Za-z0-9][\w-]{14,}/g, // OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse
  /\bpk-lf-[\w-]{14,}/g,
  /\b(?:[rsp]k_(?:live|test)|whsec)_\w{10,}/g, // Stripe
  /\bAIza[\w-]{30,}/g, // Google
  /\bya29\.[\w-]{20,}/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, // AWS
  /\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{18,})/g,
  /\bxox[abeoprs]-[\w-]{10,}|\bxapp-[\w-]{10,}/g, // Slack
  /\b(?:hf|r8|gsk|pcsk|fw|npm|dop_v1|shpat|lsv2_pt|lsv2_sk)_\w{20,}/g, // Hugging Face, Replicate, Groq, Pinecone …
  /\b(?:xai|pplx|tvly|csk|nvapi|fc)-[\w-]{20,}/g, // xAI, Perplexity, Tavily, Cerebras, NVIDIA, Firecrawl
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g, // SendGrid
  /\bdapi[0-9a-f]{32}\b/g, // Databricks
  /\b\d{8,10}:AA[\w-]{33}\b/g, // Telegram
].map((pattern) => secret(pattern));

const ASSIGNED = `(?:api[_-]?key|secret(?:[_-]?(?:access[_-]?)?key)?|client[_-]?secret|access[_-]?token|auth[_-]?token|password|passwd|pwd)`;

const KEYS: Pattern[] = [
  secret(
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    /-----BEGIN/,
  ),
  secret(/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g, /eyJ/),
  ...VENDOR_KEYS,
  secret(/\b(Bearer\s{1,4})(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{16,}={0,2}/gi, /bearer/i),
  secret(/\b(Basic\s{1,4})(?=[A-Za-z0-9+/]{0,200}(?:\d|==?))[A-Za-z0-9+/]{12,}={0,2}/g, /Basic/),
  secret(
    new RegExp(String.raw`(?<![A-Za-z])(${ASSIGNED}["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;&\[]{6,}`, 'gi'),
    /[:=]/,
  ),
  secret(/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,100}:)[^\s/@"']{1,200}(?=@)/gi, /:\/\//),
  secret(/([?&](?:key|sig|code|[\w-]{0,30}(?:token|signature|credential))=)[^&\s"'#]{6,}/gi, /[?&]/),
];

/** The names of what RESPAN_REDACT offers. */
export const PATTERNS: Record<RedactionName, Pattern[]> = {
  keys: KEYS,
  emails: [
    {
      label: 'email',
      pattern:
        /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+(?:@|%40)(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+/gu,
      hint: /@|%40/,
    },
  ],
  cards: [
    {
      label: 'card',
      pattern: /(?<!\w|\w[.-])\d(?:[ -]?\d){12,18}(?!\w|[.-]\w)/g,
      holds: (found) => isCard(found.replace(/\D/g, '')),
    },
  ],
  phones: [
    {
      label: 'phone',
      pattern:
        /(?<![\w+])(?:\+\d(?:[ ().-]{0,2}\d){7,14}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}([ .-])\d{3}\1\d{4})(?!\w|[.-]\d)/g,
    },
  ],
  ips: [
    { label: 'ip', pattern: /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)/g, holds: isIPv4 },
    {
      label: 'ip',
      pattern: /(?<![\w:.])[0-9a-f:]{2,39}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])/gi,
      hint: /:.*:/,
      holds: isIPv6,
    },
  ],
  ibans: [
    {
      label: 'iban',
      pattern: /(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)/g,
      holds: (found) => isIban(found.replaceAll(' ', '')),
    },
  ],
  ssns: [{ label: 'ssn', pattern: /(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g }],
};

function isIPv4(found: string): boolean {
  return found.split('.').every((part) => Number(part) <= 255);
}

/** As cards of the networks begin, and with the check digit they end with (Luhn). */
function isCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !/^(4|5[0-8]|2[2-7]|3[0-9]|6|8)/.test(digits)) return false;
  if (/^(\d)\1*$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  let rest = 0;
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
