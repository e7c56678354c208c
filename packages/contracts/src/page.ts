/* A contract as one page of HTML that needs no network. */

import { htmlText as html } from '#quality';
import { keyOf, type Contract, type ContractField, type ContractTable } from './model.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1, h2 { overflow-wrap: anywhere; } h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; }
.dim { color: light-dark(#666, #aaa); } ul { padding-left: 1.2rem; }
table { border-collapse: collapse; font-size: .9rem; }
td, th { border-bottom: 1px solid #8884; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
code { font-family: ui-monospace, monospace; }
/* On a phone a column is a few lines, not a row. */
@media (max-width: 40rem) {
  code { overflow-wrap: anywhere; } table, tbody, tr, td { display: block; } tr.head { display: none; }
  tr { border-bottom: 1px solid #8884; padding: .5rem 0; } td { border: 0; padding: .1rem 0; }
  td:first-child { font-weight: bold; } td:empty { display: none; }
}
`;

export function contractPage(contract: Contract): string {
  const { name, version, status, owner, description, sla, consumers } = contract;
  const promises = [
    sla.freshnessMs === undefined
      ? []
      : [
          `The newest row is at most ${sla.freshnessMs / 3_600_000} hours old${sla.freshnessColumn === undefined ? '' : ` (${sla.freshnessColumn})`}.`,
        ],
    sla.completeness === undefined
      ? []
      : [`At least ${sla.completeness * 100} % of each column's values are there.`],
    sla.duplicateTolerance === undefined
      ? []
      : [`At most ${sla.duplicateTolerance * 100} % of rows are there twice.`],
  ].flat();
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((i) => `<li>${html(i)}</li>`).join('')}</ul>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(`${name} ${version}`)}</title><style>${style}</style></head><body>
<h1>${html(name)}</h1>
<p class="dim">version ${html(version)}${status === undefined ? '' : ` · ${html(status)}`} · owner ${html(owner ?? 'nobody')}</p>
${description === undefined ? '' : `<p>${html(description)}</p>`}
${contract.tables.map(tableSection).join('\n')}
${promises.length === 0 ? '' : `<h2>Service levels</h2>${list(promises)}`}
${consumers.length === 0 ? '' : `<h2>Consumers</h2>${list(consumers.map((c) => `${c.name}${c.contact === undefined ? '' : ` (${c.contact})`}${c.columns === undefined ? '' : `: ${c.columns.join(', ')}`}`))}`}
</body></html>
`;
}
function tableSection(table: ContractTable): string {
  const key = keyOf(table);
  const rows = table.fields.map(
    (f) =>
      `<tr><td><code>${html(f.name)}</code></td><td>${html(typeText(f))}</td><td>${html(rulesText(f).join(', '))}</td><td>${html(f.description ?? '')}</td></tr>`,
  );
  return `<h2>${html(table.name)}</h2>
${table.description === undefined ? '' : `<p>${html(table.description)}</p>`}
${key.length === 0 ? '' : `<p>Key: <code>${html(key.join(', '))}</code></p>`}
<table><tr class="head"><th>column</th><th>type</th><th>promises</th><th></th></tr>${rows.join('')}</table>`;
}
const typeText = ({ type, precision, scale, physicalType }: ContractField): string =>
  precision === undefined ? (type ?? physicalType ?? '') : `${type}(${precision}, ${scale ?? 0})`;

function rulesText(f: ContractField): string[] {
  const word = (name: string, value: unknown): string[] =>
    value === undefined ? [] : [`${name} ${String(value)}`];
  return [
    ...(f.required ? ['not null'] : []),
    ...(f.unique ? ['unique'] : []),
    ...(f.enum === undefined ? [] : [`one of ${f.enum.map(String).join(', ')}`]),
    ...word('format', f.format),
    ...word('pattern', f.pattern),
    ...word('from', f.minimum),
    ...word('up to', f.maximum),
    ...word('above', f.exclusiveMinimum),
    ...word('below', f.exclusiveMaximum),
    ...word('at least characters:', f.minLength),
    ...word('at most characters:', f.maxLength),
    ...(f.classification === undefined ? [] : [f.classification]),
  ];
}
