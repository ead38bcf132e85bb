// Writes lib/schemas/*.schema.json from the types of what the command prints (lib/cli/report/results.ts, types/fold.ts) and
// keeps (types/lock.ts), and from the option table for the configuration file; with --check, exits 1 if a file differs from them.
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';
import { keep, load } from './load.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const SHARED = 'definitions.schema.json';
/** File → the type that it is the schema of, and what that is. */
const SCHEMAS = {
  apply: ['ApplyResult'],
  baseline: ['BaselineResult'],
  capture: ['CaptureResult'],
  check: ['CheckResult'],
  compare: ['CompareResult'],
  diff: ['DiffResult'],
  error: ['ErrorResult', 'What virt-migratable prints with --json where it cannot go on'],
  expand: ['ExpandResult'],
  explain: ['ExplainResult'],
  fold: ['FoldLine', 'What virt-migratable profile and virt-migratable fold print in a line'],
  hook: ['HookResult'],
  pools: ['PoolsResult'],
  rehearse: ['RehearseResult'],
  report: ['ReportResult', 'What virt-migratable report --output json prints'],
  lint: ['LintResult'],
  lock: ['BaselineLock', 'What virt-migratable baseline --lock keeps'],
  rewrite: ['RewriteResultFacts'],
  undo: ['UndoResult'],
};

/** What states another version than that of results. */
const OF_OTHER_VERSIONS = new Set(['lock', 'fold']);

const FACTS = (
  'HostIssueFacts PoolIssueFacts LockIssueFacts FeatureIssueFacts CostIssueFacts CpuIssueFacts GuestIssueFacts ' +
  'VirtioIssueFacts LiveIssueFacts GateIssueFacts ArrivalIssueFacts'
).split(' ');

const generator = createGenerator({
  path: '{lib/cli/report/results.ts,types/lock.ts,types/issue.ts,types/fold.ts,types/issue-facts/*.ts}',
  tsconfig: 'tsconfig.json',
  type: '*',
  topRef: false,
  skipTypeCheck: true,
  // A program that reads results must not break where a later version adds to them.
  additionalProperties: true,
});

const definitions = {};
const files = Object.entries(SCHEMAS).map(
  ([name, [type, title = `What virt-migratable ${name} --json prints`]]) => {
    const { $schema, definitions: own, ...schema } = generator.createSchema(type);
    Object.assign(definitions, own);
    const versioned = OF_OTHER_VERSIONS.has(name) ? schema : withVersion(schema);
    return [`${name}.schema.json`, { $schema, title, ...elsewhere(versioned) }];
  },
);
definitions.Issue = issueSchema();
// What others extend is in them.
const referred = JSON.stringify([files, definitions]);
const used = Object.entries(definitions).filter(([name]) => referred.includes(`#/definitions/${name}"`));
const sorted = Object.fromEntries(used.sort(([a], [b]) => (a < b ? -1 : 1)));
const shared = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'What several results of virt-migratable have',
  definitions: sorted,
};

const { configSchema } = await load("export { configSchema } from './lib/cli/config/schema.ts';");
const texts = {};
for (const [name, schema] of [...files, [SHARED, shared], ['config.schema.json', configSchema()]])
  texts[`lib/schemas/${name}`] = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
keep(texts, 'generate-schemas');

/** Every result states the version of its shape. */
function withVersion(schema) {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map(withVersion) };
  const properties = { schemaVersion: { type: 'number', const: 1 }, ...schema.properties };
  return { ...schema, properties, required: ['schemaVersion', ...(schema.required ?? [])] };
}

/**
 * An issue has the facts of its code, beside what issues of all codes have. Put together here: the generator follows an
 * interface that extends several others into the first alone; and said this way, a validator speaks of the facts of one
 * code, not of all.
 */
function issueSchema() {
  const facts = Object.assign({}, ...FACTS.map((type) => resolved(generator.createSchema(type)).properties));
  const codes = Object.keys(facts).sort();
  return {
    type: 'object',
    properties: { ...sharedProperties(definitions.Issue.anyOf), code: { enum: codes } },
    required: ['code', 'message', 'severity'],
    allOf: codes.map((code) => ({
      if: { properties: { code: { const: code } } },
      then: factsSchema(facts[code]),
    })),
  };
}

/** What issues of all codes have. */
function sharedProperties(all) {
  const isShared = ([name]) => all.every((one) => name in one.properties);
  return Object.fromEntries(
    Object.entries(all[0].properties)
      .filter(isShared)
      .map(([name, schema]) => [name, { ...schema, description: undefined }]),
  );
}

/** The schema of the facts of one code. */
function factsSchema(facts) {
  const { anyOf, properties = {}, required } = resolved(facts);
  if (anyOf !== undefined) return { anyOf: anyOf.map(factsSchema) };
  const own = Object.entries(properties).filter(([, schema]) => JSON.stringify(schema) !== '{"not":{}}');
  return { type: 'object', properties: Object.fromEntries(own), required };
}

/** A schema in place of a reference to it; keeps the definitions that come along. */
function resolved({ definitions: own = {}, ...schema }) {
  Object.assign(definitions, own);
  const name = /^#\/definitions\/(.*)$/.exec(schema.$ref ?? '')?.[1];
  return name === undefined ? schema : resolved(definitions[decodeURIComponent(name)]);
}

/** What several have stands in one file. */
function elsewhere(value) {
  if (Array.isArray(value)) return value.map(elsewhere);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' ? [key, inner.replace(/^#/, `${SHARED}#`)] : [key, elsewhere(inner)],
    ),
  );
}
