// The quick report while somebody answers: its three screens are one document,
// so that going on needs no network. What is typed is sent at every pause and
// every step; while it cannot be, it lies sealed on this device. Without this
// script each screen is a page, details stand open, and every button saves.
import { possible, keep, kept, erase, eraseOld, eraseAll } from "./kept.js";

const form = document.querySelector("form[data-draft]");
const pause = 2000;
const again = 15000;

const quiet = async (act) => {
  try {
    return await act();
  } catch {
    return undefined; // the browser keeps nothing: the page says so when it matters
  }
};

if (possible()) {
  quiet(eraseOld);
  setInterval(() => quiet(eraseOld), 60000);
  const leave = document.querySelector("form[action='/leave']");
  leave?.addEventListener("submit", async (e) => {
    if (leave.dataset.erased) return;
    e.preventDefault();
    await quiet(eraseAll);
    leave.dataset.erased = "1";
    leave.submit();
  });
}

if (form) begin();

function begin() {
  const id = form.dataset.draft;
  const line = document.querySelector("[data-saved]");
  const heading = document.querySelector("[data-heading]");
  const marks = [...document.querySelectorAll("[data-steps] li")];
  const screens = [...form.querySelectorAll("[data-screen]")];
  const button = (value) => form.querySelector("button[name=to][value=" + value + "]");
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const say = (name) => {
    line.textContent = form.dataset[name].replace("{time}", clock());
  };

  // Answers, and what they call for.
  const given = (name) =>
    [...form.elements]
      .filter((e) => e.name === name && (e.type === "radio" || e.type === "checkbox" ? e.checked : e.value.trim() !== ""))
      .map((e) => e.value);
  const codes = (text) => (text ? text.split(" ") : []);
  const show = (element, on) => {
    element.hidden = !on;
    for (const e of element.querySelectorAll("input,textarea,select")) e.disabled = !on;
  };
  const arrange = () => {
    for (const section of form.querySelectorAll("section[data-unless]")) {
      const answers = given(section.dataset.unless);
      const skipped = answers.length > 0 && answers.every((a) => codes(section.dataset.is).includes(a));
      section.querySelector("[data-skipped]").hidden = !skipped;
      show(section.querySelector("[data-asked]"), !skipped);
    }
    for (const detail of form.querySelectorAll("[data-detail]")) {
      if (detail.closest("[data-asked]").hidden) continue;
      const when = codes(detail.dataset.when);
      const not = codes(detail.dataset.not);
      show(detail, given(detail.dataset.of).some((a) => (when.length === 0 ? !not.includes(a) : when.includes(a))));
    }
  };
  // "None" and "I don't know" stand alone.
  const alone = (box) => {
    if (box.type !== "checkbox" || !box.checked) return;
    for (const e of form.elements) {
      if (e.name === box.name && e !== box && e.type === "checkbox" && (box.hasAttribute("data-alone") || e.hasAttribute("data-alone"))) e.checked = false;
    }
  };

  // Saving: one at a time, the newest last.
  let working = Promise.resolve();
  let timer;
  let waiting; // to try again
  const text = () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("to", "stay");
    return body.toString();
  };
  // send gives "saved", "moved" when another page goes on from here, "away"
  // when nobody is signed in, or "lost".
  const send = async (body) => {
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded" }, redirect: "manual" });
    } catch {
      return "lost";
    }
    const next = answer.headers.get("Jurat-Next");
    if (answer.status === 409 && next) {
      await quiet(() => erase(id));
      location.assign(next);
      return "moved";
    }
    if (answer.type === "opaqueredirect" || answer.status === 404 || answer.status === 401) return "away";
    if (!answer.ok) return "lost";
    form.elements.version.value = answer.headers.get("Jurat-Version") || form.elements.version.value;
    return "saved";
  };
  const saveNow = async () => {
    const body = text();
    const became = await send(body);
    clearTimeout(waiting);
    if (became === "saved") {
      if (possible()) await quiet(() => erase(id));
      line.textContent = form.dataset.savedSay + " " + clock();
    } else if (became !== "moved") {
      const sealed = possible() && (await quiet(async () => (await keep(id, body), true)));
      say(sealed ? (became === "away" ? "awaySay" : "offlineSay") : "lostSay");
      waiting = setTimeout(save, again);
    }
    return became;
  };
  const save = () => {
    clearTimeout(timer);
    working = working.then(saveNow, saveNow);
    return working;
  };

  // Dispatch: what it says comes into the page, and nobody waits for it.
  const fresh = async () => {
    const answer = await fetch("/reports/" + id + "?step=1");
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const into = (selector) => {
      const here = form.querySelector(selector);
      const there = page.querySelector(selector);
      if (!here || !there) return;
      const swap = () => {
        here.replaceWith(document.importNode(there, true));
        hideAsk();
        arrange();
      };
      if (here.contains(document.activeElement) && document.activeElement !== document.body) {
        here.addEventListener("focusout", () => save().then(fresh), { once: true });
      } else swap();
    };
    into("[data-dispatch]");
    into("section[data-question='2']");
  };
  const hideAsk = () => {
    const ask = form.querySelector("[data-ask]");
    if (ask) ask.hidden = true;
  };
  const lookUp = async () => {
    const asking = form.querySelector("[data-asking]");
    if (asking) asking.hidden = false;
    if ((await save()) === "saved") await quiet(fresh);
    const still = form.querySelector("[data-asking]");
    if (still) still.hidden = true;
  };

  // Screens.
  const at = () => Number(form.elements.step.value);
  const go = (step, remember = true) => {
    form.elements.step.value = String(step);
    for (const s of screens) s.hidden = Number(s.dataset.screen) !== step;
    marks.forEach((m, i) => {
      m.classList.toggle("usa-step-indicator__segment--current", i + 1 === step);
      m.classList.toggle("usa-step-indicator__segment--complete", i + 1 < step);
    });
    heading.textContent = screens[step - 1].dataset.title;
    button("back").hidden = step === 1;
    const next = button("next");
    next.textContent = step < screens.length ? next.dataset.nextSay : next.dataset.lastSay;
    if (remember) history.pushState({ step }, "", "?step=" + step);
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  };

  form.addEventListener("input", (e) => {
    alone(e.target);
    arrange();
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  });
  form.addEventListener("change", (e) => {
    if (e.target.name === "incident.event_number") lookUp();
  });
  form.addEventListener("submit", async (e) => {
    const to = e.submitter?.value;
    e.preventDefault();
    if (to === "ask") {
      lookUp();
    } else if (to === "back") {
      save();
      go(Math.max(1, at() - 1));
    } else if (to === "next" && at() < screens.length) {
      save();
      go(at() + 1);
    } else {
      const became = await save();
      if (became === "saved") location.assign(to === "leave" ? form.dataset.left : form.dataset.read);
      else if (became === "lost") line.textContent += " " + form.dataset.waitSay;
    }
  });
  form.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      button("next").click();
    }
  });
  addEventListener("popstate", () => go(Number(new URLSearchParams(location.search).get("step")) || 1, false));
  addEventListener("online", save);

  hideAsk();
  arrange();
  // What was kept while there was no network is sent first.
  if (possible()) {
    quiet(async () => {
      const body = await kept(id);
      if (!body) return;
      const became = await send(body);
      if (became === "saved") {
        await erase(id);
        location.reload();
      } else if (became !== "moved") say(became === "away" ? "awaySay" : "offlineSay");
    });
  }
}
