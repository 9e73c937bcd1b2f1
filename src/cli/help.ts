import { cac } from 'cac';
import type { Command } from './command';
import { type Flag, HELP } from './flags';

const WIDTH = 100;

/** The help of one command, or of all of them. */
export function printHelp(commands: readonly Command[], command?: Command): void {
  const cli = cac('respan');
  for (const { name, usage, summary, flags, examples = [] } of commands) {
    const declared = cli.command(name, summary).usage(`${name} ${usage}`.trim());
    for (const flag of flags) declared.option(spelling(flag), flag.description);
    for (const example of examples) declared.example(`  ${example}`);
  }
  if (!command) {
    cli.usage('<command>');
    cli.option('-v, --version', 'Display the version');
  }
  cli.help((sections) => {
    const shown = sections.filter(({ title, body }) => body !== 'respan' && !title?.startsWith('For more'));
    // cac leaves room for a default behind each description.
    for (const section of shown) section.body = section.body.replace(/ +$/gm, '');
    const options = shown.find(({ title }) => title === 'Options');
    if (options && command) {
      options.title = 'Flags';
      options.body = flagTable([...command.flags, HELP]);
    }
    if (command) {
      shown.unshift({ body: `respan ${command.name}: ${command.summary}` });
      if (command.notes) shown.push({ body: wrap(command.notes, WIDTH).join('\n') });
    } else shown.push({ body: '`respan help <command>` says more of each.' });
    return shown;
  });
  // cac prints the help of the command it has matched, else the one of all.
  cli.parse(['', '', command?.name ?? '', '--help']);
}

function spelling({ name, short, value }: Flag): string {
  const long = value ? `--${name} <${value}>` : `--${name}`;
  return short ? `-${short}, ${long}` : `    ${long}`;
}

function flagTable(flags: readonly Flag[]): string {
  const left = Math.max(...flags.map((flag) => spelling(flag).length));
  return flags
    .map((flag) => {
      const text = flag.variable ? `${flag.description} (${flag.variable})` : flag.description;
      return wrap(text, WIDTH - left - 4)
        .map((line, i) => `  ${(i === 0 ? spelling(flag) : '').padEnd(left)}  ${line}`)
        .join('\n');
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
