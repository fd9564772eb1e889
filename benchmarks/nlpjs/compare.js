// Has Talkgraph and nlp.js learn and judge the same utterances, one after the
// other, and prints accuracy and latency side by side. compare.sh runs it.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { execFileSync } = require('child_process');
const { parseArgs } = require('util');
const { readRows, writeRows, divide } = require('./table');

const usage = `usage: compare.sh [--shots N] [--test-split NAME] [--tuned] DATA [SET...]

DATA is a folder of labelled utterances: a folder for each set, with a data.tsv
of the columns split, intent and text. SET are the sets to compare, all of them
when none is named. Rows of the split train are learned, those of --test-split
(dev) are judged; where a set has none, every fifth row of train. --shots learns
the first N rows of an intent. --tuned adds nlp.js with other settings, which
takes minutes to train.`;

function parse() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        shots: { type: 'string', default: '0' },
        'test-split': { type: 'string', default: 'dev' },
        tuned: { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 0 && /^\d+$/.test(values.shots)) {
      return { ...values, shots: Number(values.shots), data: positionals[0], sets: positionals.slice(1) };
    }
  } catch (err) {
    console.error(err.message);
  }
  console.error(usage);
  return process.exit(2);
}

function findSets({ data, sets }) {
  if (!fs.existsSync(data)) {
    throw new Error(`${data} is not there: name the folder that holds the labelled utterances`);
  }
  const found = sets.length > 0 ? sets : fs.readdirSync(data).sort().filter((set) => fs.existsSync(path.join(data, set, 'data.tsv')));
  if (found.length === 0) {
    throw new Error(`${data} holds no folder with a data.tsv`);
  }
  return found;
}

function run(program, args) {
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }));
}

// compare returns the lines of one set, Talkgraph's first.
function compare(set, options, file) {
  const rows = divide(readRows(path.join(options.data, set, 'data.tsv')), options['test-split'], options.shots);
  writeRows(file, rows);
  const learned = rows.filter((row) => row.split === 'train').length;
  const talkgraph = run(process.env.TALKGRAPH, ['eval', '--json', '--train', file, '--test', file]);
  const lines = [['talkgraph', talkgraph]];
  for (const name of options.tuned ? ['default', 'tuned'] : ['default']) {
    lines.push([`nlp.js ${name}`, run(process.execPath, [path.join(__dirname, 'judge.js'), file, name])]);
  }
  return lines.map(([program, figures], i) => [
    i === 0 ? set : '', i === 0 ? String(learned) : '', i === 0 ? String(rows.length - learned) : '', program,
    (100 * figures.accuracy).toFixed(1), (figures.p50_ns / 1e3).toFixed(2), (figures.p99_ns / 1e3).toFixed(2),
    i === 0 ? '' : (figures.p50_ns / talkgraph.p50_ns).toFixed(0), (figures.compile_ms / 1e3).toFixed(2),
  ]);
}

function main() {
  const options = parse();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'talkgraph-nlpjs-'));
  try {
    const sets = findSets(options);
    console.log('| set | learned | judged | program | accuracy % | p50 µs | p99 µs | times slower | training s |');
    console.log('|---|---|---|---|---|---|---|---|---|');
    for (const set of sets) {
      for (const cells of compare(set, options, path.join(folder, 'rows.tsv'))) {
        console.log(`| ${cells.join(' | ')} |`);
      }
    }
  } catch (err) {
    console.error(`compare: ${err.message}`);
    process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

main();
