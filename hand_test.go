package jurat_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"jurat"
)

// The people of these tests are roles. Each hand is somebody who may do the
// acts of their role and no others.
var (
	officer    = policeHand("officer-4471", jurat.RoleOfficer)
	partner    = policeHand("officer-4472", jurat.RoleOfficer)
	supervisor = policeHand("supervisor-12", jurat.RoleSupervisor)
	second     = policeHand("supervisor-13", jurat.RoleSupervisor)
	detective  = policeHand("detective-3", jurat.RoleDetective)
	evidence   = hand("evidence-1", jurat.RoleEvidence, jurat.FunctionPolice, false)
	counsel    = hand("counsel-1", jurat.RoleCounsel, jurat.FunctionCounsel, false)
	records    = hand("records-1", jurat.RoleRecords, jurat.FunctionRecords, false)
	prosecutor = hand("prosecutor-1", jurat.RoleProsecutor, jurat.FunctionProsecutor, false)
	court      = hand("clerk-1", jurat.RoleRecords, jurat.FunctionCourt, false)
	auditor    = hand("auditor-1", jurat.RoleAuditor, jurat.FunctionOversight, false)
	mayor      = hand("mayor-1", jurat.RolePolitical, jurat.FunctionPolitical, false)
	operator   = jurat.Hand{Actor: jurat.Actor{Via: jurat.ViaOperator}}
)

func policeHand(id jurat.PersonID, r jurat.Role) jurat.Hand {
	return hand(id, r, jurat.FunctionPolice, true)
}

func hand(id jurat.PersonID, r jurat.Role, f jurat.Function, sworn bool) jurat.Hand {
	return jurat.Hand{Actor: jurat.Actor{Person: id, Office: jurat.OfficeID(f), Role: r, Via: jurat.ViaKey}, Sworn: sworn, Function: f}
}

// unsworn is h without an oath.
func unsworn(h jurat.Hand) jurat.Hand { h.Sworn = false; return h }

const (
	number jurat.IncidentNumber = "2026-000001"
	other  jurat.IncidentNumber = "2026-000002"
)

func id(noun jurat.Noun, n int) jurat.ItemID { return jurat.NumberItem(number, noun, n) }

// The moments of these tests have nanoseconds and a zone, which the record
// does not keep.
var (
	chicago = time.FixedZone("CST", -6*3600)
	night   = time.Date(2026, 2, 1, 23, 40, 0, 123456789, chicago)
	morning = night.Add(8 * time.Hour)
)

// must gives the new value of an act that is allowed.
func must[T any](t testing.TB, v T, _ jurat.Event, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A deed is one row of the rule book: an act on a value, and the kind of the
// refusal; an empty kind is an act that is allowed. after, if any, looks at
// what an allowed act left.
type deed[T any] struct {
	name   string
	before T
	do     func(T) (T, jurat.Event, error)
	want   jurat.Kind
	after  func(t *testing.T, v T, ev jurat.Event)
}

// book reads the rows. A refused act gives the value back and changes nothing;
// an allowed one gives a new value that shares no memory with the old one, is
// what the event says, and reads back from its JSON as it was.
func book[T any](t *testing.T, deeds []deed[T]) {
	t.Helper()
	for _, d := range deeds {
		t.Run(d.name, func(t *testing.T) {
			snapshot := spelt(t, d.before)
			got, ev, err := d.do(d.before)
			if now := spelt(t, d.before); now != snapshot {
				t.Errorf("the value before was changed in place:\n%s\nis now\n%s", snapshot, now)
			}
			if d.want != "" {
				refused(t, d.want, got, d.before, ev, err)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			kept(t, got, ev)
			if p := shared(d.before, got); p != "" {
				t.Errorf("the old value and the new one share %s", p)
			}
			if d.after != nil {
				d.after(t, got, ev)
			}
		})
	}
}

func refused[T any](t *testing.T, want jurat.Kind, got, before T, ev jurat.Event, err error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want a refusal of kind %q", err, want)
	}
	for _, k := range jurat.Kinds {
		if k != want && errors.Is(err, k) {
			t.Errorf("the refusal is %q too", k)
		}
	}
	if !reflect.DeepEqual(got, before) {
		t.Errorf("a refused act changed the value:\n%+v\nwas\n%+v", got, before)
	}
	if !reflect.DeepEqual(ev, jurat.Event{}) {
		t.Errorf("a refused act made an event: %+v", ev)
	}
	e, ok := errors.AsType[*jurat.Error](err)
	if !ok || len(e.Detail) < 12 || strings.Contains(e.Detail, "%!") {
		t.Errorf("the refusal is no sentence for a clerk: %q", err)
	}
}

// kept checks what holds for every act that is allowed.
func kept[T any](t *testing.T, got T, ev jurat.Event) {
	t.Helper()
	if !reflect.DeepEqual(ev.Value, any(got)) {
		t.Errorf("the event does not carry the value after the act:\n%+v\nwant\n%+v", ev.Value, got)
	}
	if p := shared(got, ev.Value); p != "" {
		t.Errorf("the value and its event share %s", p)
	}
	if ev.Act == "" || ev.Item.Noun == "" || ev.Item.ID == "" || ev.Incident != ev.Item.ID.Incident() {
		t.Errorf("the event names %q of %+v in incident %q", ev.Act, ev.Item, ev.Incident)
	}
	if item, err := jurat.ParseItem(string(ev.Item.ID)); ev.Incident != "" && (err != nil || item != ev.Item) {
		t.Errorf("the event is about %+v, which its number says is %+v (%v)", ev.Item, item, err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var again T
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, got) {
		t.Errorf("read back from JSON it is\n%+v\nwant\n%+v", again, got)
	}
	inUTC(t, reflect.ValueOf(got))
	for class := range ev.Sealed {
		if class == jurat.ClassOpen {
			t.Error("the open part is among the sealed ones")
		}
	}
}

// inUTC fails for a time that has more than the record keeps.
func inUTC(t *testing.T, v reflect.Value) {
	t.Helper()
	if at, ok := v.Interface().(time.Time); ok {
		if at != jurat.At(at) {
			t.Errorf("the time %v is not as the record keeps times: UTC, whole microseconds", at)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			inUTC(t, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			inUTC(t, v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			inUTC(t, v.Elem())
		}
	}
}

// shared names a piece of memory both values reach, where writing to one would
// change the other; empty when there is none.
func shared(a, b any) string {
	seen := map[uintptr]string{}
	reach(reflect.ValueOf(a), "", func(p uintptr, path string) { seen[p] = path })
	var found string
	reach(reflect.ValueOf(b), "", func(p uintptr, path string) {
		if _, ok := seen[p]; ok && found == "" {
			found = path
		}
	})
	return found
}

func reach(v reflect.Value, path string, visit func(uintptr, string)) {
	if !v.IsValid() || v.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		reach(v.Elem(), path, visit)
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Pointer(), path)
			reach(v.Elem(), path, visit)
		}
	case reflect.Map:
		if v.Len() > 0 {
			visit(v.Pointer(), path)
		}
	case reflect.Slice:
		if v.Cap() > 0 {
			visit(v.Pointer(), path)
		}
		for i := range v.Len() {
			reach(v.Index(i), path+"[]", visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reach(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	}
}

func spelt(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSharedMemoryIsSeen(t *testing.T) {
	list := []jurat.ItemID{"a", "b"}
	if shared(jurat.Hold{Scope: list}, jurat.Hold{Scope: list}) == "" {
		t.Error("two values over one slice were taken for two")
	}
	if p := shared(jurat.Hold{Scope: list}, jurat.Hold{Scope: []jurat.ItemID{"a"}}); p != "" {
		t.Errorf("two slices were taken for one: %s", p)
	}
}

// isKind reports whether err is what was wanted: nil for nil, else the kind.
func isKind(err, want error) bool {
	if want == nil {
		return err == nil
	}
	return errors.Is(err, want)
}
