// Looks how far something is that takes its time, and shows what came of it.
// Without this script a link does.
const place = document.querySelector("[data-making]");
if (place) {
  const bar = place.querySelector("progress");
  const says = place.querySelector("[data-percent]");
  let said = bar.value;
  const look = async () => {
    try {
      const answer = await fetch(location.pathname + "?ask", { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { percent, ended } = await answer.json();
        if (ended) {
          location.replace(location.pathname);
          return;
        }
        bar.value = percent;
        if (percent - said >= 10) {
          said = percent;
          says.textContent = place.dataset.say.replace("%", String(percent));
        }
      }
    } catch {
      // the network is away: the next look asks again
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}
