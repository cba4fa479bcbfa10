// The desk: one paragraph at a time, keys first; nothing is shown as saved before the service says so.
import { attempt, call, el, isChinese, isOffline, labelName, languageToggle, nameOf, notice, save, t, toggled, useLanguage, whenBack } from "./base.js";

const $ = (id) => document.getElementById(id);
const desk = { setup: null, me: localStorage.getItem("civictag-name") ?? "", item: null, labels: [], unsure: false, hints: true, key: "", saving: false, pending: null };

async function begin() {
  useLanguage(localStorage.getItem("civictag-language") ?? "zh");
  desk.setup = await attempt(() => call("GET", "desk/setup"));
  if (!desk.setup) return;
  languageToggle(desk.setup.language, redraw);
  $("name").value = desk.me;
  $("hints").hidden = desk.setup.blind;
  const { notes } = desk.setup;
  if (notes.length) notice([...notes.slice(0, 3), ...(notes.length > 3 ? [t("moreNotes", { count: notes.length - 3 })] : [])].join(" "));
  drawDefinitions();
}

function redraw() {
  drawDefinitions();
  if (!$("desk").hidden) { draw(); stats(); }
}

function drawDefinitions() {
  const name = (id) => nameOf(id, desk.setup.labels);
  $("definitions").replaceChildren(...desk.setup.labels.map((label) => el("p", { "--c": label.color },
    el("b", {}, labelName(label)), el("br"), (isChinese() ? label.definition : label.definition_en || label.definition) || "")));
  $("casesbox").hidden = !desk.setup.cases.length;
  $("cases").replaceChildren(...desk.setup.cases.map((one) => el("li", { lang: "zh-CN" }, one.text, " → ",
    el("b", {}, one.labels.map(name).join(t("sep")) || t("none")), one.note ? t("aside", { text: one.note }) : "")));
}

$("who").addEventListener("submit", async (event) => {
  event.preventDefault();
  desk.me = $("name").value.trim();
  if (!desk.me) return;
  localStorage.setItem("civictag-name", desk.me);
  const answer = await attempt(() => call("POST", "desk/next", { annotator: desk.me }));
  if (!answer) return;
  $("who").hidden = true;
  $("desk").hidden = false;
  take(answer);
  stats();
});

// Shows what the service gave; `before` is a decision that was taken back.
function take(answer, before = null) {
  desk.item = answer.item;
  desk.key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  desk.labels = before?.labels ?? [];
  desk.unsure = before?.unsure ?? false;
  const { done, items } = answer.progress;
  $("count").textContent = t("count", { done, items });
  $("done").max = items;
  $("done").value = done;
  draw();
  $("work").focus({ preventScroll: true });
}

function draw() {
  const { item } = desk;
  for (const name of ["next", "unsure"]) $(name).disabled = !item;
  $("around").hidden = !item;
  if (!item) {
    $("head").textContent = "";
    $("para").textContent = t("allDone");
    $("choices").replaceChildren();
    return;
  }
  $("head").textContent = [item.title || t("untitled"), item.double ? t("double") : ""].filter(Boolean).join(" · ");
  $("para").textContent = item.text;
  $("article").replaceChildren(item.article.slice(0, item.start), el("mark", {}, item.article.slice(item.start, item.end)), item.article.slice(item.end));
  $("choices").replaceChildren(...desk.setup.labels.map((label, i) => el("button", {
    type: "button", class: "choice", "--c": label.color, "aria-pressed": String(desk.labels.includes(label.id)), "data-label-id": label.id,
    onclick: () => toggle(label.id),
  }, el("span", { class: "name" }, labelName(label)),
    el("span", {}, hint(label), " ", i < 9 ? el("kbd", {}, String(i + 1)) : ""))));
  $("unsure").setAttribute("aria-pressed", String(desk.unsure));
  $("hints").setAttribute("aria-pressed", String(desk.hints));
}

const shown = () => Boolean(desk.hints && desk.item?.scores);
function hint(label) {
  const score = shown() ? desk.item.scores[label.id] : undefined;
  return score === undefined ? "" : el("small", { class: "soft" }, `${Math.round(score * 100)}%`);
}

function toggle(id) {
  if (!desk.item || desk.saving) return;
  desk.labels = toggled(desk.labels, id);
  for (const node of $("choices").children) node.setAttribute("aria-pressed", String(desk.labels.includes(node.dataset.labelId)));
}

// One thing at a time: a key pressed while a decision is on its way must not land on the next paragraph.
async function busy(work) {
  if (desk.saving) return;
  desk.saving = true;
  const answer = await attempt(work);
  desk.saving = false;
  return answer;
}

async function decide() {
  if (!desk.item || desk.saving) return;
  const given = { annotator: desk.me, item: desk.item.id, labels: desk.labels, unsure: desk.unsure, key: desk.key, shown: shown() };
  desk.pending = given;
  $("state").textContent = t("saving");
  const answer = await busy(() => call("POST", "desk/decide", given));
  if (!answer) { $("state").textContent = t(isOffline() ? "unsaved" : "refused"); return; }
  desk.pending = null;
  $("state").textContent = t("saved");
  take(answer);
}

async function undo() {
  const answer = await busy(() => call("POST", "desk/undo", { annotator: desk.me }));
  if (!answer) return;
  if (!answer.undone) { $("state").textContent = t("nothingBack"); return; }
  take(answer, answer.undone);
  $("state").textContent = t("takenBack");
}

// The same key is sent again: what did arrive before the connection broke is not stored twice.
whenBack(() => {
  if (!desk.setup) { begin(); return; }
  if (desk.pending) decide();
  stats();
});

$("next").addEventListener("click", decide);
$("back").addEventListener("click", undo);
$("unsure").addEventListener("click", () => { desk.unsure = !desk.unsure; $("unsure").setAttribute("aria-pressed", String(desk.unsure)); });
$("hints").addEventListener("click", () => { desk.hints = !desk.hints; draw(); });
document.addEventListener("keydown", (event) => {
  if ($("desk").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector("dialog[open]")) return;
  const onControl = event.target.closest?.("a, summary, aside button, #language");
  if (/^[1-9]$/.test(event.key) && desk.setup.labels[event.key - 1]) toggle(desk.setup.labels[event.key - 1].id);
  else if (event.key === "Enter" && !onControl && !(event.target.closest?.("button") && event.target.id !== "next")) decide();
  else if (event.key === "u") $("unsure").click();
  else if (event.key === "z") undo();
  else if (event.key === "s" && !$("hints").hidden) $("hints").click();
  else return;
  event.preventDefault();
});

let timer = 0;
async function stats() {
  clearTimeout(timer);
  if (!$("stats").open) return;
  const found = await attempt(() => call("GET", "desk/progress"));
  if (!found) return;
  $("people").replaceChildren(...found.people.map((one) => el("li", {}, t("person", one))));
  const { agreement, models, training } = found;
  $("identical").textContent = t("identical", agreement);
  $("alphas").replaceChildren(...Object.entries(agreement.labels).filter(() => agreement.paragraphs).map(([id, alpha]) =>
    el("li", {}, t("pair", { name: nameOf(id, desk.setup.labels), text: alpha === null ? t("undefinedAlpha") : `α = ${alpha.toFixed(2)}` }))));
  curve(models);
  $("train").disabled = training.state === "running";
  $("training").textContent = { idle: "", running: t("trainingNow", training), failed: t("failed", training), done: t("trained", { verdict: t(`verdict ${training.verdict}`) }) }[training.state];
  $("models").replaceChildren(...models.map((model) => el("li", {}, t("model", { ...model, f1: shownF1(model), verdict: t(`verdict ${model.verdict}`) }),
    " ", model.used ? el("b", {}, t("inUse")) : el("button", { type: "button", class: "plain", onclick: () => use(model.id) }, t("use")))));
  timer = setTimeout(stats, training.state === "running" ? 1000 : 10_000);
}

const shownF1 = (model) => (model.f1 === null ? "–" : model.f1.toFixed(2) + (model.low === null ? "" : ` [${model.low.toFixed(2)}, ${model.high.toFixed(2)}]`));

async function use(id) {
  await attempt(() => call("POST", `desk/models/${id}/use`));
  stats();
}

function svg(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function curve(models) {
  const points = models.filter((model) => model.f1 !== null);
  $("curve").replaceChildren();
  $("curve").toggleAttribute("hidden", !points.length);
  $("curvetext").textContent = points.map((model) => t("pair", { name: model.paragraphs, text: shownF1(model) })).join(t("sep")) || t("noCurve");
  if (!points.length) return;
  const most = Math.max(...points.map((model) => model.paragraphs));
  const x = (model) => 30 + 275 * (model.paragraphs / most);
  const y = (f1) => 140 - 130 * f1;
  for (const tick of [0, 0.5, 1]) {
    const text = svg("text", { x: 2, y: y(tick) + 4, "font-size": 11, fill: "currentcolor" });
    text.textContent = tick;
    $("curve").append(svg("line", { x1: 28, x2: 315, y1: y(tick), y2: y(tick), stroke: "currentcolor", "stroke-opacity": 0.25 }), text);
  }
  $("curve").append(svg("polyline", { points: points.map((model) => `${x(model)},${y(model.f1)}`).join(" "), fill: "none", stroke: "currentcolor", "stroke-width": 2 }));
  for (const model of points) {
    if (model.low !== null) $("curve").append(svg("line", { x1: x(model), x2: x(model), y1: y(model.low), y2: y(model.high), stroke: "currentcolor" }));
    $("curve").append(svg("circle", { cx: x(model), cy: y(model.f1), r: 4, fill: "currentcolor" }));
  }
}

$("stats").addEventListener("toggle", stats);
$("train").addEventListener("click", async () => { await attempt(() => call("POST", "desk/train")); stats(); });
const SUFFIXES = { doccano: "jsonl", "label-studio": "json", fasttext: "txt" };
for (const kind of ["corpus", "history"]) {
  $(kind).addEventListener("click", async () => {
    const form = kind === "corpus" ? $("form").value : "jsonl";
    const blob = await attempt(() => call("GET", `desk/export/${kind}?form=${form}`, undefined, true));
    if (blob) save(blob, `${kind}.${SUFFIXES[form] ?? form}`);
  });
}

begin();
