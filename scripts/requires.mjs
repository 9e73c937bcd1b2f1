/**
 * `code`, as esbuild has made it, with `file` required when something of it is used, and not already when the code is
 * read.
 */
export function onFirstUse(code, file) {
  const required = JSON.stringify(`./${file}`);
  const assignment = new RegExp(`\\b(import_\\w+)=require\\(${required.replaceAll('.', '\\.')}\\)`, 'g');
  const names = [...new Set([...code.matchAll(assignment)].map(([, name]) => name))];
  if (names.length === 0) return code;
  const key = file.split('.')[0].replaceAll('-', '_');
  const all = names.join('|');
  const later = code
    .replace(assignment, '$1=0')
    // What is constructed is the property, not what is called for it.
    .replace(new RegExp(`\\bnew (?:${all})((?:\\.[\\w$]+)+)`, 'g'), `new(read_${key}()$1)`)
    .replace(new RegExp(`\\b(?:${all})\\.`, 'g'), `read_${key}().`);
  for (const name of names) {
    // Declared and assigned: all else is no look at a property.
    const whole = later.match(new RegExp(`[(=:]${name}\\b|\\b${name}\\b(?!=0|[,;])`));
    if (whole) throw new Error(`${name}, of ${file}, is used as a whole (${whole[0]}): that cannot wait`);
  }
  if (later.includes(`new read_${key}`)) throw new Error(`${file}: what is constructed there cannot wait`);
  return `${later}var ${key}_read;function read_${key}(){return ${key}_read??=require(${required})}\n`;
}

/** `code`, as esbuild has made it, with each file required once: also what is there already takes its time to be found. */
export function requiredOnce(code) {
  // Not in the order of the text.
  if (code.includes('__esm(')) return code;
  const names = new Map();
  return code.replace(/\b(import_\w+)=require\(("[^"]+")\)/g, (whole, name, file) => {
    const first = names.get(file);
    if (!first) names.set(file, name);
    return first ? `${name}=${first}` : whole;
  });
}
