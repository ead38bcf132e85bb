import { expectTypeOf } from 'expect-type';
import * as library from '../lib/index.ts';
import type * as Public from '../lib/index.ts';

test('these are the names of the package, and there are no others', () => {
  expect(Object.keys(library).sort()).toEqual([
    'LibvirtXmlError',
    'applyEdits',
    'baselineCpu',
    'baselineLevels',
    'compareCpu',
    'compareLock',
    'consequenceOf',
    'createCheckPool',
    'createLinter',
    'createPool',
    'diffHosts',
    'disableFeatures',
    'foldLines',
    'formatIssue',
    'gatePool',
    'gateVerdict',
    'hasErrors',
    'hostFromFeatures',
    'isLibvirtXmlError',
    'kubevirtAdvice',
    'kubevirtDomain',
    'kubevirtGuests',
    'lockBaseline',
    'mergeBaselines',
    'parseCpuMap',
    'parseDomain',
    'parseHost',
    'parseHosts',
    'parseLock',
    'parseVirtioFeatures',
    'planDomain',
    'planPools',
    'profileLine',
    'qemuCpuArgument',
    'rehearse',
    'rescueDomain',
    'rewriteDomain',
    'rewriteDomains',
    'undoRewrite',
    'writeDomain',
  ]);
});

test.each(Object.entries(library))('%s is a function that is named as it is exported', (name, exported) => {
  expect([typeof exported, exported.name]).toEqual(['function', name]);
});

// What follows is checked by the compiler; nothing of it runs.

expectTypeOf(library.parseHost).toEqualTypeOf<
  (xml: string, options?: Public.ParseHostOptions) => Public.Host
>();
expectTypeOf(library.createLinter).toEqualTypeOf<() => Public.Linter>();
expectTypeOf(library.parseHosts).toEqualTypeOf<
  (xml: string, options?: Public.ParseHostOptions) => readonly Public.Host[]
>();
expectTypeOf(library.parseDomain).toEqualTypeOf<
  (xml: string, options?: Public.ReadOptions) => Public.Domain
>();
expectTypeOf(library.parseCpuMap).toEqualTypeOf<
  (
    files: Readonly<Record<string, string>>,
    version: string,
    options?: { readonly directory?: string },
  ) => Public.CpuMap
>();
expectTypeOf(library.diffHosts).toEqualTypeOf<
  (hosts: readonly Public.Host[], options?: Public.DiffOptions) => Public.Baseline
>();
expectTypeOf(library.mergeBaselines).toEqualTypeOf<
  (baselines: readonly Public.Baseline[], options?: Public.DiffOptions) => Public.Baseline
>();
expectTypeOf(library.planPools).toEqualTypeOf<
  (hosts: readonly Public.Host[], options?: Public.PlanPoolsOptions) => Public.PoolsPlan
>();
expectTypeOf(library.profileLine).toEqualTypeOf<(host: Public.Host) => string>();
expectTypeOf(library.foldLines).toEqualTypeOf<(lines: Iterable<string>) => readonly string[]>();
expectTypeOf(library.baselineLevels).toEqualTypeOf<
  (baseline: Public.Baseline) => Public.PoolLevels | undefined
>();
expectTypeOf(library.consequenceOf).toEqualTypeOf<(feature: string) => Public.Consequence | undefined>();
expectTypeOf(library.baselineCpu).toEqualTypeOf<
  (hosts: readonly Public.Host[], options?: Public.BaselineCpuOptions) => Public.CpuDefinition
>();
expectTypeOf(library.compareCpu).toEqualTypeOf<
  (host: Public.Host, cpuOrDomainXml: string, options?: Public.CompareCpuOptions) => Public.Comparison
>();
expectTypeOf(library.planDomain).toEqualTypeOf<
  (domain: Public.Domain, baseline: Public.Baseline, options?: Public.PlanOptions) => Public.DomainPlan
>();
expectTypeOf(library.parseVirtioFeatures).toEqualTypeOf<
  (text: string, options?: Public.ReadOptions) => Public.VirtioFeatures
>();
expectTypeOf(library.formatIssue).toEqualTypeOf<
  (found: Public.Issue, options?: Public.FormatIssueOptions) => string
>();
expectTypeOf(library.hasErrors).toEqualTypeOf<(issues: readonly Public.Issue[]) => boolean>();
expectTypeOf(library.applyEdits).toEqualTypeOf<(text: string, edits: readonly Public.Edit[]) => string>();
expectTypeOf(library.createPool).toEqualTypeOf<
  (hosts: readonly (string | Public.Host)[], options?: Public.PoolOptions) => Public.Pool
>();
expectTypeOf(library.lockBaseline).toEqualTypeOf<(baseline: Public.Baseline) => Public.BaselineLock>();
expectTypeOf(library.compareLock).toEqualTypeOf<
  (lock: Public.BaselineLock, baseline: Public.Baseline) => readonly Public.Issue[]
>();
expectTypeOf(library.parseLock).toEqualTypeOf<
  (text: string, options?: Public.ReadOptions) => Public.BaselineLock
>();
expectTypeOf(library.undoRewrite).toEqualTypeOf<
  (domainXml: string, options?: Public.ReadOptions) => string
>();
expectTypeOf(library.writeDomain).toEqualTypeOf<
  (domain: Public.Domain, plan: Public.DomainPlan, options?: Public.WriteOptions) => string
>();
expectTypeOf(library.rewriteDomain).toEqualTypeOf<
  (
    domainXml: string,
    hosts: readonly (string | Public.Host)[],
    options?: Public.RewriteDomainOptions,
  ) => Public.RewriteResult
>();
expectTypeOf(library.rewriteDomains).toEqualTypeOf<
  (
    parts: readonly { readonly domain: string; readonly host: string | Public.Host }[],
    options?: Public.RewriteDomainOptions,
  ) => Public.RewriteDomainsResult
>();
expectTypeOf(library.disableFeatures).toEqualTypeOf<
  (domainXml: string, names: readonly string[], options?: Public.ReadOptions) => Public.DisableResult
>();
expectTypeOf(library.gatePool).toEqualTypeOf<(baseline: Public.Baseline, self: string) => Public.GatePool>();
expectTypeOf(library.gateVerdict).toEqualTypeOf<
  (
    domainXml: string,
    pool: Public.GatePool,
    operation: Public.GateOperation,
    options?: Public.GateOptions,
  ) => Public.GateVerdict
>();
expectTypeOf(library.rescueDomain).toEqualTypeOf<
  (domainXml: string, features: readonly string[], options?: Public.ReadOptions) => Public.RescueResult
>();
expectTypeOf(library.qemuCpuArgument).toEqualTypeOf<(domain: Public.Domain) => string | undefined>();
expectTypeOf(library.isLibvirtXmlError).guards.toEqualTypeOf<library.LibvirtXmlError>();

// Unknown is not empty: a caller has to look before it counts on features.
expectTypeOf<Public.Host['features']>().toEqualTypeOf<readonly string[] | undefined>();
expectTypeOf<Public.Baseline['common']>().toEqualTypeOf<readonly string[]>();
expectTypeOf<Public.Baseline['surplus']>().toEqualTypeOf<Readonly<Record<string, readonly string[]>>>();

// Who has not looked whether a rewrite was refused has no XML.
expectTypeOf<Public.RewriteResult>().not.toHaveProperty('xml');
expectTypeOf<Public.Rewritten>().toHaveProperty('xml').toBeString();
expectTypeOf<Public.Rewritten>().toHaveProperty('changed').toBeBoolean();
expectTypeOf<Public.Rewritten['perHost']>().toEqualTypeOf<Readonly<Record<string, string>>>();
expectTypeOf<Public.RewriteResult['issues']>().toEqualTypeOf<readonly Public.Issue[]>();
expectTypeOf<Public.RewrittenPart>().toExtend<Public.Rewritten>();
expectTypeOf<Public.Severity>().toEqualTypeOf<'error' | 'warning' | 'note'>();
expectTypeOf<library.LibvirtXmlError>().toExtend<Error>();
expectTypeOf<library.LibvirtXmlError['code']>().toEqualTypeOf<Public.InputErrorCode>();

// A finding's own code may go into a table that has one entry for each.
expectTypeOf<Public.Issue['code']>().toEqualTypeOf<Public.IssueCode>();
expectTypeOf<Public.FeatureChange['kind']>().toEqualTypeOf<'add' | 'replace'>();
