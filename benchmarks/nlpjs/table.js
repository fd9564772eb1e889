// Labelled utterances: a line a row, cells separated by tabs, the first line
// naming the columns split, intent and text.
'use strict';

const fs = require('fs');

const outOfScope = '__oos__';

function readRows(file) {
  const [header, ...lines] = fs.readFileSync(file, 'utf8').replace(/^\ufeff/, '').split(/\r?\n/);
  const columns = header.split('\t').map((name) => name.trim());
  for (const name of ['split', 'intent', 'text']) {
    if (!columns.includes(name)) {
      throw new Error(`${file}:1: there is no column "${name}"`);
    }
  }
  return lines.filter(Boolean).map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
  });
}

function writeRows(file, rows) {
  const lines = rows.map((row) => `${row.split}\t${row.intent}\t${row.text}\n`);
  fs.writeFileSync(file, `split\tintent\ttext\n${lines.join('')}`);
}

// divide returns the rows in scope as train and test. Where the table has no
// rows of testSplit every fifth training row is one; shots keeps the first so
// many training rows of an intent, 0 keeps all.
function divide(rows, testSplit, shots) {
  const inScope = rows.filter((row) => row.intent !== outOfScope);
  let train = inScope.filter((row) => row.split === 'train');
  let test = inScope.filter((row) => row.split === testSplit);
  if (test.length === 0) {
    test = train.filter((_, i) => i % 5 === 4);
    train = train.filter((_, i) => i % 5 !== 4);
  }
  const seen = {};
  const kept = train.filter((row) => {
    seen[row.intent] = (seen[row.intent] || 0) + 1;
    return shots === 0 || seen[row.intent] <= shots;
  });
  const labelled = (list, split) => list.map((row) => ({ ...row, split }));
  return [...labelled(kept, 'train'), ...labelled(test, 'test')];
}

module.exports = { readRows, writeRows, divide };
