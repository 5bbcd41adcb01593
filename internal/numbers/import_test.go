package numbers_test

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
	"jurat/internal/numbers"
)

func zone(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func table(t testing.TB, kind numbers.Kind, text string) *numbers.Import {
	t.Helper()
	im, err := numbers.ReadTable(kind, strings.NewReader(text), zone(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// Requirements case 10: without a book-out, with one before the book-in, or in
// the hour the clock shows twice, nothing is counted as over the limit.
func TestNothingThatCannotBeToldIsOverTheLimit(t *testing.T) {
	t.Parallel()
	im := table(t, numbers.Detention, `Row ID,Book In,Book Out
a,2026-03-01 08:00,2026-03-01 09:00
b,2026-03-01 08:00,2026-03-02 09:00
c,2026-03-01 08:00,
d,2026-03-02 08:00,2026-03-01 09:00
e,2026-11-01 01:30,2026-11-01 14:00
f,2026-11-01 00:30,2026-11-01 12:00
g,2026-10-31 20:00,2026-11-01 01:15
h,2026-03-08 02:30,2026-03-08 20:00
i,2026-03-07 20:30,2026-03-08 08:45
`)
	holdings, err := numbers.Holdings(im, 12*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, h := range holdings {
		got[h.Row] = h.State
	}
	want := map[string]string{
		"a": "within", "b": "over", "c": "not_determinable", "e": "not_determinable",
		"f": "over", // eleven and a half hours on the clock, twelve and a half that passed
		"g": "not_determinable",
		"i": "within", // twelve and a quarter on the clock, eleven and a quarter that passed
	}
	for row, state := range want {
		if got[row] != state {
			t.Errorf("row %s is %q, want %q", row, got[row], state)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
	for i, says := range []string{"row 4, column book_out: is before book_in", "row 8, column book_in: \"2026-03-08 02:30\" never was"} {
		if i >= len(im.Refused) || !strings.HasPrefix(im.Refused[i].String(), says) {
			t.Errorf("refused %v, want %q", im.Refused, says)
		}
	}
}

func TestARowIsAcceptedWholeOrRefusedWithItsColumn(t *testing.T) {
	t.Parallel()
	const head = "event_number,unit,member,sent_at,arrived_at,camera\n"
	for _, tc := range []struct{ name, row, says string }{
		{"good", "E-1,U1,Officer 4471,2026-03-01T08:00:00-06:00,,yes", ""},
		{"empty", ",U1,Officer 4471,2026-03-01T08:00:00-06:00,,yes", "row 1, column event_number: is empty"},
		{"a formula", "=1+1,U1,Officer 4471,2026-03-01T08:00:00-06:00,,yes", "row 1, column event_number: begins as a formula"},
		{"a formula after a space", `E-1," @SUM(1)",Officer 4471,2026-03-01T08:00:00-06:00,,yes`, "row 1, column unit: begins as a formula"},
		{"an unknown code", "E-1,U1,Officer 4471,2026-03-01T08:00:00-06:00,,maybe", `row 1, column camera: "maybe" is none of yes, no, unknown`},
		{"no time", "E-1,U1,Officer 4471,yesterday,,yes", "row 1, column sent_at: \"yesterday\" is no time"},
		{"month or day", "E-1,U1,Officer 4471,03/04/2026 08:00,,yes", "row 1, column sent_at"},
		{"an impossible day", "E-1,U1,Officer 4471,2026-02-30 08:00,,yes", "row 1, column sent_at"},
		{"an impossible hour", "E-1,U1,Officer 4471,2026-02-20 25:00,,yes", "row 1, column sent_at"},
		{"another century", "E-1,U1,Officer 4471,0026-02-20 08:00,,yes", "no time of these years"},
		{"arrived before sent", "E-1,U1,Officer 4471,2026-03-01 08:00,2026-03-01 07:00,yes", "row 1, column arrived_at: is before sent_at"},
		{"a cell too many", "E-1,U1,Officer 4471,2026-03-01 08:00,,yes,more", "row 1: 7 cells, want 6"},
		{"a control character", "E-1,U\x001,Officer 4471,2026-03-01 08:00,,yes", "row 1, column unit: holds a control character"},
		{"too long", "E-1," + strings.Repeat("u", 5000) + ",Officer 4471,2026-03-01 08:00,,yes", "row 1, column unit: is longer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			im := table(t, numbers.Dispatch, head+tc.row+"\n")
			if tc.says == "" {
				if len(im.Accepted) != 1 || len(im.Refused) != 0 {
					t.Errorf("%+v", im)
				}
				return
			}
			if len(im.Accepted) != 0 || len(im.Refused) != 1 || !strings.Contains(im.Refused[0].String(), tc.says) {
				t.Errorf("%v, want %q", im.Refused, tc.says)
			}
		})
	}
}

func TestATableThatCannotBeReadToItsEndImportsNothing(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":                       "",
		"an open quotation mark":      "row_id,book_in\na,2026-03-01 08:00\nb,\"2026-03-01 08:00\n",
		"a column nobody knows":       "row_id,book_in,mood\na,2026-03-01 08:00,x\n",
		"a column twice":              "row_id,book_in,Book In\na,2026-03-01 08:00,x\n",
		"a column missing":            "row_id\na\n",
		"not UTF-8":                   "row_id,book_in\n\xff,2026-03-01 08:00\n",
		"JSON cut short":              `[{"row_id":"a","book_in":"2026-03-01 08:00"}`,
		"JSON and then something":     `[{"row_id":"a","book_in":"2026-03-01 08:00"}] x`,
		"JSON with an unknown column": `[{"row_id":"a","book_in":"2026-03-01 08:00","mood":"x"}]`,
		"lines of JSON cut short":     "{\"row_id\":\"a\",\"book_in\":\"2026-03-01 08:00\"}\n{\"row_id\"",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if im, err := numbers.ReadTable(numbers.Detention, strings.NewReader(text), time.UTC, nil); !errors.Is(err, jurat.Invalid) || im != nil {
				t.Errorf("%v %v, want Invalid and nothing", im, err)
			}
		})
	}
}

func TestJSONOfWrongTypesIsRefusedRowByRow(t *testing.T) {
	t.Parallel()
	im := table(t, numbers.Detention, `[
		{"row_id":"a","book_in":"2026-03-01 08:00","name":"Example Person","citizenship":["x"]},
		{"row_id":true,"book_in":"2026-03-01 08:00"},
		{"row_id":"c","book_in":{"at":1}},
		{"row_id":"d","book_in":20260301},
		["e"],
		{"row_id":"f","row_id":"g","book_in":"2026-03-01 08:00"},
		{"row_id":"h"},
		{"row_id":"i","book_in":"2026-03-01 08:00","mood":"x"},
		{"row_id":7,"book_in":"2026-03-01 08:00","book_out":null}]`)
	var got []string
	for _, r := range im.Refused {
		got = append(got, r.String())
	}
	for i, want := range []string{"row 2, column row_id: want a text, got true or false", "row 3, column book_in: want a text, got an object", "row 4, column book_in", "row 5: is no object", "row 6, column row_id: stands twice", "row 7, column book_in: is empty", "row 8: the column \"mood\""} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Fatalf("refused %q, want %q at %d", got, want, i)
		}
	}
	if len(im.Accepted) != 2 || !slices.Equal(im.Dropped, []string{"name", "citizenship"}) {
		t.Errorf("%d accepted, dropped %v", len(im.Accepted), im.Dropped)
	}
	if text := fmt.Sprintf("%+v", im); strings.Contains(text, "Example Person") {
		t.Errorf("what identifies a person was kept: %s", text)
	}
}

func TestReadingAFileTwiceImportsItOnce(t *testing.T) {
	t.Parallel()
	const text = "row_id,book_in,book_out\na,2026-03-01 08:00,\na,2026-03-01T14:00:00Z,\nb,2026-03-01 08:00,\n"
	first := table(t, numbers.Detention, text)
	if len(first.Accepted) != 2 || len(first.Refused) != 1 || first.Refused[0].String() != "row 2: is the same as row 1" {
		t.Fatalf("accepted %d, refused %v", len(first.Accepted), first.Refused)
	}
	kept := map[jurat.Digest]bool{}
	for _, r := range first.Accepted {
		kept[r.Digest] = true
	}
	again, err := numbers.ReadTable(numbers.Detention, strings.NewReader("book_in,row_id\n2026-03-01 08:00,b\n2026-03-02 08:00,c\n2026-03-01 08:00,a\n"), zone(t), func(d jurat.Digest) bool { return kept[d] })
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Accepted) != 1 || again.Accepted[0].Texts["row_id"] != "c" || !slices.Equal(again.Repeated, []int{1, 3}) {
		t.Errorf("accepted %+v, repeated %v", again.Accepted, again.Repeated)
	}
}

// Whatever bytes come in, each row is accepted or refused, once, and a table
// that is refused gives nothing.
func TestEveryRowIsAccountedFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.StringMatching(`[a-z0-9 =+@"',-]{0,8}`), rapid.Just("2026-11-01 01:30"), rapid.Just("2026-03-08 02:30"), rapid.String())
		n := rapid.IntRange(0, 8).Draw(t, "rows")
		text := "row_id,book_in,book_out\n"
		for range n {
			quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
			text += quote(cell.Draw(t, "a")) + "," + quote(cell.Draw(t, "b")) + "," + quote(cell.Draw(t, "c")) + "\n"
		}
		im, err := numbers.ReadTable(numbers.Detention, strings.NewReader(text), time.UTC, nil)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(im.Accepted)+len(im.Refused) != n {
			t.Fatalf("%d rows, %d accepted and %d refused", n, len(im.Accepted), len(im.Refused))
		}
		_, _ = numbers.ReadTable(numbers.Detention, strings.NewReader(rapid.String().Draw(t, "anything")), time.UTC, nil)
	})
}

func TestFootageThatIsMissingIsFoundWithItsOwner(t *testing.T) {
	t.Parallel()
	im := table(t, numbers.Dispatch, `event_number,unit,member,sent_at,camera,supervisor
E-1,U1,Officer 4471,2026-03-01 08:00,yes,Sergeant 12
E-1,U1,Officer 4472,2026-03-01 08:00,yes,
E-1,U2,Officer 4473,2026-03-01 08:00,no,
E-1,U2,Officer 4474,2026-03-01 08:00,yes,
E-1,U2,Officer 4475,2026-03-01 08:00,unknown,
E-2,U3,Officer 4476,2026-03-01 09:00,yes,
E-9,U3,Officer 4477,2026-03-01 10:00,yes,
`)
	one := incident(1, "2026-03-01T08:05:00-06:00", "D1")
	one.Incident.EventNumber = "E-1"
	one.Exhibits = []jurat.Exhibit{{ID: "2026-000001-E1", Kind: "bwc", Held: jurat.HeldElsewhere, ReceivedFrom: "Officer 4471"}, {ID: "2026-000001-E2", Kind: "photo"}}
	record(&one, "footage_gap", m{"camera_of": "Officer 4474", "why_missing": "battery"})
	two := incident(2, "2026-03-01T09:05:00-06:00", "D1")
	two.Incident.EventNumber = "E-2"
	two.Exhibits = []jurat.Exhibit{{ID: "2026-000002-E1", Kind: "bwc", Held: jurat.HeldHere}}
	got, err := numbers.FindMissingFootage(im, all(two, one))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, x := range got {
		said = append(said, x.Member+" "+x.State+" "+x.Owner)
	}
	want := []string{"Officer 4472 absent unassigned", "Officer 4475 cannot_tell unassigned", "Officer 4476 cannot_tell unassigned", "Officer 4477 no_incident unassigned"}
	if !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	roster := table(t, numbers.Roster, "unit,member,from,to,camera,supervisor\nU1,Officer 4471,2026-03-01 07:00,2026-03-01 15:00,yes,Sergeant 12\nU1,Officer 4480,2026-03-01 07:00,2026-03-01 15:00,yes,\nU1,Officer 4481,2026-03-01 15:00,2026-03-01 23:00,yes,\n")
	three := incident(3, "2026-03-01T08:05:00-06:00", "D1")
	three.Records = []jurat.Record{{ID: "2026-000003-R1", Type: "report", Author: "Officer 4471"}}
	if got, err = numbers.FindMissingFootage(roster, all(three)); err != nil || len(got) != 1 || got[0].Owner != "Sergeant 12" || got[0].State != numbers.FootageAbsent {
		t.Errorf("%v %+v", err, got)
	}
	if _, err := numbers.FindMissingFootage(table(t, numbers.Detention, "row_id,book_in\n"), all()); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a detention table: %v", err)
	}
}

func TestAnybodyCanDrawTheSampleAgain(t *testing.T) {
	t.Parallel()
	var list []jurat.IncidentNumber
	for i := range 200 {
		list = append(list, jurat.NewIncidentNumber(2026, i+1))
	}
	got, err := numbers.Draw("published seed 2026-Q1", append(slices.Clone(list), list...), 5)
	if err != nil {
		t.Fatal(err)
	}
	backwards := slices.Clone(list)
	slices.Reverse(backwards)
	if again, _ := numbers.Draw("published seed 2026-Q1", backwards, 5); !slices.Equal(got, again) {
		t.Errorf("%v, and from the other end %v", got, again)
	}
	golden(t, "sample.txt", []byte(fmt.Sprintln(got)))
	for _, tc := range []struct {
		seed string
		k    int
	}{{"short", 5}, {"long enough a seed", 0}} {
		if _, err := numbers.Draw(tc.seed, list, tc.k); !errors.Is(err, jurat.Invalid) {
			t.Errorf("seed %q, %d: %v", tc.seed, tc.k, err)
		}
	}
	if all, _ := numbers.Draw("long enough a seed", list[:3], 9); len(all) != 3 {
		t.Errorf("%d of three", len(all))
	}
	script := sampleCheck(t)
	if _, err := exec.LookPath("python3"); err != nil {
		skip(t, "python3")
	}
	var in strings.Builder
	for _, n := range list {
		fmt.Fprintln(&in, n)
	}
	cmd := exec.Command("python3", "-c", script, "published seed 2026-Q1", "5")
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var drawn []jurat.IncidentNumber
	for n := range strings.FieldsSeq(string(out)) {
		drawn = append(drawn, jurat.IncidentNumber(n))
	}
	if !slices.Equal(drawn, got) {
		t.Errorf("the check of the document draws %v, the program %v", drawn, got)
	}
}

// FuzzReadTable: no bytes make reading a table end otherwise than with a table
// or a refusal.
func FuzzReadTable(f *testing.F) {
	f.Add("row_id,book_in\na,2026-03-01 08:00\n")
	f.Add(`[{"row_id":"a","book_in":"2026-03-01 08:00"}]`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range numbers.Kinds {
			im, err := numbers.ReadTable(kind, strings.NewReader(text), time.UTC, nil)
			if (im == nil) == (err == nil) {
				t.Fatal(im, err)
			}
		}
	})
}
