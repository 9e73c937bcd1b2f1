/** A URL may carry one, also in the middle of a text. */
export function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//[redacted]@');
}
