// The page: jobs on one side, the open job's articles below, filters, corrections, downloads.
import { attempt, call, el, labelName, languageToggle, notice, save, t, toggled, useLanguage, whenBack } from "./base.js";
import { articleNode } from "./paragraphs.js";
import { chosen, dropped, send } from "./uploads.js";

const $ = (id) => document.getElementById(id);
const AT_ONCE = 20;
const MOST = 500;
const view = { setup: null, job: null, articles: [], want: MOST, picked: new Set(), sending: new Map(), change };
let generation = 0; // of what is loaded: an answer to an older one comes too late
let opening = 0;

async function begin() {
  useLanguage(localStorage.getItem("civictag-language") ?? "zh");
  view.setup = await attempt(() => call("GET", "page/setup"));
  if (!view.setup) return;
  languageToggle(view.setup.language, redraw);
  $("desk").hidden = !view.setup.desk;
  for (const form of view.setup.downloads) $("downloads").append(el("button", { type: "button", "data-t": form, onclick: () => download(form) }, t(form)));
  await listJobs();
  const wanted = location.hash.slice(1);
  if (wanted) open(wanted);
}

function redraw() {
  listJobs();
  if (view.job) { draw(); }
}

async function listJobs() {
  const jobs = await attempt(() => call("GET", "page/jobs"));
  if (!jobs) return;
  $("nojobs").hidden = jobs.length > 0;
  const kept = document.activeElement?.closest?.("#jobs") ? document.activeElement.dataset.key : null;
  $("jobs").replaceChildren(...jobs.map(jobNode));
  if (kept) $("jobs").querySelector(`[data-key="${CSS.escape(kept)}"]`)?.focus();
  if (jobs.some((job) => job.done < job.files)) later(listJobs, "list");
}

const timers = {};
function later(work, key) {
  clearTimeout(timers[key]);
  timers[key] = setTimeout(work, 700);
}

function jobNode(job) {
  const when = new Date(job.created * 1000).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const stopped = !job.complete && !view.sending.has(job.id);
  const working = job.done < job.files;
  return el("li", {},
    el("button", { type: "button", class: "open", "data-key": `o${job.id}`, "aria-current": String(job.id === view.job?.id), onclick: () => open(job.id) }, job.name),
    working && el("progress", { max: job.files, value: job.done, "aria-label": t("running", job) }),
    el("div", { class: "facts soft" },
      el("span", {}, working ? t("running", job) : t("jobFacts", { articles: job.articles, when }), job.failed ? ` · ${t("unread", { count: job.failed })}` : ""),
      el("button", { type: "button", class: "plain", "data-key": `d${job.id}`, onclick: () => remove(job) }, t("remove"))),
    stopped && el("div", { class: "facts soft" }, t("stopped", job),
      el("button", { type: "button", "data-key": `f${job.id}`, onclick: () => finish(job) }, t("finish"))),
  );
}

async function finish(job) {
  await attempt(() => call("POST", `page/jobs/${job.id}/complete`));
  listJobs();
}

async function remove(job) {
  if (!confirm(t("removeAsk", { name: job.name }))) return;
  if ((await attempt(() => call("DELETE", `page/jobs/${job.id}`))) === undefined) return;
  if (view.job?.id === job.id) { view.job = null; generation += 1; $("results").hidden = true; history.replaceState(null, "", location.pathname); }
  listJobs();
}

async function open(id) {
  opening += 1;
  const mine = opening;
  const job = await attempt(() => call("GET", `page/jobs/${id}`));
  if (!job || mine !== opening) return;
  Object.assign(view, { job, articles: [], want: MOST, picked: new Set() });
  generation += 1;
  history.replaceState(null, "", `#${id}`);
  $("results").hidden = false;
  $("articles").replaceChildren();
  for (const name of ["unit", "month"]) $(name).value = "";
  await follow(generation);
  $("results").focus({ preventScroll: true });
  listJobs();
}

// Loads the job's articles as they come, until all (or enough) are there.
async function follow(mine) {
  for (;;) {
    const url = `page/jobs/${view.job.id}/articles?first=${view.articles.length}&count=${AT_ONCE}`;
    const some = await attempt(() => call("GET", url));
    if (mine !== generation || !some) return;
    view.articles.push(...some);
    $("articles").append(...some.map((article) => articleNode(article, view)));
    if (some.length === AT_ONCE && view.articles.length < view.want) { drawTools(); continue; }
    const job = await attempt(() => call("GET", `page/jobs/${view.job.id}`));
    if (mine !== generation || !job) return;
    view.job = job;
    drawTools();
    const all = !view.job.running && view.articles.length >= view.job.articles;
    if (all || view.articles.length >= view.want) return;
    if (view.job.articles === view.articles.length) await new Promise((done) => setTimeout(done, 500));
    if (mine !== generation) return;
  }
}

whenBack(() => {
  if (!view.setup) { begin(); return; }
  listJobs();
  if (view.job) { generation += 1; follow(generation); }
});

function draw() {
  $("articles").replaceChildren(...view.articles.map((article) => articleNode(article, view)));
  drawTools();
}

const bodies = () => view.articles.flatMap((article) => article.paragraphs.filter((p) => p.kind === "body").map((p) => [article, p]));

function drawTools() {
  const { job } = view;
  const all = bodies();
  const count = (test) => all.filter(([, p]) => test(p)).length;
  $("jobname").textContent = job.name;
  const counts = { articles: job.articles, paragraphs: all.length, review: count((p) => p.review), changed: count((p) => p.corrected) };
  const partly = view.articles.length < job.articles ? ` · ${t("loaded", { loaded: view.articles.length, articles: job.articles })}` : "";
  $("summary").textContent = t("summary", counts) + partly;
  const sent = view.sending.get(job.id);
  const working = job.done < job.files || sent !== undefined;
  $("progress").hidden = !working;
  $("progress").max = sent?.all ?? job.files;
  $("progress").value = job.done;
  $("progress").setAttribute("aria-label", t("running", job));
  if (working) $("summary").textContent += ` · ${t("running", { done: job.done, files: sent?.all ?? job.files })}`;
  drawFailures(job.failures ?? []);
  $("more").hidden = view.articles.length >= job.articles || view.articles.length < view.want;
  $("undo").disabled = !job.corrections;
  const kept = document.activeElement?.dataset?.pick;
  $("labels").replaceChildren(
    ...view.setup.labels.map((label) => pick(label.id, labelName(label), label.color, count((p) => p.labels.includes(label.id)))),
    pick("(none)", t("none"), "#808080", count((p) => !p.labels.length), "none"),
    pick("(review)", `⚑ ${t("review")}`, "#808080", counts.review, "review"),
    pick("(changed)", `✎ ${t("changed")}`, "#808080", counts.changed),
  );
  if (kept) $("labels").querySelector(`[data-pick="${CSS.escape(kept)}"]`)?.focus();
  options($("unit"), view.articles.map((article) => article.unit), t("noUnit"));
  options($("month"), view.articles.map((article) => article.month), t("noMonth"));
  filter();
}

function drawFailures(failures) {
  $("failures").hidden = !failures.length;
  $("failures").firstElementChild.textContent = t("unreadHead", { count: failures.length });
  $("failures").lastElementChild.replaceChildren(...failures.map((failure) => el("li", {}, failure.message)));
}

function pick(id, name, color, count, kind = "") {
  return el("button", { type: "button", class: `chip ${kind}`, "--c": color, "data-pick": id, "aria-pressed": String(view.picked.has(id)), onclick: () => {
    if (!view.picked.delete(id)) view.picked.add(id);
    drawTools();
  } }, name, " ", el("b", {}, String(count)));
}

function options(select, values, nothing) {
  const found = [...new Set(values)].sort();
  const wanted = ["*", ...found];
  select.parentElement.hidden = found.length < 2 && !found[0];
  const now = select.value || "*";
  select.replaceChildren(...wanted.map((value) => el("option", { value: value === "" ? "(none)" : value }, value === "*" ? t("all") : value || nothing)));
  select.value = [...select.options].some((option) => option.value === now) ? now : "*";
}

function filter() {
  const fits = (name, value) => $(name).value === "*" || $(name).value === (value || "(none)");
  const tests = { "(none)": (p) => !p.labels.length, "(review)": (p) => p.review, "(changed)": (p) => p.corrected };
  const picked = [...view.picked];
  const wanted = (p) => !picked.length || picked.some((id) => (tests[id] ? tests[id](p) : p.labels.includes(id)));
  let shown = 0;
  for (const node of $("articles").children) {
    let any = false;
    const here = node.querySelectorAll(".p");
    const article = here[0]?.article;
    const fit = article ? fits("unit", article.unit) && fits("month", article.month) : !picked.length;
    for (const one of here) {
      one.hidden = !(fit && wanted(one.paragraph));
      if (!one.hidden) { any = true; shown += 1; }
    }
    for (const heading of node.querySelectorAll("h4")) heading.hidden = picked.length > 0;
    node.hidden = !(any || (fit && !picked.length));
  }
  $("shown").textContent = t("shown", { shown, paragraphs: bodies().length });
}

// One after the other: of two keys within a moment, the second one must start from what the first one changed.
let turn = Promise.resolve();
function inTurn(work) {
  turn = turn.then(() => attempt(work));
}

function change(article, paragraph, id) {
  const { job, articles } = view;
  inTurn(async () => {
    const now = articles[article.number].paragraphs.find((one) => one.index === paragraph.index);
    const body = { article: article.number, paragraph: now.index, labels: toggled(now.labels, id) };
    replaceArticle(articles, await call("POST", `page/jobs/${job.id}/corrections`, body), now.index);
  });
}

function undo() {
  const { job, articles } = view;
  inTurn(async () => {
    const answer = await call("POST", `page/jobs/${job.id}/undo`);
    if (answer.article) replaceArticle(articles, answer, answer.paragraph);
    notice(t(answer.article ? "undone" : "nothingBack"), 2);
  });
}

// The answer says what is on the disk; only then is it shown, if the job is still open and the article loaded.
function replaceArticle(articles, { article, corrections }, index) {
  if (article.number < articles.length) articles[article.number] = article;
  if (view.articles !== articles) return;
  view.job.corrections = corrections;
  $(`a${article.number}`)?.replaceWith(articleNode(article, view));
  drawTools();
  const node = $(`p${article.number}-${index}`);
  if (node) { node.hidden = false; node.focus({ preventScroll: true }); node.scrollIntoView({ block: "nearest" }); }
}

async function download(form) {
  const { job } = view;
  notice(t("preparing"));
  const blob = await attempt(() => call("GET", `page/jobs/${job.id}/download/${form}`, undefined, true));
  if (blob === undefined) return;
  notice("");
  save(blob, `${job.name.replace(/[\\/:*?"<>|]/g, "_").slice(0, 40)}.${form}`);
}

async function upload(files) {
  let id = null;
  await send(files, view.setup, (job, sent, all) => {
    view.sending.set(job.id, { sent, all });
    if (!id) open(job.id);
    id = job.id;
    later(listJobs, "list");
  });
  view.sending.delete(id); // sent or broken off: the list offers to finish what was broken off
  if (id) listJobs();
}

$("paste").addEventListener("submit", async (event) => {
  event.preventDefault();
  const job = await attempt(() => call("POST", "page/jobs", { text: $("text").value, title: $("title").value }));
  if (job) { notice(""); await open(job.id); $("results").scrollIntoView({ block: "start" }); }
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("paste").requestSubmit();
});
for (const name of ["unit", "month"]) $(name).addEventListener("change", filter);
$("undo").addEventListener("click", undo);
$("more").addEventListener("click", () => { view.want += MOST; generation += 1; follow(generation); });
for (const [button, field] of [["choose", "files"], ["chooseFolder", "folder"]]) {
  $(button).addEventListener("click", () => $(field).click());
  $(field).addEventListener("change", () => { upload(chosen($(field).files)); $(field).value = ""; });
}
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    $("drop").classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") attempt(async () => upload(await dropped(event.dataTransfer)));
  });
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("results").hidden || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select")) return;
  const here = document.activeElement?.closest?.(".p");
  if (event.key === "z") undo();
  else if (event.key === "j" || event.key === "k") step(here, event.key === "j" ? 1 : -1);
  else if (here && /^[1-9]$/.test(event.key) && view.setup.labels[event.key - 1]) {
    change(here.article, here.paragraph, view.setup.labels[event.key - 1].id);
  } else return;
  event.preventDefault();
});

function step(here, by) {
  const all = [...document.querySelectorAll(".p:not([hidden])")];
  const next = all[here ? all.indexOf(here) + by : 0];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

begin();
