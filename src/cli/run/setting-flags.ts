import { list } from '../../config/parsers';
import { type Setting, type SettingName, settings } from '../../config/settings';
import { findRow, unknownInstrument } from '../../loader/select';
import { type Flag, type FlagValues, lastValue } from '../flags';
import { UsageError } from '../usage-error';

type FlagSetting = Setting<unknown> & { flag: string };

const flagSettings = (Object.values(settings) as Setting<unknown>[]).filter(
  (setting): setting is FlagSetting => setting.flag !== undefined,
);

const isSwitch = ({ flag }: FlagSetting) => flag.startsWith('no-');

/** The flags that stand for a setting, made from the table of settings. */
export const settingFlags: Flag[] = flagSettings.map((setting) => ({
  name: setting.flag,
  ...(!isSwitch(setting) && { value: setting.example }),
  description: isSwitch(setting) ? setting.description.replace(/^false: /, '') : setting.description,
  variable: isSwitch(setting) ? `${setting.variable}=false` : setting.variable,
}));

export interface FlagVariable {
  variable: string;
  flag: string;
  value: string;
}

/** The variables that the flags set; each value is valid, or this throws. */
export function variablesOf(values: FlagValues): FlagVariable[] {
  return flagSettings
    .filter(({ flag }) => values.has(flag))
    .map((setting) => {
      const flag = `--${setting.flag}`;
      const value = isSwitch(setting) ? 'false' : textOf(setting, values);
      const parsed = setting.parse(value);
      if (!parsed.ok) {
        const shown = setting.secret ? '[redacted]' : JSON.stringify(value);
        throw new UsageError(`${flag} ${shown} is not valid (expected ${parsed.expected})`);
      }
      return { variable: setting.variable, flag, value };
    });
}

/** A list may be given in pieces (`--block a --block b`); of anything else the last one counts. */
function textOf(setting: FlagSetting, values: FlagValues): string {
  const given = values.get(setting.flag) as string[];
  const isList = setting.example.includes(',');
  return isList ? given.join(',') : (lastValue(values, setting.flag) as string);
}

/** A mistyped instrument in a flag is an error, where in a variable it is a warning: nothing runs yet. */
export function checkInstruments(flagged: readonly FlagVariable[]): void {
  for (const { variable, flag, value } of flagged) {
    const names: SettingName[] = ['instruments', 'blockInstruments'];
    if (!names.some((name) => settings[name].variable === variable)) continue;
    const parsed = list(value);
    for (const name of parsed.ok ? parsed.value : []) {
      const isWord =
        ['none', 'all'].includes(name.toLowerCase()) && variable === settings.instruments.variable;
      if (!isWord && !findRow(name)) throw new UsageError(unknownInstrument(name, flag));
    }
  }
}
