package web

import (
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// The pictures say by shape what their tables say in words, and nothing that is
// typed runs in them.
func TestPicturesSayByShapeWhatTheirTablesSay(t *testing.T) {
	c := counterAt(t, desktest.City(t), noon)
	for _, lang := range languages {
		v := &visit{lang: lang, at: noon()}
		day := 24 * time.Hour
		title := map[string]string{"en": "A <b>duty</b>", "es": "A <b>duty</b>"}
		p, err := c.dutiesPicture(v, []desk.DutyLine{
			{Title: title, Incident: "2026-000001", Age: 2 * day, Due: noon().Add(3 * day)},
			{Title: title, Incident: "2026-000002", Age: 9 * day, Due: noon().Add(-day), Overdue: day, Local: true},
			{Title: title, Age: 5 * day},
		})
		must(t, err)
		drawn := string(p.Wide)
		order := []int{strings.Index(drawn, "2026-000002"), strings.Index(drawn, `href="/duties"`), strings.Index(drawn, "2026-000001")}
		if order[0] < 0 || order[0] > order[1] || order[1] > order[2] {
			t.Errorf("the oldest does not come first: %v", order)
		}
		says(t, lang+" duties", drawn, []string{`fill="currentColor" stroke="currentColor"/>`, `fill="none" stroke="currentColor" stroke-dasharray="2 3"/>`, `stroke-width="2" stroke-dasharray="4 3"`, "&lt;b&gt;"}, []string{"<b>", "style="})
		if n := strings.Count(drawn, `stroke-width="2" stroke-dasharray="4 3"`); n != 2 { // the one local limit, and the legend
			t.Errorf("%d dashed rules", n)
		}
		if n := strings.Count(drawn, `stroke-width="2" fill="none"`); n != 2 { // the one stated limit, and the legend
			t.Errorf("%d rules", n)
		}

		x := jurat.Exhibit{ID: "2026-000001-E1", Held: jurat.HeldHere, Recorded: jurat.Span{From: noon().Add(-day)}, ReceivedAt: noon()}
		acts := []desk.Said{
			{Act: jurat.ExhibitReceived, At: noon(), Actor: jurat.Actor{Office: "city-police"}}, {Act: jurat.ItemOpened, At: noon().Add(time.Hour)},
			{Act: jurat.ExhibitVerified, At: noon().Add(2 * time.Hour)}, {Act: jurat.ConsentGiven, At: noon().Add(3 * time.Hour)},
		}
		copied := []jurat.Exhibit{{ID: "2026-000001-E2", DerivedFrom: x.ID, ReceivedAt: noon().Add(90 * time.Minute)}}
		whole := string(c.custodyPicture(v, x, acts, false, copied).Wide)
		says(t, lang+" custody", whole, []string{"▼", "●", "◆", "○", "city-police", `stroke-width="6"`, `stroke-dasharray="6 5"`, `href="/incidents/2026-000001/exhibits/2"`, c.say(v, "custody.not_known")}, []string{">" + c.say(v, "custody.altered") + "<"})
		says(t, lang+" altered", string(c.custodyPicture(v, x, acts, true, nil).Wide), []string{">" + c.say(v, "custody.altered") + "<", c.say(v, "custody.altered_finding")}, nil)
		x.Recorded = jurat.Span{}
		says(t, lang+" never elsewhere", string(c.custodyPicture(v, x, acts, false, nil).Wide), nil, []string{`stroke-dasharray="6 5"`})
		x.Held, x.System = jurat.HeldElsewhere, "another <system>"
		says(t, lang+" elsewhere", string(c.custodyPicture(v, x, acts[:1], false, nil).Wide), []string{"another &lt;system&gt;", `stroke-dasharray="6 5"`}, []string{`stroke-width="6"`})
	}
}
