// Articles and paragraphs as elements: labels as buttons, evidence as marks, review marks.
import { el, labelName, nameOf, t } from "./base.js";

// `view` has setup, change(article, paragraph, label id).
export function articleNode(article, view) {
  const facts = [article.source === "-" ? t("pasted") : article.source, article.unit, article.month];
  return el("article", { id: `a${article.number}`, "aria-labelledby": `h${article.number}` },
    el("h3", { id: `h${article.number}` }, article.title || t("untitled")),
    el("p", { class: "facts soft" }, facts.filter(Boolean).join(" · ")),
    ...article.warnings.map((warning) => el("p", { class: "soft" }, warning)),
    ...article.paragraphs.map((paragraph) => paragraphNode(article, paragraph, view)),
    article.furniture > 0 && el("p", { class: "soft" }, t("furniture", { count: article.furniture })),
  );
}

export function paragraphNode(article, paragraph, view) {
  if (paragraph.kind !== "body") return el("h4", {}, paragraph.text);
  const node = el("section", { class: paragraph.review ? "p review" : "p", tabindex: "-1", id: `p${article.number}-${paragraph.index}` },
    chips(article, paragraph, view),
    el("div", {}, el("p", { class: "text" }, ...marked(paragraph, view)), reasons(paragraph, view)),
  );
  node.paragraph = paragraph;
  node.article = article;
  return node;
}

function chips(article, paragraph, view) {
  const given = new Set(paragraph.labels);
  const others = view.setup.labels.filter((label) => !given.has(label.id));
  const rest = el("div", { class: "others", hidden: true }, ...others.map((label) => chip(article, paragraph, label, false, view)));
  const opener = el("button", { type: "button", class: "plain", "aria-expanded": "false", onclick: () => {
    rest.hidden = !rest.hidden;
    opener.setAttribute("aria-expanded", String(!rest.hidden));
    opener.textContent = t(rest.hidden ? "add" : "less");
  } }, t("add"));
  return el("div", { class: "chips" },
    ...view.setup.labels.filter((label) => given.has(label.id)).map((label) => chip(article, paragraph, label, true, view)),
    given.size === 0 && el("span", { class: "soft" }, t("none")),
    paragraph.review && el("span", { class: "mark" }, "⚑ ", t("review")),
    paragraph.corrected && el("span", { class: "mark changed", title: was(paragraph, view) }, "✎ ", t("changed")),
    rest, others.length > 0 && opener,
  );
}

function was(paragraph, view) {
  const names = view.setup.labels.filter((label) => paragraph.suggested.includes(label.id)).map(labelName);
  return t("was", { labels: names.join(t("sep")) || t("none") });
}

function chip(article, paragraph, label, given, view) {
  const known = paragraph.scores[label.id]; // undefined: the model has not learned the label
  const percent = known === undefined ? "–" : `${Math.round(100 * known)}%`;
  return el("button", { type: "button", class: "chip", "--c": label.color, "aria-pressed": String(given), "data-label-id": label.id,
    title: t(given ? "remove1" : "add1", { label: labelName(label), percent }),
    onclick: () => view.change(article, paragraph, label.id) },
  labelName(label), " ", el("small", {}, percent));
}

function marked(paragraph, view) {
  return paragraph.pieces.map(([text, weights, levels]) => {
    const [strongest] = Object.keys(levels).sort((a, b) => levels[b] - levels[a]);
    if (!strongest) return text;
    const label = view.setup.labels.find((one) => one.id === strongest);
    if (!label) return text;
    const told = Object.keys(levels).map((id) => `${nameOf(id, view.setup.labels)} ${signed(weights[id])}`).join(t("parts"));
    return el("mark", { class: weights[strongest] > 0 ? "" : "against", "--c": label.color, "--l": levels[strongest], title: told }, text);
  });
}

function reasons(paragraph, view) {
  const ids = Object.keys(paragraph.evidence).filter((id) => paragraph.evidence[id].length);
  if (!ids.length) return null;
  const items = ids.map((id) => {
    const spans = (list) => list.map(([text, weight]) => `${text} ${signed(weight)}`).join(t("sep"));
    const against = paragraph.evidence[id].filter(([, weight]) => weight <= 0);
    const parts = [spans(paragraph.evidence[id].filter(([, weight]) => weight > 0)), against.length ? t("pair", { name: t("against"), text: spans(against) }) : ""];
    return el("li", {}, el("b", {}, nameOf(id, view.setup.labels)), t("pair", { name: "", text: parts.filter(Boolean).join(t("parts")) }));
  });
  return el("details", {}, el("summary", {}, t("evidence")), el("ul", {}, ...items));
}

const signed = (weight) => `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;
