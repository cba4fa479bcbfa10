// What both pages need: words, elements, calls of the service, the notice.
import { texts } from "./dictionary.js";

let language = "zh";

// {name} is filled in; {name:one|many} is the word that goes with that number.
export function t(key, values = {}) {
  const text = texts[language][key] ?? texts.zh[key] ?? key;
  return text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    if (!(name in values)) return whole;
    if (many === undefined) return String(values[name]);
    return Number(values[name]) === 1 ? one : many;
  });
}

export const isChinese = () => language === "zh";
export const labelName = (label) => (isChinese() ? label.name : label.name_en || label.id);
export const nameOf = (id, labels) => labelName(labels.find((label) => label.id === id) ?? { id, name: id });
export const toggled = (ids, id) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);

export function useLanguage(chosen) {
  language = chosen === "en" ? "en" : "zh";
  document.documentElement.lang = isChinese() ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  const toggle = document.getElementById("language");
  toggle.textContent = isChinese() ? "English" : "中文";
  toggle.lang = isChinese() ? "en" : "zh-CN";
  document.title = `${t(document.body.dataset.title ?? "title")} · civictag`;
}

export function languageToggle(fallback, changed) {
  useLanguage(localStorage.getItem("civictag-language") ?? fallback);
  document.getElementById("language").addEventListener("click", () => {
    const next = isChinese() ? "en" : "zh";
    localStorage.setItem("civictag-language", next);
    useLanguage(next);
    changed();
  });
}

// An element. Texts are only ever text: nothing here takes markup.
export function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key.startsWith("--")) node.style.setProperty(key, value);
    else if (key === "class") node.className = value;
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

let noticeTimer = 0;
export function notice(text, seconds = 0) {
  const node = document.getElementById("notice");
  clearTimeout(noticeTimer);
  node.textContent = text;
  node.hidden = !text;
  if (seconds) noticeTimer = setTimeout(() => { node.hidden = true; }, seconds * 1000);
}

// What nobody caught is told on the page: few people look at a console.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, (event) => notice(t("failed", { message: event.reason?.message ?? event.message ?? kind })));
}

export class ServiceError extends Error {
  constructor(status, error) {
    super([error?.message, error?.hint].filter(Boolean).join(t("stop")) || String(status));
    this.status = status;
    this.code = error?.code;
  }
}

function tokenDialog() {
  const field = el("input", { id: "token", type: "password", autocomplete: "off" });
  const form = el("form", { method: "dialog" },
    el("h2", { id: "askhead", "data-t": "tokenHead" }, t("tokenHead")),
    el("label", {}, el("span", { "data-t": "tokenField" }, t("tokenField")), field),
    el("button", { class: "main", "data-t": "ok" }, t("ok")));
  const dialog = el("dialog", { id: "ask", "aria-labelledby": "askhead" }, form);
  document.body.append(dialog);
  return dialog;
}

// One question for all calls that wait for its answer.
let asked = null;
const askToken = () => (asked ??= answered().finally(() => { asked = null; }));

async function answered() {
  const dialog = document.getElementById("ask") ?? tokenDialog();
  const field = document.getElementById("token");
  if (!dialog.open) dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  sessionStorage.setItem("civictag-token", field.value);
  field.value = "";
}

// One call; asks for the token where the service wants one. A lost connection is a TypeError, as fetch gives it.
export async function call(method, path, body, raw = false) {
  const headers = {};
  const token = sessionStorage.getItem("civictag-token");
  if (token) headers.authorization = `Bearer ${token}`;
  if (body !== undefined && !(body instanceof FormData)) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(body);
  }
  const answer = await fetch(path, { method, headers, body });
  if (answer.status === 401) {
    await askToken();
    return call(method, path, body instanceof FormData ? body : body && JSON.parse(body), raw);
  }
  if (!answer.ok) throw new ServiceError(answer.status, (await answer.json().catch(() => ({}))).error);
  if (answer.status === 204) return null;
  return answer.headers.get("content-type") === "application/json" && !raw ? answer.json() : answer.blob();
}

// Something a person asked for: says what went wrong, and once the connection is back, that it is.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) {
      notice(t("offline"));
      reconnect();
    } else {
      notice(t("failed", { message: error.message }));
    }
    return undefined;
  }
}

let waiting = false;
const listeners = [];
export const isOffline = () => waiting;
export const whenBack = (listener) => listeners.push(listener);

async function reconnect() {
  if (waiting) return;
  waiting = true;
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    const answer = await fetch("healthz").catch(() => null);
    if (answer?.ok) break;
  }
  waiting = false;
  notice(t("online"), 4);
  for (const listener of listeners) listener();
}

export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
