// How long a command takes that does little: start-up counts most where a hook runs the command for each migration.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domainCapabilities } from './host-inputs.mjs';
import { smallDomain } from './inputs.mjs';
import { median, number, printTable, ratio, ROOT, wallTime } from './timing.mjs';

const PAIRS = 25;
const COMMAND = join(ROOT, 'dist', 'cli', 'virt-migratable.cjs');

export function benchStartup() {
  const directory = mkdtempSync(join(tmpdir(), 'bench-startup-'));
  try {
    const write = (name, text) => {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    };
    const domain = write('guest.xml', smallDomain());
    const pool = (later) =>
      [[], ['pcid', 'vmx', 'dca', 'tsc_adjust']].flatMap((lacks, i) => [
        '--host',
        write(`kvm-${i}${later ? '-later' : ''}.xml`, domainCapabilities({ lacks, later })),
      ]);
    const [hosts, later] = [pool(false), pool(true)];
    const nothing = ['-e', '0'];
    // The guest requires vmx, which one host lacks: overriding lets `rewrite` go through to its end.
    const rewrite = ['rewrite', domain, '--override-conflicts'];
    printTable(`wall time of a process, ${PAIRS} pairs, each with "node -e 0" beside it`, [
      ['process', 'ms', '× node -e 0'],
      pairs('node -e 0', nothing),
      pairs('node -e "require(\'libvirt-migratable\')"', ['-e', "require('libvirt-migratable')"]),
      pairs('virt-migratable --version', [COMMAND, '--version']),
      pairs('virt-migratable check', [COMMAND, 'check', domain, ...hosts]),
      pairs('virt-migratable rewrite', [COMMAND, ...rewrite, ...hosts]),
      pairs('virt-migratable check, hosts of libvirt 11+', [COMMAND, 'check', domain, ...later]),
      pairs('virt-migratable rewrite, hosts of libvirt 11+', [COMMAND, ...rewrite, ...later]),
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }

  /** One of each in turn, so that a busy moment of the machine meets both. Exit code 1 is a finding, not a failure. */
  function pairs(title, args) {
    const [bare, ours] = [[], []];
    for (let pair = 0; pair < PAIRS; pair++) {
      bare.push(wallTime(process.execPath, ['-e', '0']));
      ours.push(wallTime(process.execPath, args, [0, 1]));
    }
    return [title, number(median(ours)), ratio(ours, bare)];
  }
}
