import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { shell, SHELL_STYLE } from '../../../page/shell.ts';
import { CommandError } from '../errors.ts';
import { markup, raw, type Html } from '../../report/html.ts';

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
 *
 * @param folder where the built files are.
 */
export function assemblePage(folder: string, maps: string, version: string): string {
  const names = [...partsBelow(folder)].sort();
  const parts = names.map((name) => ({
    name,
    text: partText(name, readFileSync(pathOf(folder, name), 'utf8')),
  }));
  const loader = inScript(readFileSync(join(folder, 'page/loader.cjs'), 'utf8'));
  const policy = policyFor([loader, ...parts.map(({ text }) => text)], SHELL_STYLE);
  const scripts = [
    ...parts.map(({ name, text }) => textScript(name, text)),
    textScript('maps.json', inScript(JSON.stringify(JSON.parse(readFileSync(maps, 'utf8'))))),
    markup`<script>${raw(loader)}</script>
`,
  ];
  return shell({ version, policy, scripts });
}

/** The page itself, and what that asks for, by name. */
function partsBelow(folder: string): ReadonlySet<string> {
  const found = new Set(['page.cjs']);
  for (const name of found) {
    const text = readFileSync(pathOf(folder, name), 'utf8');
    for (const [, asked = ''] of text.matchAll(/\brequire\("([^"]+)"\)/g))
      if (basename(asked) !== MAPS) found.add(PACKAGES[asked] ?? basename(asked));
  }
  return found;
}

function pathOf(folder: string, name: string): string {
  const path = ['', 'page', 'cli'].map((place) => join(folder, place, name)).find((one) => existsSync(one));
  // The command as one file has no others beside it.
  if (path === undefined)
    throw new CommandError(
      'not-found',
      `the page is put together from the files of the package, and ${folder} has no ${name}`,
    );
  return path;
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
function policyFor(scripts: readonly string[], style: string): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}`,
    `style-src ${hashSource(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
