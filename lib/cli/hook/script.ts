import { existsSync } from 'node:fs';
import type { GateSettingsFacts } from '../report/results.ts';
import { PASS, REFUSE } from './exit-codes.ts';

const MARK = '# Written by "virt-migratable hook install"; "virt-migratable hook uninstall" removes it.';

/** What a script has to know. */
export interface ScriptFacts extends Pick<GateSettingsFacts, 'onError' | 'log'> {
  readonly node: string;
  readonly program: string;
  readonly state: string;
}

/** No verdict takes so long; a disk that hangs must not hang libvirt. */
const SECONDS = 30;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The executable for libvirt's hook directory. What is no question to the gate never reaches Node.js: a failure of
 * `reconnect` would kill the guest, whatever has become of the Node.js it was written for. Only the two exit codes of
 * a verdict are one: whatever else happens, also a program that was emptied, is an error, and `onError` holds.
 */
export function hookScript({ node, program, state, onError, log }: ScriptFacts): string {
  const timeout = ['/usr/bin/timeout', '/bin/timeout'].find((path) => existsSync(path));
  const limited = timeout === undefined ? '' : `${timeout} ${SECONDS} `;
  const [passes, code] = onError === 'allow' ? [' passes unjudged', 0] : ['', 1];
  const words = [state, onError, log ?? ''].map(quoted).join(' ');
  return `#!/bin/sh
${MARK}
# Refuses guests whose CPU would change here: https://libvirt.org/hooks.html says when it is called, and how.
PATH="/usr/bin:/bin:/usr/sbin:/sbin\${PATH:+:$PATH}"
export PATH
case "$2 $3" in
  'migrate begin' | 'restore begin' | 'prepare begin') ;;
  *)
    ${limited}head -c ${MOST_BYTES} >/dev/null 2>&1
    exit 0
    ;;
esac
node=${quoted(node)}
program=${quoted(program)}
if [ ! -x "$node" ]; then
  problem="$node is missing"
elif [ ! -r "$program" ]; then
  problem="$program is missing"
else
  # Nothing of libvirt's environment: NODE_OPTIONS and its like would change what runs.
  ${limited}env -i "$node" "$program" ${words} "$@"
  code=$?
  case $code in
    ${PASS}) exit 0 ;;
    ${REFUSE}) exit 1 ;;
  esac
  problem="it ended with $code"
fi
head -c ${MOST_BYTES} >/dev/null 2>&1
name=$(printf '%s' "$1" | LC_ALL=C tr -c '[:print:]' '?')
printf 'virt-migratable: domain %s${passes}: the check itself failed (%s); run "virt-migratable hook install" again\\n' "$name" "$problem" >&2
exit ${code}
`;
}

/** Is this a script that this command wrote, or the beginning of one? */
export function isHookScript(text: string): boolean {
  const [shell = '', mark = ''] = text.split('\n', 2);
  return text === '' || (shell === '#!/bin/sh' && mark === MARK);
}

/** The program that a script runs, or the Node.js that it does so with. */
export function valueIn(name: 'node' | 'program', script: string): string | undefined {
  const found = new RegExp(`^${name}='(.*)'$`, 'm').exec(script)?.[1];
  return found?.replaceAll("'\\''", "'");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
