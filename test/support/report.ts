import type { Host } from '../../types/host.ts';
import type { ReportData } from '../../types/report.ts';
import { newHostReader } from '../../lib/parser/host/host.ts';
import { planPools } from '../../lib/pools/pools.ts';
import { recommended } from '../../lib/report/words.ts';
import { guestVerdicts } from '../../lib/verdicts.ts';
import type { HostFile } from './fleet.ts';

/** Hosts of such files, called as the command calls them. */
export function hostsIn(files: readonly HostFile[]): readonly Host[] {
  const reader = newHostReader();
  return files.flatMap(({ name, text }) =>
    reader.read(text, { name: name.replace(/\.xml$/, ''), file: name, libvirtVersion: '9.0.0' }),
  );
}

/** What a report says of these hosts and guests. */
export function dataOf(hosts: readonly Host[], guests: readonly HostFile[] = []): ReportData {
  const plan = planPools(hosts);
  const texts = guests.map(({ name, text }) => ({ name, file: name, text }));
  return { hosts, plan, guests: guestVerdicts(hosts, recommended(plan), texts) };
}
