// The style of a report in HTML: light and dark by the reader's preference, a phone, paper; no picture, no font, nothing to load.

export const STYLE = `
:root{color-scheme:light dark;--bg:#ffffff;--card:#f6f8fa;--text:#1b2026;--soft:#525c66;--line:#c9d1d9;--link:#0b57b0;
--good:#17652f;--good-bg:#e6f4ea;--told:#744d00;--told-bg:#fff3d1;--bad:#a11d16;--bad-bg:#fdeae8;--open:#4d5761;--open-bg:#eceff2}
@media (prefers-color-scheme:dark){:root{--bg:#11151a;--card:#1a2027;--text:#e6eaef;--soft:#a5b0bb;--line:#38424d;--link:#7cb8ff;
--good:#86d8a0;--good-bg:#142d1d;--told:#f0c75e;--told-bg:#2f2609;--bad:#ffa49b;--bad-bg:#3b1613;--open:#b3bec9;--open-bg:#242b33}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif}
header,main,footer{max-width:84rem;margin:0 auto;padding:0 1.25rem}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:1.25rem 0 .5rem}
h2{font-size:1.25rem;margin:2.25rem 0 .75rem}
h3{font-size:1.02rem;margin:1.25rem 0 .4rem}
p{margin:.4rem 0;max-width:75ch}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.4rem .8rem;z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:.75rem 0;padding:0;font-size:.93rem}
.verdict{border:2px solid;border-radius:.6rem;padding:1rem 1.25rem;background:var(--card)}
.verdict .say{font-size:1.4rem;line-height:1.3;font-weight:650;margin:.35rem 0 .6rem;max-width:none;color:var(--text)}
.verdict dl{margin:.5rem 0 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.4rem 0}
dt{color:var(--soft)}
dd{margin:0;min-width:0;overflow-wrap:anywhere;color:var(--text)}
.badge{display:inline-block;border:1px solid;border-radius:1rem;padding:0 .6rem;font-size:.87rem;font-weight:600;white-space:nowrap}
.good{color:var(--good)}.told{color:var(--told)}.bad{color:var(--bad)}.open{color:var(--open)}
.badge.good{background:var(--good-bg)}.badge.told{background:var(--told-bg)}.badge.bad{background:var(--bad-bg)}.badge.open{background:var(--open-bg)}
code,pre{font:.9em/1.5 ui-monospace,"Cascadia Mono","SF Mono",Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
code{overflow-wrap:anywhere}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 2rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left;color:var(--soft);padding:.2rem 0}
th,td{text-align:left;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600}
td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{display:block;max-width:100%;height:auto}
td svg{margin-top:.3rem}
svg text{font-family:inherit;fill:var(--text)}
svg .soft{fill:var(--soft)}
svg .kind{font-size:11px;fill:var(--soft)}
svg .label{font-size:13px;font-weight:600}
svg .small{font-size:11.5px}
svg .box{fill:var(--card);stroke:var(--line);stroke-width:1.2}
svg .box.guessed{stroke-dasharray:4 3}
svg .box.bad{fill:var(--bad-bg);stroke:var(--bad);stroke-width:2.5}
svg .lane{stroke-width:4;fill:none}
svg .lane.ended{stroke-dasharray:2 5;stroke-width:2.5}
svg .lane.good,svg .head.good{stroke:var(--good)}svg .lane.told,svg .head.told{stroke:var(--told)}
svg .lane.bad,svg .head.bad{stroke:var(--bad)}svg .lane.open,svg .head.open{stroke:var(--open)}
svg .head{fill:none;stroke-width:2}
svg .lane.open{stroke-dasharray:7 5;stroke-width:2.5}
svg text.good{fill:var(--good)}svg text.told{fill:var(--told)}svg text.bad{fill:var(--bad)}svg text.open{fill:var(--open)}
svg .cross{font-size:20px;font-weight:700;fill:var(--bad);stroke:var(--bg);stroke-width:4;paint-order:stroke}
svg .bar.good{fill:var(--good)}svg .bar.told{fill:var(--told)}svg .bar.bad{fill:var(--bad)}svg .bar.open{fill:var(--open)}
svg .track{fill:var(--open-bg)}
.narrow{display:none}
ol.trace{list-style:none;margin:0;padding:0}
ol.trace>li{border-left:4px solid var(--line);margin:0 0 .9rem;padding:.15rem 0 .15rem 1rem}
ol.trace>li.good{border-color:var(--good)}ol.trace>li.told{border-color:var(--told)}ol.trace>li.bad{border-color:var(--bad)}
ol.trace h3{margin:.1rem 0 .3rem;color:var(--text)}
ol.trace p{color:var(--text);margin:.15rem 0}
.ids a{margin-right:.5rem;display:inline-block;min-width:1.5rem;padding:.1rem 0}
details{border-bottom:1px solid var(--line);padding:.35rem 0}
summary{cursor:pointer;padding:.15rem 0}
footer{color:var(--soft);font-size:.9rem;margin:2.5rem auto;border-top:1px solid var(--line)}
@media (max-width:60rem){.wide{display:none}.narrow{display:block}}
@media (max-width:34rem){header,main,footer{padding:0 .85rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.45rem}.verdict .say{font-size:1.2rem}
th,td{padding-right:.5rem}}
@media print{nav,.skip{display:none}body{font-size:11pt}pre,ol.trace>li,table{break-inside:avoid}a{color:inherit;text-decoration:none}
details::details-content{content-visibility:visible;height:auto}}
`;
