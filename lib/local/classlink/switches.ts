/** What can be made to go wrong in the stand-in for ClassLink, each with what it does. Names are those of the form. */
export const SWITCHES = {
  down: 'Token, key and my/info requests are cut off without an answer.',
  slow: 'Token and my/info requests are answered after ten seconds.',
  'wrong-key': 'Identity tokens are signed with a key that is not published, under the name of one that is.',
  'rotated-key': 'Identity tokens are signed with a new key, which is published beside the old one.',
  'wrong-aud': 'Identity tokens are meant for another application.',
  'old-sourced-id': 'my/info says the sourcedId that the person had before, as ClassLink does for days after a change.',
  'blank-sourced-id': 'my/info says no sourcedId, as in a district without Roster Server.',
  'access-denied': 'The person refuses to share: the browser comes back with error=access_denied.',
} as const;

export type SwitchName = keyof typeof SWITCHES;

export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[];

/** The switches of one stand-in; all off at first, and after a restart. */
export interface Switches {
  isOn(name: SwitchName): boolean;
  set(name: SwitchName, on: boolean): void;
  all(): Readonly<Record<SwitchName, boolean>>;
}

export function createSwitches(): Switches {
  const on = new Set<SwitchName>();
  return {
    isOn: (name) => on.has(name),
    set: (name, isOn) => void (isOn ? on.add(name) : on.delete(name)),
    all: () => Object.fromEntries(SWITCH_NAMES.map((name) => [name, on.has(name)])) as Record<SwitchName, boolean>,
  };
}

/** The switch of a name as people write it (`wrongKey`, `wrong key`, `wrong_key`); null for none. */
export const switchNamed = (name: string): SwitchName | null =>
  SWITCH_NAMES.find((known) => lettersOf(known) === lettersOf(name)) ?? null;

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
