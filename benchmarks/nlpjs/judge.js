// Trains nlp.js on the train rows of a table, has it judge the test rows, and
// prints accuracy and latency as one JSON object.
//
//	node judge.js FILE CONFIGURATION
//
// Only its classifier is asked, not the entities, sentiment and answers that
// nlp.js finds besides: eval of Talkgraph does not find them either.
'use strict';

const { readRows } = require('./table');

// A row is timed once in each round, and its median round is its time. One
// match is long enough for the clock.
const rounds = 7;
const timedRows = 2000;

// characters writes Han text as characters and pairs of them, with blanks
// between: to nlp.js these are then the words.
function characters(text) {
  const all = text.toLowerCase().match(/\p{Script=Han}|[^\P{L}\p{Script=Han}]+|\p{N}+/gu) || [];
  return all.concat(all.slice(1).map((next, i) => `${all[i]}_${next}`)).join(' ');
}

function mostlyHan(rows) {
  const han = rows.filter((row) => /\p{Script=Han}/u.test(row.text));
  return han.length * 2 > rows.length;
}

// A configuration makes a classifier and prepares texts for it.
//
//	default  nlp.js as it comes: its own words and stems for the language
//	tuned    Chinese as characters, and a sixth of the learning rate, at which a
//	         large table converges, if only after minutes
function configure(name, rows) {
  const { NlpManager } = require('node-nlp');
  const { NluNeural } = require('@nlpjs/nlu');
  const tuned = name === 'tuned';
  const han = mostlyHan(rows);
  // xx is a language nlp.js knows nothing of: it cuts at blanks.
  const locale = !han ? 'en' : tuned ? 'xx' : 'zh';
  const manager = new NlpManager({ languages: [locale], autoSave: false, autoLoad: false });
  const settings = { container: manager.container, locale, log: false, useNoneFeature: false };
  if (tuned) {
    settings.learningRate = 0.1;
  }
  return { classifier: new NluNeural(settings), prepare: tuned && han ? characters : (text) => text };
}

async function judge(file, name) {
  const rows = readRows(file);
  const train = rows.filter((row) => row.split === 'train');
  const test = rows.filter((row) => row.split === 'test');
  const { classifier, prepare } = configure(name, train);

  const start = process.hrtime.bigint();
  await classifier.train(train.map((row) => ({ utterance: prepare(row.text), intent: row.intent })));
  const compile = Number(process.hrtime.bigint() - start) / 1e6;

  let right = 0;
  for (const row of test) {
    const { classifications } = await classifier.process(prepare(row.text));
    right += classifications.length > 0 && classifications[0].intent === row.intent ? 1 : 0;
  }
  const times = await time(classifier, prepare, test);
  return {
    accuracy: right / test.length,
    p50_ns: times[Math.floor(times.length / 2)],
    p99_ns: times[Math.floor(times.length * 0.99)],
    compile_ms: compile,
  };
}

// time returns the nanoseconds of each row, ascending. A blank more in each
// round makes the text another one to nlp.js, which remembers how it cut the
// texts it has seen; preparing it is part of the match.
async function time(classifier, prepare, rows) {
  const step = Math.max(1, rows.length / timedRows);
  const sample = [];
  for (let at = 0; at < rows.length; at += step) {
    sample.push({ text: rows[Math.floor(at)].text, took: [] });
  }
  for (let round = 1; round <= rounds; round++) {
    for (const row of sample) {
      const start = process.hrtime.bigint();
      await classifier.process(prepare(row.text) + ' '.repeat(round));
      row.took.push(Number(process.hrtime.bigint() - start));
    }
  }
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  return sample.map((row) => median(row.took)).sort((a, b) => a - b);
}

// nlp.js says on standard output what it is doing; only the figures belong there.
console.log = () => {};
judge(process.argv[2], process.argv[3]).then(
  (figures) => process.stdout.write(`${JSON.stringify(figures)}\n`),
  (err) => {
    console.error(err);
    process.exitCode = 1;
  },
);
