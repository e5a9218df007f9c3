"""How the page of a report looks: no font, picture or script from elsewhere."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #f3f2ee; --sheet: #ffffff; --ink: #1d2422; --soft: #5b6562; --line: #e2e1db;
  --wash: #f0efea; --accent: #12655a; --good: #1f8a7a; --bad: #c2452d; --onto: #ffffff;
  --warn: #fdf3e0; --warn-ink: #6b4700;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0e100f; --sheet: #181b1a; --ink: #e9edeb; --soft: #9ba6a2; --line: #2c3230;
    --wash: #212524; --accent: #7fd0c1; --good: #2fa08e; --bad: #e0674d; --onto: #ffffff;
    --warn: #33290f; --warn-ink: #f2d79b;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; color: var(--ink);
  font: 400 15px/1.6 Pretendard, -apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo",
    "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
html:lang(ko) body { word-break: keep-all; letter-spacing: -0.012em; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; letter-spacing: -0.02em; }
h2 { margin: 0 0 .4rem; font-size: 1.15rem; letter-spacing: -0.01em; }
h3 { margin: 1.2rem 0 .3rem; font-size: 1rem; }
p { margin: 0 0 .8rem; }
header p, .note { color: var(--soft); }
header { margin: 0 0 1.2rem; }
section {
  margin: 1rem 0 0; padding: 1.2rem 1.3rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 14px;
}
.tiles { display: flex; flex-wrap: wrap; gap: .7rem; }
.tile {
  flex: 1 1 13rem; padding: .9rem 1rem; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 14px;
}
.tile b {
  display: block; font-size: 1.65rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
}
.tile span { display: block; }
.tile small { color: var(--soft); font-variant-numeric: tabular-nums; }
.tile.bad b { color: var(--bad); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
.pair section { min-width: 0; }
ol.todo { margin: 0; padding: 0; list-style: none; counter-reset: todo; }
ol.todo li {
  position: relative; padding: .55rem 0 .55rem 2.3rem; border-top: 1px solid var(--line);
  counter-increment: todo;
}
ol.todo li:first-child { border-top: 0; }
ol.todo li::before {
  content: counter(todo); position: absolute; left: 0; top: .65rem; width: 1.55rem; height: 1.55rem;
  border-radius: 50%; background: var(--warn); color: var(--warn-ink);
  font-size: .8rem; font-weight: 650; line-height: 1.55rem; text-align: center;
}
ol.todo b { display: block; font-weight: 600; }
ol.todo span { color: var(--soft); }
.scroll { overflow-x: auto; }
.pairs { columns: 21rem 2; column-gap: 2rem; }
.pairs > div { break-inside: avoid; padding: .1rem 0 .6rem; }
.pairs h3 { margin-top: .5rem; }
.pairs small { font-weight: 400; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th {
  color: var(--soft); font-weight: 500; text-align: left; font-size: .86rem; white-space: nowrap;
}
th, td {
  padding: .32rem .9rem .32rem 0; border-bottom: 1px solid var(--line); vertical-align: middle;
}
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.wide { width: 42%; min-width: 6rem; }
td.said { min-width: 12rem; }
td.name { min-width: 9rem; }
td.note { min-width: 7rem; }
tr.kept td { font-weight: 600; background: var(--wash); }
details { margin-top: .8rem; }
summary { cursor: pointer; color: var(--accent); }
dl {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .2rem 1.6rem;
  margin: 0 0 1rem;
}
dl div {
  display: flex; justify-content: space-between; gap: 1rem; padding: .25rem 0;
  border-bottom: 1px solid var(--line);
}
dt { color: var(--soft); }
dd { margin: 0; font-variant-numeric: tabular-nums; text-align: right; }
ul.quotes { margin: .2rem 0 0; padding: 0; list-style: none; }
ul.quotes li { padding: .2rem 0 .2rem .8rem; border-left: 3px solid var(--line); margin: .25rem 0; }
ul.quotes small, .arrow { color: var(--soft); }
bdi.intent { font-weight: 600; }
svg { display: block; }
svg text { font-size: 11.5px; fill: var(--soft); }
svg.plot { width: 100%; max-width: 34rem; height: auto; margin: 0 auto; }
svg.plot text.axis { font-size: 12.5px; }
svg.plot text.label {
  font-size: 12.5px; font-weight: 600; fill: var(--ink); paint-order: stroke;
  stroke: var(--sheet); stroke-width: 4px;
}
svg.map { margin: 0; max-width: none; }
svg.map text.name { fill: var(--ink); }
svg.map text.onto { fill: var(--onto); }
svg.map text.ink { fill: var(--ink); }
svg .grid { stroke: var(--line); }
svg .ideal { stroke: var(--soft); stroke-dasharray: 4 5; }
svg line.whisker { stroke: var(--good); stroke-width: 1.5; opacity: .55; }
svg .dot { fill: var(--good); fill-opacity: .85; stroke: var(--sheet); }
svg .curve { fill: none; stroke: var(--good); stroke-width: 2.5; stroke-linejoin: round; }
svg line.budget { stroke: var(--bad); stroke-dasharray: 5 5; }
svg text.budget { fill: var(--bad); }
svg .mark { fill: var(--accent); stroke: var(--sheet); stroke-width: 2; }
svg .mark.clarify { fill: var(--sheet); stroke: var(--accent); }
svg .cell { fill: var(--wash); }
svg .right { fill: var(--good); }
svg .wrong { fill: var(--bad); }
svg.bar { width: 100%; height: .8rem; border-radius: 4px; }
svg.bar .track { fill: var(--wash); }
svg.bar .fill { fill: var(--good); fill-opacity: .78; }
svg.bar .whisker { fill: var(--ink); }
tr.low svg.bar .fill { fill: var(--bad); }
@media (max-width: 40rem) {
  body { padding: 1rem .6rem 3rem; }
  section { padding: 1rem .9rem; border-radius: 12px; }
  .tile { flex-basis: 9rem; }
  .pair { grid-template-columns: 1fr; }
  .tile b { font-size: 1.35rem; }
}
@media print { body { max-width: none; } section, .tile { break-inside: avoid; } }
"""
