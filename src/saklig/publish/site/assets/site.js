// What the browser adds to pages that are complete without it: a panel for each number, buttons that copy,
// the filter of the index of facts, and a word where an edition has been replaced. No request leaves the site.
(() => {
  "use strict";
  const root = new URL("..", document.currentScript.src);
  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
  const script = (source) => new Promise((done) => {
    const element = make("script", "", { src: source });
    element.onload = () => done(true);
    element.onerror = () => done(false);
    document.head.append(element);
  });

  const page = data("page-data");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  // Things to copy
  const texts = page?.texts ?? data("copy-texts");
  const copyable = (figure) => {
    const button = make("button", texts.copy, { type: "button" });
    button.addEventListener("click", async () => {
      const text = figure.querySelector("pre").textContent;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        getSelection().selectAllChildren(figure.querySelector("pre"));
        document.execCommand("copy");
      }
      button.textContent = texts.copied;
      setTimeout(() => { button.textContent = texts.copy; }, 2000);
    });
    figure.querySelector("figcaption").append(button);
    return figure;
  };
  if (texts) document.querySelectorAll("figure.copy").forEach(copyable);

  // One number: what it says, of whom, how sure, and how to cite it
  const interval = (link) => {
    const cell = link.parentElement;
    if (cell.nextElementSibling?.classList.contains("interval")) return cell.nextElementSibling.textContent.trim();
    return [...cell.childNodes].filter((node) => node !== link).map((node) => node.textContent).join("").trim();
  };
  // The words and the forms are those of the program's own citations: here they are only put together.
  const inWords = (range) => {
    const [lower, upper] = range.split("\u00a0– "); // a dash beside a minus: see language/numbers.py
    return upper ? fill(page.texts.between, { lower, upper }) : range;
  };
  const wavesOf = (id) => /^([^/]+)\.\.([^/]+)\//.exec(id);
  const place = (whole) => {
    const id = whole.replace(/^[^/]+\.\.[^/]+\//, "");
    const [, item = "", row, by = ""] = /^[^/~@.]+(?:\.([^/~@]+))?([^@]*)(?:@(.*))?$/.exec(id);
    const { wordings, rows, groups } = page.names;
    return { wording: wordings[item] ?? wordings[""], row: rows[row] ?? "", groups: by ? by.split(",").map((each) => groups[each] ?? each) : [] };
  };
  const tex = (text) => text.replace(/[\\{}$&%#_~^]/g, (mark) =>
    ({ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" })[mark] ?? "\\" + mark);
  const citations = (said, address) => {
    const key = address.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    const put = (form, write) => form.replace(/⟦(\w+)⟧/g, (all, name) => ({ said: write(said), address: write(address), key })[name] ?? all);
    return {
      text: put(page.form.text, (words) => words),
      bibtex: put(page.form.bibtex, tex),
      csl: put(page.form.csl, (words) => JSON.stringify(words).slice(1, -1)),
    };
  };
  const item = (name, content, id) => {
    const line = make("div");
    const value = make("dd");
    value.append(content);
    line.append(make("dt", name), value);
    return line;
  };
  const copied = (name, text) => {
    const figure = make("figure", "", { class: "copy" });
    figure.append(make("figcaption", name), make("pre", text, { tabindex: "0" }));
    return copyable(figure);
  };
  // How it was to be answered belongs to its wording: what 4 and 5 are is said there
  const instructions = () => [...document.querySelectorAll("main > .instruction")].map((each) => each.cloneNode(true));
  let panel;
  const open = (link) => {
    const { texts, wave, prefix, how, marks } = page;
    const { wording, row, groups } = place(link.id);
    const withheld = link.dataset.s, number = link.textContent;
    const range = interval(link), behind = withheld ? "" : link.dataset.b ?? link.closest("tr").dataset.b;
    const base = behind?.replace(/\B(?=(\d{3})+$)/g, texts.group);
    const waves = wavesOf(link.id), change = link.id.includes("difference");
    const points = change ? !/~(mean|median|q1|q3)/.test(link.id) || page.names.unit === texts.percent : link.id.includes("~balance");
    const isShare = !change && !/~(mean|median|q1|q3|balance)/.test(link.id);
    const unit = isShare ? texts.percent : page.names.unit;
    const measured = number.endsWith(unit) ? number : number + unit;
    const shown = withheld ? texts[withheld] : points ? fill(/^[+−]?1$/.test(number) ? texts.point : texts.points, { number }) : measured;
    const span = range && (points ? fill(texts.points, { number: range }) : range + unit);
    const sure = [range && fill(waves && page.names.widest.includes(waves[0].slice(0, -1)) ? texts.widest : texts.sure, { interval: isShare ? range + texts.percent : inWords(range) }), base && fill(texts.base, { n: base })].filter(Boolean).join(", ");
    const address = waves ? prefix.replace(/\.[^.@]+@/, `.${waves[1]}..${waves[2]}@`) + link.id.slice(waves[0].length) : prefix + link.id;
    const when = waves ? `${page.names.waves[waves[1]]}–${page.names.waves[waves[2]]}` : wave;
    const value = withheld ? texts.whyNot[withheld] : sure ? `${shown} (${sure})` : shown;
    const said = `${[`${wording} ${row}`, ...groups, when].join(", ")}: ${value}`;
    const cited = citations(said, address);
    panel?.remove();
    panel = make("dialog", "", { "aria-labelledby": "panel-figure" });
    const close = make("button", texts.close, { type: "button", class: "close" });
    close.addEventListener("click", () => panel.close());
    const figure = make("p", shown, { class: "figure", id: "panel-figure" });
    if (range) figure.append(make("small", range));
    const terms = make("dl", "", { class: "terms" });
    if (base) terms.append(item(texts.baseName, base));
    if (range) terms.append(item(texts.intervalName, span));
    if (withheld === "withheld") {
      const why = make("a", texts.why, { href: page.protection });
      terms.append(item(texts.whyName, why));
    }
    terms.append(item(texts.methodName, how));
    panel.append(close, ...marks.map((mark) => make("p", mark, { class: "marks" })), figure, make("p", [row, ...groups].join(" · "), { class: "what" }), make("blockquote", wording), ...instructions(), terms, copied(texts.address, address), copied(texts.link, location.href.split("#")[0] + "#" + link.id), copied(texts.citation, cited.text));
    const more = make("details");
    more.append(make("summary", "BibTeX, CSL-JSON"), copied("BibTeX", cited.bibtex), copied("CSL-JSON", cited.csl));
    panel.append(more);
    panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
    panel.addEventListener("close", () => link.focus({ preventScroll: true }));
    document.body.append(panel);
    panel.showModal();
    close.focus();
  };
  const isNumber = (link) => link && link.id && link.getAttribute("href") === "#" + link.id;
  const arrive = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id || !page) return;
    const link = document.getElementById(id);
    if (!link) {
      const waves = wavesOf(id);
      const by = [...(waves ? ["over.time"] : []), ...[...id.matchAll(/[@,]([^=@,]+)=/g)].map((match) => match[1])].join(",");
      const item = /^[^/~@]*\.([^/~@]+)/.exec(waves ? id.slice(waves[0].length) : id)?.[1] ?? "";
      const file = page.elsewhere[`${item}@${by}`] ?? page.elsewhere[`@${by}`];
      if (file) location.replace(file + location.hash);
      return;
    }
    for (let around = link; around; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
    if (isNumber(link)) {
      link.scrollIntoView({ block: "center" });
      open(link);
    }
  };
  if (page) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a");
      if (isNumber(link) && !event.metaKey && !event.ctrlKey && !event.shiftKey && location.hash === "#" + link.id) {
        event.preventDefault();
        open(link);
      }
    });
    addEventListener("hashchange", arrive);
    arrive();
  }
  // In a section of many questions the list of contents begins where the reader is
  const contents = document.querySelector(".contents"), here = contents?.querySelector("[aria-current]");
  if (here) contents.scrollTop = here.offsetTop - contents.offsetTop - contents.clientHeight / 2;
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));

  // Editions: pages in e/<edition>/ are for ever, and say when another has replaced them. Any page says it when its
  // edition was withdrawn.
  const kept = /\/e\/[0-9a-f]{16}\/$/.test(root.pathname);
  const note = document.getElementById("edition-note");
  if (note) {
    script(new URL(kept ? "../../editions.js" : "editions.js", root).href).then(() => {
      const listing = window.saklig_editions;
      const entry = listing?.editions.find((each) => each.id.startsWith(note.dataset.edition));
      if (!entry || !note.dataset[entry.standing]) return;
      const by = entry.by ? entry.by.slice(0, 16) : "";
      note.textContent = note.dataset[entry.standing];
      // The reason is written once, by those who publish
      if (entry.reason) note.append(" ", make("span", entry.reason, { lang: note.dataset.language }));
      if (by) note.append(" ", make("a", `${note.dataset.newer}: ${by}`, { href: new URL(kept ? `../${by}/index.html` : `e/${by}/index.html`, root).href }));
      note.hidden = false;
    });
  }

  // The index of all facts
  const filter = document.getElementById("filter");
  if (filter) {
    const texts = data("facts-texts"), query = filter.querySelector("input"), body = document.querySelector("#facts tbody");
    const most = 200, sources = filter.dataset.sources.split(" ");
    let facts;
    const load = async () => {
      if (facts) return;
      facts = [];
      await Promise.all(sources.map(script));
      facts = (window.saklig_facts ?? []).flatMap(unpack);
      show();
    };
    const unpack = ({ wave, files, questions, groupings }) => questions.flatMap(([id, file, label, parts]) => parts.flatMap(([item, itemLabel, rows, values]) =>
      groupings.flatMap(([at, group, by], g) => rows.map(([place, answer], r) => ({
        address: `${id}${item ? "." + item : ""}${place}${at}`, file: by ? (files[`${id}.${item}@${by}`] ?? files[`${id}.@${by}`] ?? file) : file,
        label: itemLabel ? `${label}: ${itemLabel}` : label, answer, group, wave, value: values[g]?.[r] ?? "",
      })).filter((fact) => fact.value !== ""))));
    const show = () => {
      const wanted = query.value.toLowerCase().split(/\s+/).filter(Boolean);
      body.replaceChildren();
      document.getElementById("facts").hidden = !wanted.length;
      if (!wanted.length) { document.getElementById("found").textContent = ""; return; }
      const found = facts.filter((fact) => {
        const text = (fact.text ??= `${fact.label} ${fact.answer} ${fact.group} ${fact.wave} ${fact.address}`.toLowerCase());
        return wanted.every((word) => text.includes(word));
      });
      document.getElementById("found").textContent = fill(found.length > most ? texts.tooMany : texts.found, { n: found.length, most });
      for (const fact of found.slice(0, most)) {
        const row = body.insertRow();
        for (const text of [fact.label, fact.answer, fact.group, ...(sources.length > 1 ? [fact.wave] : [])]) row.insertCell().textContent = text;
        const link = make("a", fact.value, { href: `${texts.root}${fact.file}#${fact.address}` });
        row.insertCell().append(link);
      }
    };
    query.addEventListener("focus", load, { once: true });
    query.addEventListener("input", () => load().then(show));
    filter.hidden = false;
  }
})();
