// A QEMU that answers QMP on its standard streams: one question at a time, each answered before the next is asked.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const BINARY = 'qemu-system-x86_64';

/** The command line of a QEMU, here or in the root directory of another system. */
export function emulator(root) {
  return root === undefined ? [BINARY] : ['chroot', root, BINARY];
}

/** The version of this QEMU: `7.2.22`. */
export async function versionOf(command) {
  const { qemu } = await withQemu(command, ['-machine', 'none'], (ask) => ask('query-version'));
  return `${qemu.major}.${qemu.minor}.${qemu.micro}`;
}

/** Starts a paused QEMU with these arguments, lets `talk` ask QMP commands, and ends it. */
export async function withQemu(command, args, talk) {
  const [program, ...rest] = command;
  const fixed = ['-S', '-display', 'none', '-nodefaults', '-qmp', 'stdio'];
  const child = spawn(program, [...rest, ...fixed, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (execute, argument) => {
    child.stdin.write(`${JSON.stringify({ execute, ...(argument && { arguments: argument }) })}\n`);
    for (;;) {
      const { value, done } = await answers.next();
      if (done) throw new Error(`QEMU ended: ${errors.trim() || 'without a word'}`);
      const message = JSON.parse(value);
      if (message.error !== undefined) throw new Error(message.error.desc);
      if (message.return !== undefined) return message.return;
    }
  };
  try {
    await ask('qmp_capabilities');
    return await talk(ask);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
