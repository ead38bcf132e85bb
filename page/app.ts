import type { Host } from '../types/host.ts';
import type { PoolsPlan } from '../types/pools.ts';
import type { ReportData } from '../types/report.ts';
import { newHostReader } from '../lib/parser/host/host.ts';
import { reportDocument, reportSections } from '../lib/report/document.ts';
import { markup } from '../lib/report/html.ts';
import { count } from '../lib/report/words.ts';
import { remembered } from '../lib/text/remembered.ts';
import { choiceWords, hostTicks } from './choice.ts';
import { dataOf, planOf } from './results.ts';
import { EMPTY, withFile, type GivenFile, type Readers, type Session } from './session.ts';
import { download, droppedFiles, placed, textOf, type PlacedFile } from './texts.ts';

/** What the page shows, and of what. */
interface State {
  session: Session;
  /** Names of hosts that are not ticked. */
  readonly left: Set<string>;
  plan: PoolsPlan | undefined;
  data: ReportData | undefined;
  /** Counts what was asked, so that an answer that comes late is dropped. */
  turn: number;
}

function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** How often a long reading lets the browser show how far it is, in files. */
const FILES_A_TURN = 50;

/** Makes the page do what it is for. */
export function startApp(yaml: Readers['yaml'], version: string): void {
  const state: State = { session: EMPTY, left: new Set(), plan: undefined, data: undefined, turn: 0 };
  const readers: Readers = {
    host: newHostReader(),
    yaml,
    domain: async () => (await import('../lib/parser/domain/domain.ts')).parseDomain,
  };
  const add = (given: readonly (PlacedFile | GivenFile)[]): void => {
    void addAll(state, given, readers);
  };
  listenToFiles(add);
  listenToPaste(add);
  listenToTicks(state);
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    state.session = EMPTY;
    state.left.clear();
    state.plan = undefined;
    void showAll(state);
    byId('files', HTMLInputElement).focus();
  });
  byId('save', HTMLButtonElement).addEventListener('click', () => {
    if (state.data !== undefined)
      download(
        'report.html',
        reportDocument(state.data, { version, style: document.querySelector('style')?.textContent ?? '' }),
        'text/html',
      );
  });
}

function listenToFiles(add: (files: readonly PlacedFile[]) => void): void {
  const input = byId('files', HTMLInputElement);
  input.addEventListener('change', () => {
    add(placed(input.files ?? []));
    input.value = '';
  });
  const mark = (isOver: boolean): void => {
    document.body.classList.toggle('over', isOver);
  };
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(add);
  });
}

function listenToPaste(add: (texts: readonly GivenFile[]) => void): void {
  const [text, name] = [byId('text', HTMLTextAreaElement), byId('name', HTMLInputElement)];
  let pasted = 0;
  byId('paste', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    if (text.value.trim() === '') return;
    pasted++;
    add([{ name: name.value.trim() === '' ? `pasted-${pasted}` : name.value.trim(), text: text.value }]);
    text.value = name.value = '';
  });
}

/** Reads what was given, some files at a time, and shows what is there then. */
async function addAll(
  state: State,
  given: readonly (PlacedFile | GivenFile)[],
  readers: Readers,
): Promise<void> {
  for (let i = 0; i < given.length; i += FILES_A_TURN) {
    await say(`Reading ${i} of ${count(given.length, 'file')} …`);
    const some = given.slice(i, i + FILES_A_TURN);
    const texts = await Promise.all(some.map(async (one) => ('file' in one ? textOf(one) : one)));
    for (const text of texts) state.session = await withFile(state.session, text, readers);
  }
  await showAll(state);
}

/** Says something, and lets the browser show it. */
async function say(words: string): Promise<void> {
  byId('status', HTMLElement).textContent = words;
  await new Promise((resolve) => {
    setTimeout(resolve);
  });
}

/** Shows everything there is: the ticks too. */
async function showAll(state: State): Promise<void> {
  const { session, left } = state;
  const { hosts, problems } = session;
  const list = problems.map(
    ({ file, reason }) => markup`<li><b>${file}</b>: <pre>${{ html: lines(reason) }}</pre></li>`,
  );
  byId('problems', HTMLElement).innerHTML = markup`${list}`.html;
  document.body.classList.toggle('empty', hosts.length === 0);
  if (hosts.length > 0) {
    await say(`Comparing ${count(hosts.length, 'host')} …`);
    const plan = planOf(hosts, session.guests);
    byId('ticks', HTMLElement).innerHTML = hostTicks(hosts, plan).html;
    setTicks(left);
    if (left.size === 0) return showResults(state, plan);
  }
  await showResults(state);
}

function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => markup`${line}`.html)
    .join('\n');
}

/** Shows what the ticked hosts are to each other, and to the guests. */
async function showResults(state: State, planned?: PoolsPlan): Promise<void> {
  const turn = ++state.turn;
  const { session, left, plan: before } = state;
  const hosts = session.hosts.filter(({ name }) => !left.has(name));
  const results = byId('results', HTMLElement);
  const plan = hosts.length === 0 ? undefined : (planned ?? planOf(hosts, session.guests));
  const data = plan && (await dataOf(hosts, session.guests, plan));
  if (turn !== state.turn) return;
  state.plan = plan;
  state.data = data;
  byId('save', HTMLButtonElement).disabled = data === undefined;
  results.innerHTML = data === undefined ? '' : reportSections(data).html;
  if (data !== undefined && data.guests.length > 0)
    (await import('./rewrites.ts')).addRewrites(results, session.guests, hosts, data);
  byId('status', HTMLElement).textContent = statusOf(session, hosts, plan, before);
}

function statusOf(
  { hosts, guests, problems }: Session,
  chosen: readonly Host[],
  plan: PoolsPlan | undefined,
  before: PoolsPlan | undefined,
): string {
  const failed = problems.length === 0 ? '' : ` ${count(problems.length, 'file')} cannot be read: see below.`;
  if (plan !== undefined) return choiceWords(chosen.length, plan, before) + failed;
  if (hosts.length > 0) return `No host is ticked.${failed}`;
  return guests.length > 0 ? `${count(guests.length, 'guest')} read. Add hosts.${failed}` : failed.trim();
}

function listenToTicks(state: State): void {
  const ticks = byId('ticks', HTMLElement);
  ticks.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const { host, kind } = target.dataset;
    const own =
      kind === undefined ? [] : [...ticks.querySelectorAll<HTMLInputElement>(`[data-of="${kind}"]`)];
    for (const name of [host, ...own.map((one) => one.dataset['host'])]) {
      if (name === undefined) continue;
      if (target.checked) state.left.delete(name);
      else state.left.add(name);
    }
    setTicks(state.left);
    void showResults(state);
  });
}

/** Ticks as they are to be; one of a kind is half ticked where some of its hosts are. */
function setTicks(left: ReadonlySet<string>): void {
  const ticks = byId('ticks', HTMLElement);
  const counts = new Map<string, { all: number; on: number }>();
  for (const one of ticks.querySelectorAll<HTMLInputElement>('[data-host]')) {
    const { host = '', of } = one.dataset;
    one.checked = !left.has(host);
    if (of === undefined) continue;
    const known = remembered(counts, of, () => ({ all: 0, on: 0 }));
    known.all++;
    known.on += Number(one.checked);
  }
  for (const [kind, { all, on }] of counts) {
    const box = ticks.querySelector<HTMLInputElement>(`[data-kind="${kind}"]`);
    if (box === null) continue;
    box.checked = on > 0;
    box.indeterminate = on > 0 && on < all;
  }
}
