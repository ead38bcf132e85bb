/** How a report and the page look, in light and dark, on paper, on a phone. No colour says what no word says. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--shade:#f3f5f8;--link:#0757ba;--good:#176f2c;--bad:#b3261e;--warn:#7a4d00;--bar:#2f6fd0;--pale:#a9c3ec}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--fg:#e6e9ee;--soft:#a3adb9;--line:#39414c;--shade:#1e232b;--link:#7cb4ff;--good:#63d17f;--bad:#ff8a80;--warn:#f0b849;--bar:#7cb4ff;--pale:#3a5478}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1rem 1.25rem 4rem;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin:2.25rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .25rem}
a{color:var(--link)}small,.soft{color:var(--soft)}code{font-size:.85em;color:var(--soft)}
ul{margin:.25rem 0;padding-left:1.25rem}.lead{font-size:1.08rem}.lead p{margin:.4rem 0}
.wide{position:relative;overflow-x:auto;margin:.5rem 0;border:1px solid var(--line);border-radius:6px}
.wide:focus-visible,summary:focus-visible,a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.92rem;overflow-wrap:normal}
caption{text-align:left;padding:.4rem .6rem;color:var(--soft)}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-top:1px solid var(--line)}
thead th{border-top:0;background:var(--shade);font-weight:600}tbody th{font-weight:600;min-width:7rem}
td ul{padding-left:1rem}td{min-width:2rem}.names{overflow-wrap:anywhere}.pools td:nth-child(2){min-width:9rem}.pools td:nth-child(3){min-width:7rem}.pools td:last-child{min-width:22rem}
tr.pool th{background:var(--shade);color:var(--soft);position:sticky;left:0}tr.knee{background:var(--shade);font-weight:600}
.matrix{width:auto}.matrix td{text-align:center;padding:.3rem .2rem;border-left:1px solid var(--line)}
.matrix thead th:not(:first-child){text-align:center;padding:.3rem .2rem;border-left:1px solid var(--line);vertical-align:bottom;font-weight:400}
.matrix tbody th{position:sticky;left:0;background:var(--bg);max-width:18rem}
.matrix tr.pool th{background:var(--shade)}
.letter{font-weight:700}.first{display:block;writing-mode:vertical-rl;transform:rotate(180deg);margin:.25rem auto 0;max-height:9rem;overflow:hidden;font-size:.8rem;color:var(--soft);white-space:nowrap}
.yes{color:var(--good)}.no{color:var(--bad);background:var(--shade);font-weight:700}.unknown{color:var(--warn);background:var(--shade);font-weight:700}
.grave,.security,.error>b,.refused>p>b{color:var(--bad)}.boot,.warning>b{color:var(--warn)}.safe>p>b,.rewrite>p>b{color:var(--good)}
.security,.boot,.speed,.none,.error,.warning,.note{color:inherit}.security::marker{color:var(--bad)}
.blocks td:nth-child(2){min-width:14rem}.blocks td:nth-child(4){min-width:20rem}
.verdict{border-left:4px solid var(--line);padding:.1rem 0 .1rem .8rem;margin:.5rem 0}.verdict p{margin:.2rem 0}
.verdict.safe,.verdict.rewrite{border-color:var(--good)}.verdict.refused{border-color:var(--bad)}
.bar{display:block;width:100%;min-width:8rem;height:.6rem;margin:.3rem 0;background:var(--shade)}
.solid{fill:var(--bar)}.pale{fill:var(--pale)}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1rem;align-items:start}
.beside>*{min-width:0}figure{margin:.5rem 0}.curve{width:100%;max-width:30rem;height:auto}
.axis{stroke:var(--soft);fill:none}.line{stroke:var(--bar);stroke-width:2.5;fill:none}.point{fill:var(--bg);stroke:var(--bar);stroke-width:2}circle.knee{fill:var(--bar)}
.value,.tick{font:12px system-ui,sans-serif;fill:var(--fg)}.tick{fill:var(--soft)}text.knee{fill:var(--fg);font-weight:700}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details summary{cursor:pointer}
footer{margin-top:3rem;color:var(--soft);font-size:.9rem}
@media(max-width:40rem){th,td{padding:.3rem .4rem}tbody th{min-width:4rem}.bar{min-width:4rem}.pools thead{position:absolute;clip-path:inset(50%)}.pools,.pools tbody,.pools tr,.pools th,.pools td{display:block;min-width:0!important}.pools tbody th{background:var(--shade)}.pools tbody th::before{content:'Pool '}.pools td{border:0}.pools td::before{content:attr(data-head) ': ';color:var(--soft)}}
@media print{body{max-width:none;padding:0}.wide{overflow:visible;border:0}details>*{display:block}section{break-inside:auto}tr{break-inside:avoid}}
`;
