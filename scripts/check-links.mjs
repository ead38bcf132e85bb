// Fails where a link leads nowhere: in the Markdown of the repository, and in the pages that typedoc has made of it.
// Addresses of other sites are not asked.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const SITE = 'site';
const MARKDOWN = ['.', 'docs', 'examples/kubevirt', 'bench', 'test/cases'].flatMap((folder) =>
  filesIn(folder, '.md'),
);

const problems = [
  ...MARKDOWN.flatMap((path) => broken(path, linksOfMarkdown(read(path)), anchorsOfMarkdown)),
  ...deep(SITE, '.html').flatMap((path) => broken(path, linksOfHtml(read(path)), anchorsOfHtml)),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function read(path) {
  return readFileSync(path, 'utf8');
}

function filesIn(folder, ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function deep(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** Links of a file to what is not there. */
function broken(from, links, anchorsOf) {
  return links
    .filter((link) => !/^(?:[a-z][\w+.-]*:|\/\/)/i.test(link))
    .filter((link) => !leadsSomewhere(from, link, anchorsOf))
    .map((link) => `${from}: ${link} leads nowhere`);
}

function leadsSomewhere(from, link, anchorsOf) {
  const [path, anchor] = link.split('#', 2).map(decodeURIComponent);
  const target = path === '' ? from : join(dirname(from), path);
  if (!existsSync(target)) return false;
  if (anchor === undefined || anchor === '' || statSync(target).isDirectory()) return true;
  const isPage = relative('.', target).endsWith(anchorsOf === anchorsOfHtml ? '.html' : '.md');
  return !isPage || anchorsOf(read(target)).has(anchor);
}

function linksOfMarkdown(text) {
  const prose = text.replaceAll(/^```[\s\S]+?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
}

/** Headings as GitHub names them. */
function anchorsOfMarkdown(text) {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .toLowerCase()
        .replaceAll(' ', '-'),
    ),
  );
}

function linksOfHtml(text) {
  return [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link.replaceAll('&amp;', '&'));
}

function anchorsOfHtml(text) {
  return new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
}
