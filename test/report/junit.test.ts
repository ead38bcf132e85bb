import { junitReport } from '../../lib/report/junit.ts';
import { EMPTY, junitProblems, REPORT } from './reports.ts';

test.each([
  ['nothing', EMPTY],
  ['a guest of each kind', REPORT],
])('%s is a report that Jenkins takes', (_, report) => {
  expect(junitProblems(junitReport(report))).toBe('');
});

test('a guest is a test: it passes, fails, or is an error', () => {
  expect(junitReport(REPORT)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="virt-migratable check" tests="4" failures="1" errors="1">
  <testsuite name="virt-migratable check" tests="4" failures="1" errors="1">
    <testcase classname="a.xml" name="a"/>
    <testcase classname="./g/ä b:c#?.xml" name="b &quot;&lt;&amp;&gt;?">
      <failure type="policy-conflict" message="an error">
warning: a &quot;warning&quot; &amp; &lt;more&gt;?[31m? [pmu]
4:5: error: an error [policy-conflict]
</failure>
    </testcase>
    <testcase classname="/abs/c.xml" name="/abs/c.xml">
      <error type="not-found" message="no such file">
error: no such file [not-found]
</error>
    </testcase>
    <testcase classname="d.xml" name="d">
      <system-out>
note: a note [microcode]
</system-out>
    </testcase>
    <system-out>
warning: hosts are known by a weak source [weak-source]
</system-out>
  </testsuite>
</testsuites>
`);
});
