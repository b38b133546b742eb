import { escapeHtml } from './start-page.ts';

/** The frame of a page of the stand-ins for ClassLink and the product. `body` is HTML. One file, no script. */
export function standInPage(title: string, bar: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header>${bar}</header>
<main>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;--accent:#1f5fbf;--line:#8884}
@media (prefers-color-scheme:dark){:root{--accent:#8ab4f8}}
*{box-sizing:border-box}
body{margin:0;background:Canvas;color:CanvasText}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.75rem 1.25rem;border-bottom:1px solid var(--line)}
header p,header form{margin:0}
header .brand{font-weight:700;color:var(--accent)}
main{max-width:56rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.6rem;margin-top:0}h2{font-size:1.1rem;margin-top:2rem}
code{font-family:ui-monospace,monospace;font-size:.9em}
a{color:var(--accent)}
label{display:block;font-weight:600;margin-top:1rem}
.hint{color:color-mix(in srgb,CanvasText 70%,Canvas);font-size:.9rem}
input,select,button{font:inherit;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.4rem;background:Canvas;color:CanvasText}
input,select{width:min(100%,24rem)}
button{cursor:pointer;border-color:var(--accent);color:var(--accent)}
button.main{background:var(--accent);color:Canvas;font-weight:600;margin-top:1rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:1rem;padding:0;list-style:none}
.tile{display:flex;flex-direction:column;align-items:center;gap:.75rem;padding:1.25rem .75rem;border:1px solid var(--line);border-radius:.8rem;text-align:center;text-decoration:none;color:CanvasText;font-weight:600}
.tile:hover{border-color:var(--accent)}
.tile svg{width:4rem;height:4rem}
.people{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;list-style:none}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.5rem}dt{font-weight:600}dd{margin:0}dd ul{margin:0;padding-left:1.1rem}
table{border-collapse:collapse;width:100%}th code,td button{white-space:nowrap}th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
.on{font-weight:700;color:#c0392b}
.note{border-left:4px solid var(--accent);padding:.25rem 0 .25rem 1rem}`;
