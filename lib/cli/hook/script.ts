import { existsSync } from 'node:fs';

const MARK = '# Written by "virt-migratable hook install"; "virt-migratable hook uninstall" removes it.';

/** What a script has to know. */
export interface ScriptFacts {
  readonly program: string;
  readonly state: string;
  readonly onError: 'deny' | 'allow';
  readonly log: string | null;
}

/** No verdict takes so long; a disk that hangs must not hang libvirt. */
const SECONDS = 30;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The executable for libvirt's hook directory. What is no question to the gate never reaches Node.js: a failure of
 * `reconnect` would kill the guest, whatever has become of the Node.js it was written for.
 */
export function hookScript({ program, state, onError, log }: ScriptFacts): string {
  const timeout = ['/usr/bin/timeout', '/bin/timeout'].find((path) => existsSync(path));
  const limited = timeout === undefined ? '' : `${timeout} ${SECONDS} `;
  const words = [process.execPath, program, state, onError, log ?? ''].map(quoted).join(' ');
  return `#!/bin/sh
${MARK}
# Refuses guests whose CPU would change here: https://libvirt.org/hooks.html says when it is called, and how.
case "$2 $3" in
  'migrate begin' | 'restore begin' | 'prepare begin') ;;
  *)
    ${limited}head -c ${MOST_BYTES} >/dev/null 2>&1
    exit 0
    ;;
esac
${limited}${words} "$@"
code=$?
[ "$code" -gt 1 ] || exit "$code"
printf 'virt-migratable: domain %s: the check itself failed (%s); run "virt-migratable hook install" again\\n' "$1" "$code" >&2
exit ${onError === 'allow' ? 0 : 1}
`;
}

/** Is this a script that this command wrote? */
export function isHookScript(text: string): boolean {
  return text.split('\n', 2)[1] === MARK;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
