import { markup, raw, type Html } from '../lib/report/html.ts';
import { STYLE } from '../lib/report/style.ts';

/** How the page looks beyond what a report looks like. */
const PAGE_STYLE = `
button,input,textarea,.pick span{font:inherit;color:inherit}
button,.pick span{display:inline-block;border:1px solid var(--line);border-radius:6px;background:var(--shade);padding:.45rem .9rem;cursor:pointer}
button:hover,.pick:hover span{border-color:var(--link)}button:disabled{color:var(--soft);cursor:default}
button:focus-visible,input:focus-visible,textarea:focus-visible,pre:focus-visible,.pick:focus-within span{outline:3px solid var(--link);outline-offset:2px}
.give{border:2px dashed var(--line);border-radius:10px;padding:1rem 1.25rem;text-align:center}.over .give{border-color:var(--link);background:var(--shade)}
.pick input{position:absolute;width:1px;height:1px;opacity:0}
#paste{display:grid;gap:.5rem;max-width:44rem;margin:.5rem auto 0;text-align:left}
textarea,input[type=text]{width:100%;background:var(--bg);border:1px solid var(--soft);border-radius:6px;padding:.4rem .6rem}
textarea{font-family:ui-monospace,monospace;font-size:.85rem}
#ticks{border:1px solid var(--line);border-radius:8px;margin:1rem 0;padding:.5rem 1rem;max-height:24rem;overflow-y:auto;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:.1rem 1rem}
#ticks label{display:flex;gap:.5rem;align-items:baseline;padding:.1rem 0}#ticks details{margin-left:1.6rem}
#status{position:sticky;top:0;z-index:2;background:var(--bg);border-bottom:1px solid var(--line);padding:.5rem 0;margin:.5rem 0;min-height:2.6rem;font-weight:600}
.actions{display:flex;flex-wrap:wrap;gap:.5rem;margin:.75rem 0}.empty .filled{display:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--shade);padding:.5rem .75rem;border-radius:6px;font-size:.85rem;margin:.3rem 0}
#problems pre{border-left:4px solid var(--bad)}
`;

/** What stands around the scripts of the page: all that can be seen before a file is given. */
export interface ShellParts {
  readonly version: string;
  /** The policy of the page, with the hashes of its scripts and of this style. */
  readonly policy: string;
  readonly scripts: readonly Html[];
}

/** The styles of the page, whose hashes stand in the policy. The first is that of a report, which takes it along. */
export const SHELL_STYLES: readonly string[] = [STYLE, PAGE_STYLE];

/** The page as one text. */
export function shell({ version, policy, scripts }: ShellParts): string {
  return markup`<!doctype html>
<html lang="en" data-version="${version}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>Which hosts belong together?</title>${SHELL_STYLES.map((style) => markup`<style>${raw(style)}</style>`)}</head>
<body class="empty">
<header><h1>Which hosts belong together, and what does it cost?</h1>
<p>Give it what libvirt, QEMU, Kubernetes or Linux says about your hosts, and your guests if you like. It compares the CPUs, divides the hosts into pools, and makes guests safe to migrate. <b>Nothing leaves this page:</b> it can open no connection.</p></header>
<main>
<section class="give" aria-label="Files">
<p>Drop files here: <code>virt-migratable capture</code>, <code>virsh domcapabilities</code>, <code>/proc/cpuinfo</code> …, and <code>virsh dumpxml</code> for guests</p>
<label class="pick"><input type="file" id="files" multiple><span>Choose files</span></label>
<details><summary>Or paste a text</summary>
<form id="paste"><label for="name">Name of the host or guest</label><input type="text" id="name" autocomplete="off" spellcheck="false">
<label for="text">Text</label><textarea id="text" rows="6" spellcheck="false"></textarea><button>Add</button></form></details>
</section>
<p id="status" role="status"></p>
<ul id="problems" aria-label="Files that cannot be read"></ul>
<section class="filled" aria-labelledby="hosts"><h2 id="hosts">Hosts</h2>
<p>Untick a host to see what the others get without it.</p>
<div id="ticks" role="group" aria-labelledby="hosts"></div>
<div class="actions"><button type="button" id="save">Download the report</button><button type="button" id="clear">Remove all files</button></div>
</section>
<div id="results" class="filled"></div>
</main>
<footer>libvirt-migratable ${version}. This page is one file: keep it, and open it without a network.</footer>
${scripts}</body></html>
`.html;
}
