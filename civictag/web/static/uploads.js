// Files and folders of a drop or a choice, and sending them some at a time.
import { attempt, call, notice, t } from "./base.js";

const TOGETHER = 20;

// [{name, file}] of everything that was dropped, folders to the bottom; a name is the path within the folder,
// and the file is null where the browser may not read it.
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ name: file.name, file }));
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

async function walk(entry, above, found) {
  const name = above + entry.name;
  if (entry.name.startsWith(".")) return;
  if (entry.isFile) {
    found.push({ name, file: await new Promise((done) => entry.file(done, () => done(null))) });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done(null)));
    if (!some) found.push({ name, file: null });
    if (!some?.length) return;
    for (const child of some) await walk(child, `${name}/`, found);
  }
}

export const chosen = (list) => [...list].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

function sorted(files, setup) {
  const known = (one) => setup.suffixes.some((suffix) => one.name.toLowerCase().endsWith(suffix));
  const visible = files.filter((one) => !one.name.split("/").some((part) => part.startsWith(".") || part.startsWith("~$")));
  const closed = visible.filter((one) => !one.file);
  const unknown = visible.filter((one) => one.file && !known(one));
  const fitting = visible.filter((one) => one.file && known(one));
  const large = fitting.filter((one) => one.file.size > setup.limits.body_bytes - 65536);
  const names = (list) => list.slice(0, 5).map((one) => one.name).join(t("sep")) + (list.length > 5 ? " …" : "");
  const told = [];
  if (unknown.length) told.push(t("passedOver", { count: unknown.length, names: names(unknown) }));
  if (large.length) told.push(t("tooBig", { names: names(large) }));
  if (closed.length) told.push(t("closed", { names: names(closed) }));
  if (!visible.length) told.push(t("nothing"));
  if (told.length) notice(told.join(" "));
  return fitting.filter((one) => !large.includes(one)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

// Sends files as a new job; `moved` is told (job, sent, all) as it goes.
export async function send(files, setup, moved) {
  const good = sorted(files, setup);
  if (!good.length) return;
  const folder = good[0].name.includes("/") ? good[0].name.split("/")[0] : "";
  const name = folder || (good.length === 1 ? good[0].name : `${good[0].name} …`);
  await attempt(async () => {
    const job = await call("POST", "page/jobs", { name });
    moved(job, 0, good.length);
    for (let at = 0; at < good.length;) {
      const form = new FormData();
      for (let size = 0, count = 0; at < good.length && count < TOGETHER; at += 1, count += 1) {
        size += good[at].file.size;
        if (count && size > setup.limits.body_bytes / 2) break;
        form.append("file", good[at].file, good[at].name);
      }
      moved(await call("POST", `page/jobs/${job.id}/files`, form), at, good.length);
    }
    moved(await call("POST", `page/jobs/${job.id}/complete`), good.length, good.length);
  });
}
