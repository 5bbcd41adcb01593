// The quick report while somebody types: details open when an answer calls for
// them, and what is typed is saved at every pause. Without this script the
// details are a tap away, and every button saves.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = form.querySelector("[data-saved]");
  const nothing = /^(no|none|none_.*|.*_none|unknown|not_known|no_camera)$/;

  const calls = (section) =>
    [...section.querySelectorAll(":scope > div input, :scope > fieldset input, :scope > input, :scope > textarea")].some(
      (i) => (i.type === "radio" || i.type === "checkbox" ? i.checked && !nothing.test(i.value) : i.value.trim() !== ""),
    );
  const unfold = (section) => {
    const detail = section.querySelector("[data-detail]");
    if (detail && calls(section)) detail.open = true;
  };
  form.querySelectorAll("section.numbered").forEach((section) => {
    unfold(section);
    section.addEventListener("change", () => unfold(section));
  });

  let timer;
  let pending = false;
  const time = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const save = async () => {
    pending = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("to", "stay");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      status.textContent = status.dataset.savedSay + " " + time();
    } catch {
      status.textContent = status.dataset.unsavedSay;
      pending = true;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  addEventListener("online", () => pending && save());
  form.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) form.querySelector("button[value=next]").click();
  });
})();
