// Trains nlp.js and answers with it, so that it can be measured beside ours.
//
//   node peer.mjs FOLDER      FOLDER holds node_modules
//
// Reads a JSON object a line and writes one for each:
//   {"train": [{"text", "intent", "language"}, ...]}  ->  {"seconds"}
//   {"text", "language"}                              ->  {"intent", "seconds"}
// Times are taken here, so that neither the pipe nor JSON is counted.

import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

// Packages are looked for where they were installed, not beside this file.
const load = createRequire(join(process.argv[2], "node_modules", "peer.js"));
const { containerBootstrap } = load("@nlpjs/core");
const { Nlp } = load("@nlpjs/nlp");
const { LangEn } = load("@nlpjs/lang-en");
const { LangKo } = load("@nlpjs/lang-ko");

console.log = () => {}; // It reports every epoch there; standard output is for answers.

const container = await containerBootstrap();
for (const plugin of [Nlp, LangEn, LangKo]) container.use(plugin);
const nlp = container.get("nlp");
// Nothing is stored, and no time is spent on moods, which ours does not read either.
Object.assign(nlp.settings, { autoSave: false, autoLoad: false, calculateSentiment: false });

async function train(rows) {
  for (const language of new Set(rows.map((row) => row.language))) nlp.addLanguage(language);
  for (const row of rows) nlp.addDocument(row.language, row.text, row.intent);
  const begun = performance.now();
  await nlp.train();
  return { seconds: (performance.now() - begun) / 1000 };
}

async function answer({ text, language }) {
  const begun = performance.now();
  const { classifications } = await nlp.process(language, text);
  const seconds = (performance.now() - begun) / 1000;
  // The best intent counts, however unsure it is of it; ours is judged likewise.
  const best = classifications.find((one) => one.intent !== "None");
  return { intent: best ? best.intent : null, seconds };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const answered = asked.train ? await train(asked.train) : await answer(asked);
  process.stdout.write(`${JSON.stringify(answered)}\n`);
}
