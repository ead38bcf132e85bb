export { compareCpu } from './compare.ts';
export { consequenceOf } from './cpu/facts/consequences.ts';
export { baselineCpu } from './diff/pool/baseline-cpu.ts';
export { diffHosts, mergeBaselines } from './diff/pool/baseline.ts';
export { baselineLevels } from './diff/pool/levels.ts';
export { planDomain } from './diff/plan.ts';
export { gatePool } from './diff/gate/facts.ts';
export { compareLock, lockBaseline } from './diff/pool/lock.ts';
export { qemuCpuArgument } from './diff/qemu-argument.ts';
export { foldLines } from './fleet/fold.ts';
export { profileLine } from './fleet/line.ts';
export { gateVerdict, rescueDomain } from './gate.ts';
export { formatIssue } from './issues/format.ts';
export { hasErrors, isLibvirtXmlError, LibvirtXmlError } from './issues/issues.ts';
export { kubevirtAdvice } from './kubevirt.ts';
export { createLinter } from './lint.ts';
export { parseCpuMap } from './parser/cpu-map.ts';
export { parseDomain } from './parser/domain/domain.ts';
export { hostFromFeatures } from './parser/host/from-features.ts';
export { kubevirtDomain, kubevirtGuests } from './parser/domain/kubevirt.ts';
export { parseHost, parseHosts } from './parser/host/host.ts';
export { parseLock } from './parser/lock.ts';
export { parseVirtioFeatures } from './parser/host/virtio.ts';
export { planPools } from './pools/pools.ts';
export { undoRewrite } from './record/record.ts';
export { createCheckPool } from './check-pool.ts';
export { createPool } from './pool.ts';
export { rehearse } from './rehearse/rehearse.ts';
export { disableFeatures, rewriteDomain, rewriteDomains } from './rewrite.ts';
export { applyEdits } from './text/edit.ts';
export { writeDomain } from './writer/write.ts';

export type { Baseline, BaselineHost, Loss } from '../types/baseline.ts';
export type {
  BaselineCpuOptions,
  CompareCpuOptions,
  Comparison,
  CpuDefinition,
} from '../types/cpu-definition.ts';
export type {
  CpuMap,
  CpuMapBit,
  CpuMapFeature,
  CpuMapModel,
  CpuMapPpc64Model,
  CpuRegister,
} from '../types/cpu-map.ts';
export type {
  CpuMode,
  CpuTopology,
  Domain,
  DomainChild,
  DomainCpu,
  DomainDevice,
  DomainElement,
  DomainFeature,
  DomainSystem,
  DomainUse,
  FeaturePolicy,
  QemuArgument,
} from '../types/domain.ts';
export type {
  Consequence,
  Cost,
  FeatureKind,
  GuestLoss,
  HostLevel,
  LevelReport,
  PoolLevels,
  WeighedConsequence,
  X86Level,
} from '../types/facts.ts';
export type {
  GateHost,
  GateParticular,
  GateOperation,
  GateOptions,
  GatePool,
  GateVerdict,
  RescueResult,
} from '../types/gate.ts';
export type { Host, HostMachine, HostProcessor, ModelUsable, Offers } from '../types/host.ts';
export type { HostGrade, HostSource, WeakSource } from '../types/host-source.ts';
export type { NoFacts, OnHosts } from '../types/issue-facts/common.ts';
export type { Lacking } from '../types/issue-facts/costs.ts';
export type { FeatureOnHosts, Obstacle } from '../types/issue-facts/features.ts';
export type { HostIssueFacts } from '../types/issue-facts/hosts.ts';
export type { VirtioAttribute } from '../types/issue-facts/virtio.ts';
export type {
  HostIssueCode,
  InputErrorCode,
  Issue,
  IssueCode,
  IssueFactsByCode,
  IssueHead,
  IssueOption,
  IssuePlace,
  Severity,
} from '../types/issue.ts';
export type {
  Acceptance,
  AlsoOptions,
  CheckOptions,
  CpuOptions,
  DiffOptions,
  Judgement,
  ParseHostOptions,
  PlanOptions,
  PoolOptions,
  ReadOptions,
  Refusal,
  RewriteOptions,
  WriteOptions,
} from '../types/options.ts';
export type {
  DisableReason,
  DisableResult,
  DomainChange,
  DomainForm,
  DomainPlan,
  ElementChange,
  FeatureChange,
  NewElement,
  PlannedDisable,
  Refused,
  RewriteDomainsResult,
  RewriteResult,
  Rewritten,
  RewrittenPerHost,
  RewrittenPart,
  WrittenPolicy,
} from '../types/plan.ts';
export type { KubeVirtAdvice, KubeVirtFeature, KubeVirtGuest } from '../types/kubevirt.ts';
export type { Linter, LintResult } from '../types/lint.ts';
export type { RunningOptions, RunningVerdict } from '../types/running.ts';
export type { CheckPool, CheckResult, Pool } from '../types/pool.ts';
export type {
  HostGroup,
  HostProfile,
  JoiningHost,
  JoiningPool,
  LeaveOut,
  OtherGuest,
  PlannedPool,
  PlanPoolsOptions,
  PoolFeature,
  PoolLoss,
  PoolPartition,
  PoolsPlan,
} from '../types/pools.ts';
export type {
  Cure,
  FoundIncident,
  MoveOutcome,
  MovedAlias,
  Rehearsal,
  RehearsalGuest,
  RehearsedGuest,
  RehearsedHosts,
  RehearsedMove,
  RehearsedSide,
  RehearsedStart,
  RehearsedWay,
  RehearseOptions,
  Release,
  StartOutcome,
} from '../types/rehearsal.ts';
export type {
  Incident,
  IncidentChange,
  IncidentGuest,
  IncidentHost,
  VersionRange,
} from '../types/incident.ts';
export type { RewriteDomainOptions } from './rewrite.ts';
export type { BaselineLock, LockedHost } from '../types/lock.ts';
export type { StatedHost } from '../types/stated-host.ts';
export type { RecordedChange } from '../types/record.ts';
export type { VirtioFeatures } from '../types/virtio.ts';
export type { Edit, Position, Span, XmlLimits } from '../types/xml.ts';
export type { FormatIssueOptions } from './issues/format.ts';
export type { ErrorPlace } from './issues/issues.ts';
