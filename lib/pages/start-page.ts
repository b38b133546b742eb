/** What the start page of the local stack shows. */
export interface StartPageModel {
  readonly districtId: string;
  readonly sftp: { readonly host: string; readonly port: number; readonly username: string; readonly password: string };
  readonly hostKeys: readonly { readonly type: string; readonly fingerprint: string }[];
  readonly endpoints: Readonly<Record<string, string>>;
  /** Addresses for a browser. */
  readonly signOn: { readonly launchPad: string; readonly sso: string; readonly product: string };
  /** How many mails are kept. */
  readonly mails: number;
  readonly syncs: readonly {
    readonly id: string;
    readonly state: string;
    readonly createdAt: string;
    readonly changed: number;
    readonly errors: number;
  }[];
}

/** The start page of the local stack: addresses, login, and what became of uploads. One self-contained page. */
export function startPage(model: StartPageModel): string {
  const { sftp } = model;
  const command = `sftp -P ${sftp.port} ${sftp.username}@${sftp.host}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Rollcall on this machine</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Rollcall on this machine</h1>
<p>Everything here is a stand-in for AWS and ClassLink, bound to 127.0.0.1. Nobody in the sample district is real.</p>
<section>
<h2>Upload an export</h2>
<p>District <b>${escapeHtml(model.districtId)}</b>. Send a zip, or the CSV files one by one:</p>
<pre>${escapeHtml(command)}</pre>
<p>Password <code>${escapeHtml(sftp.password)}</code></p>
<p>The server shows one of these fingerprints:</p>
<ul>${model.hostKeys.map((key) => `<li>${escapeHtml(key.type)} <code>${escapeHtml(key.fingerprint)}</code></li>`).join('')}</ul>
</section>
<section>
<h2>Sign in</h2>
<p>Be anybody of the district on <a href="${escapeHtml(model.signOn.launchPad)}">LaunchPad</a>, click the icon, and land in the
<a href="${escapeHtml(model.signOn.product)}">product</a>. ClassLink can be made <a href="${escapeHtml(model.signOn.launchPad)}/switches">to fail</a>.</p>
<p>The sign-on is at <code>${escapeHtml(model.signOn.sso)}</code>.</p>
</section>
<section>
<h2>Syncs</h2>
${syncTable(model.syncs)}
</section>
<section>
<h2>Mails</h2>
<p>What the district's contacts would have got: <a href="/mails">${model.mails === 1 ? '1 mail' : `${model.mails} mails`}</a>.</p>
</section>
<section>
<h2>Stand-ins for AWS</h2>
<dl>${Object.entries(model.endpoints)
    .map(([name, url]) => `<dt>${escapeHtml(name)}</dt><dd><code>${escapeHtml(url)}</code></dd>`)
    .join('')}</dl>
</section>
</main>
</body>
</html>
`;
}

function syncTable(syncs: StartPageModel['syncs']): string {
  if (syncs.length === 0) return '<p>None yet.</p>';
  const rows = syncs.map(
    ({ id, state, createdAt, changed, errors }) =>
      `<tr><td><code>${escapeHtml(id)}</code></td><td class="${escapeHtml(state)}">${escapeHtml(state)}</td>` +
      `<td>${escapeHtml(createdAt.slice(0, 19).replace('T', ' '))} UTC</td><td class="n">${changed}</td><td class="n">${errors}</td></tr>`,
  );
  return `<table><thead><tr><th>sync</th><th>state</th><th>started</th><th class="n">changed</th><th class="n">errors</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

/** Text as HTML text or attribute value. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
section{overflow-x:auto}
main{max-width:56rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin-top:2rem}
pre,code{font-family:ui-monospace,monospace;font-size:.9em}
pre{padding:.75rem 1rem;border:1px solid #8884;border-radius:.4rem;overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;white-space:nowrap;padding:.35rem .6rem;border-bottom:1px solid #8884}
th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}
.applied,.unchanged{color:#2a7d4f}.rejected,.failed,.incomplete{color:#c0392b}.held{color:#b7791f}
dt{font-weight:600}dd{margin:0 0 .5rem}`;
