import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../../lib/diff/plan.ts';
import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import { writeDomain } from '../../../lib/writer/write.ts';
import { host } from '../../support/host.ts';

const guest = "<cpu mode='host-passthrough'/>";
const active = `<domain type='kvm' id='1'>${guest}</domain>`;
const inactive = `<inactiveDomain type='kvm'>${guest}</inactiveDomain>`;
const baseline = diffHosts([host('a', ['pcid']), host('b')]);

test.each([
  ['behind', `<domainsnapshot>${active}${inactive}</domainsnapshot>`, 1],
  ['before', `<domainsnapshot>${inactive}${active}</domainsnapshot>`, 1],
  ['nowhere', `<domainsnapshot>${active}</domainsnapshot>`, 0],
  ['of a checkpoint, which has none', `<domaincheckpoint>${active}${inactive}</domaincheckpoint>`, 0],
  ['of somebody else', `<domainsnapshot>${active}<inactiveDomain xmlns='urn:x'/></domainsnapshot>`, 0],
])('the inactive domain of a snapshot is left as it is, and said to be: %s', (_, text, count) => {
  const domain = parseDomain(text);
  const plan = planDomain(domain, baseline);
  const found = plan.issues.filter(({ code }) => code === 'inactive-not-judged');
  expect(found).toHaveLength(count);
  for (const { span, severity } of found)
    expect([span?.start, severity]).toEqual([text.indexOf('<inactive'), 'warning']);
  expect(writeDomain(domain, plan)).toContain(
    text.includes(inactive) ? inactive : "<feature policy='disable' name='pcid'/>",
  );
});
