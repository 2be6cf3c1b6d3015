#include "fer/report/page_style.h"

#include <string_view>

#include "fer/report/heat_paint.h"

namespace fer::report {

namespace {

constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --muted: #546070; --line: #dfe4ea;
  --shadow: rgb(20 30 45 / 28%);
  --grid: #e1e6ec; --axis: #8c96a3; --accent: #00619b;
  --good: #1a7f4b; --note: #3c5a86; --warning: #8f5a00; --serious: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1217; --card: #161c23; --ink: #e7ecf2; --muted: #a5b0bd; --line: #2b343f;
    --shadow: rgb(0 0 0 / 75%);
    --grid: #2b343f; --axis: #74808e; --accent: #74bdf5;
    --good: #57c98b; --note: #93b4e6; --warning: #e8b04a; --serious: #ff8a80;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word;
}
a { color: var(--accent); text-underline-offset: 0.18em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.skip {
  position: absolute; left: 1rem; top: -10rem; padding: 0.6rem 1rem; background: var(--card);
  z-index: 1;
}
.skip:focus { top: 1rem; }
.sheet { max-width: 76rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
h1 {
  font-size: clamp(1.6rem, 4.5vw, 2.4rem); line-height: 1.2; letter-spacing: -0.015em;
  margin: 0 0 2rem; overflow-wrap: anywhere;
}
h2 { font-size: 1.45rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0 0 0.9rem; }
h3 { font-size: 1.1rem; margin: 0 0 0.6rem; overflow-wrap: anywhere; }
h4 { font-size: 0.85rem; font-weight: 600; color: var(--muted); margin: 0 0 0.5rem; }
p { margin: 0 0 1rem; max-width: 68ch; }
section { margin-top: 4rem; scroll-margin-top: 1.5rem; }
.eyebrow {
  margin: 0 0 0.4rem; color: var(--muted); font-size: 0.85rem; font-weight: 600;
  letter-spacing: 0.06em; text-transform: uppercase;
}
.hero { display: grid; gap: 1.5rem; margin-bottom: 1.25rem; }
.score, .tiles { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.score { padding: 1.5rem; }
.score svg { display: block; max-width: 100%; height: auto; margin: 0.6rem 0 0.4rem; }
.score p { margin: 0; }
.label { color: var(--muted); font-weight: 600; }
.big {
  font-size: clamp(3.4rem, 12vw, 5rem); font-weight: 700; line-height: 1.05;
  letter-spacing: -0.035em; font-variant-numeric: tabular-nums;
}
.unit { font-size: 0.45em; font-weight: 600; letter-spacing: 0; color: var(--muted); }
.interval { color: var(--muted); font-size: 0.95rem; }
.tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr)); gap: 1.25rem 1rem;
  margin: 0; padding: 1.5rem; align-content: center;
}
.tiles dt { color: var(--muted); font-size: 0.9rem; font-weight: 600; }
.tiles dd { margin: 0; }
.value {
  font-size: 1.6rem; font-weight: 650; line-height: 1.25; letter-spacing: -0.01em;
  font-variant-numeric: tabular-nums;
}
.meaning { color: var(--muted); font-size: 0.82rem; line-height: 1.4; }
nav { margin-top: 2rem; }
nav h2 { font-size: 0.85rem; color: var(--muted); margin: 0 0 0.4rem; letter-spacing: 0; }
nav ul {
  list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem;
}
nav a { display: inline-block; padding: 0.2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
.notices { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.6rem; max-width: 52rem; }
.notice {
  padding: 0.75rem 1rem; background: var(--card); border: 1px solid var(--line);
  border-left: 5px solid var(--tone); border-radius: 8px;
}
.notice strong { color: var(--tone); margin-right: 0.25rem; }
.good { --tone: var(--good); }
.note { --tone: var(--note); }
.warning { --tone: var(--warning); }
.serious { --tone: var(--serious); }
.facts { margin: 0; display: grid; max-width: 60rem; }
.facts div {
  display: grid; gap: 0 1.5rem; padding: 0.55rem 0; border-bottom: 1px solid var(--line);
}
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
figure {
  margin: 0 0 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  min-width: 0;
}
figcaption { padding: 0.25rem 1.75rem 1.2rem; color: var(--muted); font-size: 0.92rem; }
figcaption p { margin: 0 0 0.35rem; }
.files { font-size: 0.85rem; }
.scroll { overflow-x: auto; border-radius: 14px;
  /* A shadow at the side where there is more, which covers of the card's colour hide at the end. */
  background: linear-gradient(90deg, var(--card) 30%, transparent) left / 3rem 100%,
    linear-gradient(270deg, var(--card) 30%, transparent) right / 3rem 100%,
    linear-gradient(90deg, var(--shadow), transparent) left / 0.9rem 100%,
    linear-gradient(270deg, var(--shadow), transparent) right / 0.9rem 100%;
  background-repeat: no-repeat; background-attachment: local, local, scroll, scroll; }
.scroll + .scroll, .scroll + figure { margin-top: 1.75rem; }
figure svg { display: block; }
.plots {
  display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 17.5rem), 1fr));
}
.plots figure { margin: 0; }
.plots + p { margin-top: 1.25rem; }
.plots svg { max-width: 100%; height: auto; }
.swatch { vertical-align: -0.05em; margin-right: 0.15rem; }
table {
  border-collapse: collapse; font-size: 0.95rem; font-variant-numeric: tabular-nums;
  margin-bottom: 0.5rem;
}
caption { text-align: left; font-weight: 600; padding: 0.3rem 0.9rem 0.5rem 0; }
th, td {
  padding: 0.4rem 0.9rem; text-align: left; border-bottom: 1px solid var(--line);
  white-space: nowrap;
}
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--muted); font-size: 0.85rem; font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 500; }
.number { text-align: right; }
details { margin: 0.75rem 0; }
summary { cursor: pointer; color: var(--accent); padding: 0.25rem 0; width: fit-content; }
.class-faces { margin-top: 2.2rem; }
.groups { display: grid; gap: 1.5rem 2.25rem; }
.group { min-width: 0; }
.faces {
  list-style: none; margin: 0; padding: 0; display: grid; gap: 1.1rem 1rem;
  grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
}
.faces p { margin: 0; font-size: 0.88rem; line-height: 1.4; overflow-wrap: anywhere; }
.faces .detail, .detail { color: var(--muted); font-size: 0.82rem; }
.pictures { display: flex; gap: 3px; margin-bottom: 0.35rem; }
.pictures img {
  display: block; flex: 0 0 calc(50% - 1.5px); width: 0; height: auto; aspect-ratio: 1;
  border-radius: 6px; background: var(--grid);
}
footer {
  margin-top: 4.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--muted);
  font-size: 0.88rem;
}
@media (min-width: 44rem) {
  .hero { grid-template-columns: minmax(21rem, 2fr) 3fr; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  .facts div { grid-template-columns: 14rem 1fr; }
}
@media (min-width: 62rem) {
  .groups { grid-template-columns: 1fr 1fr; }
  figure:not(.large) svg { max-width: 100%; height: auto; }
}
@media (min-width: 76rem) {
  .body {
    display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 2.75rem; margin-top: 3rem;
  }
  nav { position: sticky; top: 1.5rem; align-self: start; margin: 0; font-size: 0.92rem; }
  nav ul { display: block; }
  main section:first-child { margin-top: 0; }
}
@media (max-width: 43.99rem) {
  .sheet { padding-top: 1.75rem; }
  .matrix svg { width: 38rem; height: auto; }
  figcaption { padding: 0.25rem 1.2rem 0.9rem; }
  th, td { padding: 0.4rem 0.6rem; }
}
@media print {
  body { background: #ffffff; }
  nav, .skip { display: none; }
  figure, li, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  figure svg { max-width: 100%; height: auto; }
}
svg { font-family: inherit; }
.fer-paper { fill: none; }
.fer-ink { fill: var(--ink); }
.fer-ink-line { stroke: var(--ink); }
.fer-muted { fill: var(--muted); }
.fer-muted-line { stroke: var(--muted); }
.fer-grid { fill: var(--grid); }
.fer-grid-line { stroke: var(--grid); }
.fer-axis { fill: var(--axis); }
.fer-axis-line { stroke: var(--axis); }
@media (prefers-color-scheme: dark) {
  .fer-train, .fer-run-1 { fill: #56aeea; }
  .fer-train-line, .fer-run-1-line { stroke: #56aeea; }
  .fer-val { fill: #ff9448; }
  .fer-val-line { stroke: #ff9448; }
  .fer-class-1 { fill: #ff7a63; }
  .fer-class-1-line { stroke: #ff7a63; }
  .fer-class-2 { fill: #3cc795; }
  .fer-class-2-line { stroke: #3cc795; }
  .fer-class-3 { fill: #d58be0; }
  .fer-class-3-line { stroke: #d58be0; }
  .fer-class-4 { fill: #edb133; }
  .fer-class-4-line { stroke: #edb133; }
  .fer-class-5 { fill: #5ab4f2; }
  .fer-class-5-line { stroke: #5ab4f2; }
  .fer-class-6 { fill: #ff8ec2; }
  .fer-class-6-line { stroke: #ff8ec2; }
  .fer-class-7 { fill: #aab5c1; }
  .fer-class-7-line { stroke: #aab5c1; }
  .fer-class-8 { fill: #d0b078; }
  .fer-class-8-line { stroke: #d0b078; }
  .fer-class-9 { fill: #45cbd8; }
  .fer-class-9-line { stroke: #45cbd8; }
  .fer-class-10 { fill: #aaa1f7; }
  .fer-class-10-line { stroke: #aaa1f7; }
}
)css";

}  // namespace

const std::string& page_style() {
  static const std::string style = std::string(kStyle.substr(1)) + heat_style();
  return style;
}

}  // namespace fer::report
