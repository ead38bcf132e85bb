import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { packageFile } from '#package-files';
import { shell, SHELL_STYLES } from '../../../page/shell.ts';
import { markup, raw, type Html } from '../../report/html.ts';
import { builtScript, scriptsFrom } from '../files/scripts.ts';

/** What the page's loader gives for a name, where it is no file of the same name. */
const PACKAGES: Readonly<Record<string, string>> = {
  '#fast-xml-parser': 'fast-xml-parser.cjs',
  '#semver': 'semver.cjs',
  '#xmlbuilder2': 'xmlbuilder2.cjs',
  '#yaml': 'js-yaml.cjs',
};
/** The data of the CPU maps is no script. */
const MAPS = 'maps.cjs';

/**
 * The page as one text: its loader, and every file that it may ask for, as text that runs when asked for. All that is
 * in it may run, known by its hash, and nothing else; and nothing may be loaded or sent.
 */
export function assemblePage(version: string): string {
  const parts = [...scriptsFrom('page.cjs', partFor)].sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = parts.map(([name, { code }]) => ({ name, text: partText(name, code) }));
  const loader = inScript(builtScript('loader.cjs').code);
  const policy = policyFor([loader, ...texts.map(({ text }) => text)], SHELL_STYLES);
  const scripts = [
    ...texts.map(({ name, text }) => textScript(name, text)),
    textScript('maps.json', inScript(JSON.stringify(JSON.parse(packageFile('lib/cpu/maps.json') ?? '')))),
    markup`<script>${raw(loader)}</script>
`,
  ];
  return shell({ version, policy, scripts });
}

/** What the page has for what a script asks for; CPU maps are no script in it. */
function partFor(asked: string): string | undefined {
  return basename(asked) === MAPS ? undefined : (PACKAGES[asked] ?? asked);
}

/** A file as a script that tells the loader what is in it. */
function partText(name: string, code: string): string {
  return inScript(`part(${JSON.stringify(name)},(exports,require,module)=>{${code}\n})`);
}

/** Code as it may stand in a script element: what would end the element, or hide its end, stands only in strings there. */
function inScript(code: string): string {
  return code.replace(/<(?=!--|\/?script)/gi, String.raw`\x3c`);
}

function textScript(name: string, text: string): Html {
  return markup`<script type="text/plain" data-part="${name}">${raw(text)}</script>
`;
}

/** @see https://www.w3.org/TR/CSP3/ */
function policyFor(scripts: readonly string[], styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}`,
    `style-src ${styles.map(hashSource).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
