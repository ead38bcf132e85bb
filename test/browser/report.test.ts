import { join } from 'node:path';
import { tenHosts } from '../support/fleet.ts';
import { dataOf, hostsIn } from '../support/report.ts';
import { reportDocument } from '../../lib/report/document.ts';
import { STYLE } from '../../lib/report/style.ts';
import { ROOT } from '../support/sources.ts';
import { readFileSync } from 'node:fs';
import {
  describeInChromium,
  keepScreenshot,
  open,
  overflow,
  printed,
  violations,
  written,
} from './support/browser.ts';

const GUEST = { name: 'guest.xml', text: readFileSync(join(ROOT, 'examples/guest.xml'), 'utf8') };

describeInChromium.each([
  ['light', 1280],
  ['dark', 375],
] as const)('the report, %s, %i pixels wide', (colorScheme, width) => {
  test('runs nothing, loads nothing, breaks no rule of axe, and is not wider than its window', async () => {
    const [guest = '', ...hosts] = written([GUEST, ...tenHosts()]);
    const text = printed('report', ...hosts, '--with-guests', guest, '--quiet').toString();
    const [file = ''] = written([{ name: 'report.html', text }]);
    const { page, requests, complaints } = await open(file, {
      colorScheme,
      viewport: { width, height: 900 },
      javaScriptEnabled: true,
    });
    await keepScreenshot(page, `report-${colorScheme}-${width}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Hosts, pools and guests');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
  });
});

describeInChromium('the report of hosts with hostile names', () => {
  test('has no element that they wrote', async () => {
    const names = [
      '<img src=x onerror=alert(1)>',
      '"><script>alert(1)</script>',
      '</style><svg onload=alert(1)>',
    ];
    const hosts = hostsIn(tenHosts()).map((host, i) => ({
      ...host,
      name: `${names[i % 3] ?? ''}${i}`,
      file: names[i % 3],
    }));
    const text = reportDocument(dataOf(hosts, [{ ...GUEST, name: names[0] ?? '' }]), {
      version: '1',
      style: STYLE,
    });
    const [file = ''] = written([{ name: 'hostile.html', text }]);
    const { page, complaints } = await open(file);
    expect(await page.locator('img, script, svg[onload], [onerror]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
