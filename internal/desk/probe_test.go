package desk_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/cmd/jurat/demo/media"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/media"
)

// ffmpeg skips a test for want of the programs, loudly; with JURAT_REQUIRE=all
// that is a failure.
func ffmpeg(t testing.TB) {
	t.Helper()
	if found := media.New(media.Settings{}).Look(t.Context()); found.Err != nil {
		if os.Getenv("JURAT_REQUIRE") == "all" {
			t.Fatalf("ffmpeg and bubblewrap are wanted: %v", found.Err)
		}
		t.Skipf("nothing here is checked: %v", found.Err)
	}
}

// filed puts one of the demonstration's files into a new incident.
func filed(t testing.TB, r *desktest.Record, name string) (jurat.IncidentNumber, jurat.Exhibit) {
	t.Helper()
	in, _, err := r.OpenIncident(t.Context(), r.As("officer-4471"), at(0), jurat.Opening{Title: "Stop"})
	must(t, err)
	return in.Number, exhibit(t, r, in.Number, name)
}

func exhibit(t testing.TB, r *desktest.Record, in jurat.IncidentNumber, name string) jurat.Exhibit {
	t.Helper()
	text, err := demomedia.Files.ReadFile(name)
	must(t, err)
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, text, 0o600))
	for out := range r.Receive(t.Context(), r.As("evidence-7"), func() time.Time { return at(time.Minute) }, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc"}}, slices.Values([]string{path})) {
		must(t, out.Err)
		return out.Exhibit
	}
	t.Fatal("nothing was received")
	return jurat.Exhibit{}
}

func TestAProbeIsOnTheRecordBesideItsExhibit(t *testing.T) {
	ffmpeg(t)
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in, x := filed(t, r, demomedia.BodyCamera1)
		p, done, err := r.ProbeExhibit(t.Context(), r.As("evidence-7"), at(time.Hour), x.ID)
		must(t, err)
		if p.Answer != jurat.ProbeRead || p.Duration != 6000 || p.Created != "2026-03-03T02:14:05.000000Z" || len(p.Streams) != 2 {
			t.Errorf("probe is %+v", p)
		}
		v, err := r.Show(t.Context(), r.As("officer-4471"), at(2*time.Hour), in)
		must(t, err)
		if len(v.Probes) != 1 || v.Probes[0].Event != done.Event || v.Probes[0].Value.Duration != 6000 || len(v.Exhibits) != 1 || v.Exhibits[0].Event == done.Event {
			t.Errorf("shown are %+v beside %+v", v.Probes, v.Exhibits)
		}
		// The title a film was given may name somebody: it is sealed.
		part, err := r.OpenSealed(t.Context(), r.As("detective-2208"), at(3*time.Hour), p.Item(), jurat.ClassIdentity, "to compare cameras")
		must(t, err)
		var named media.Named
		must(t, json.Unmarshal(part, &named))
		if !strings.Contains(string(part), "Demonstration: BODY CAMERA 1") {
			t.Errorf("sealed is %s", part)
		}
		for _, row := range chain(t, r, in) {
			if strings.Contains(string(row.Open), "BODY CAMERA") {
				t.Error("the title is in an open part")
			}
		}
		lines, err := r.Search(t.Context(), r.As("officer-4471"), at(4*time.Hour), desk.Sought{Words: "h264"}, "", 10)
		must(t, err)
		if len(lines) != 0 {
			t.Error("what a probe found is in the index of words")
		}

		photo := exhibit(t, r, in, demomedia.Photo1)
		p = got[jurat.Probe, desk.Done](t)(r.ProbeExhibit(t.Context(), r.As("evidence-7"), at(5*time.Hour), photo.ID))
		if p.Device != "Test Camera Test Camera 1" || p.Created != "2026:03:02 20:31:10-06:00" || p.Zone != "-06:00" || !p.Serial || p.Place {
			t.Errorf("probe of a photo is %+v", p)
		}
	})
}

func TestWhatIsNotHereIsNotLookedInto(t *testing.T) {
	r := desktest.City(t)
	in, _, err := r.OpenIncident(t.Context(), r.As("officer-4471"), at(0), jurat.Opening{Title: "Stop"})
	must(t, err)
	x, _, err := r.LocateExhibit(t.Context(), r.As("evidence-7"), at(0), in.Number, jurat.Arrival{Kind: "bwc", System: "camera-store", Key: "1"})
	must(t, err)
	_, _, err = r.ProbeExhibit(t.Context(), r.As("evidence-7"), at(time.Hour), x.ID)
	refused(t, err, jurat.NotFound, "not held here")
	_, _, err = r.ProbeExhibit(t.Context(), r.As("evidence-7"), at(time.Hour), jurat.NumberItem(in.Number, jurat.NounExhibit, 9))
	refused(t, err, jurat.NotFound, "there is no exhibit")
	_, _, err = r.ProbeExhibit(t.Context(), r.As("evidence-7"), at(time.Hour), "no number")
	refused(t, err, jurat.Invalid, "")
}
