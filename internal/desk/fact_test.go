package desk

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/order"
)

// A field that the law adds and the reader does not know would cost time; one
// that it reads otherwise would change what is counted and what is owed.
func TestAFactReadsAsEncodingJSONReadsIt(t *testing.T) {
	readsTheSame(t, (*reader).incident)
	readsTheSame(t, (*reader).record)
	readsTheSame(t, (*reader).exhibit)
}

func readsTheSame[T any](t *testing.T, read func(*reader, *T, json.RawMessage)) {
	t.Helper()
	var full, empty T
	fill(t, reflect.ValueOf(&full).Elem())
	for _, v := range []T{full, empty} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var r reader
		var got, want T
		read(&r, &got, b)
		if r.failed && reflect.DeepEqual(v, full) {
			t.Errorf("%T: a member is left to encoding/json: %s", v, b)
		}
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		if !r.failed && !reflect.DeepEqual(got, want) {
			t.Errorf("%T reads as\n%+v, want\n%+v", v, got, want)
		}
	}
	b, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	plain := string(b)
	first := plain[:strings.IndexByte(plain, ':')+1] // {"id":
	for _, value := range []string{
		plain, `{}`, `{"unheard_of":{"a":[1]}}`, first + `null}`, first + `"a \"b\" \u00e9\n"}`, first + `""}`,
		strings.ToUpper(first) + `"2026-00007"}`, first + `7}`, first + `{}}`, `[]`, `null`, `"a text"`,
		strings.Replace(plain, `Z"`, `+01:00"`, 1), strings.Replace(plain, `Z"`, `"`, 1), strings.ReplaceAll(plain, `:7,`, `:7.5,`), strings.ReplaceAll(plain, `:7,`, `:7e0,`), strings.ReplaceAll(plain, `:7,`, `:"7",`),
		strings.ReplaceAll(plain, `:7,`, `:-0,`), strings.ReplaceAll(plain, `:7,`, `:99999999999999999999,`),
	} {
		var list []T
		err := grow(&list, []byte(`{"item":{"noun":"record","id":"a"},"value":`+value+`,"note":"n"}`))
		var want T
		wrong := json.Unmarshal([]byte(value), &want)
		if (err == nil) != (wrong == nil) {
			t.Errorf("%s: %v, and encoding/json says %v", value, err, wrong)
			continue
		}
		if err == nil && !reflect.DeepEqual(list, []T{want}) {
			t.Errorf("%s reads as\n%+v, want\n%+v", value, list, want)
		}
	}
}

// fill gives every part of a value something to say.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 3, 1, 12, 30, 0, 456000, time.UTC)))
		return
	case json.RawMessage:
		v.SetBytes([]byte(`{"a":["\u2028",{"b":null}]}`))
		return
	case jurat.Digest:
		v.Set(reflect.ValueOf(jurat.DigestOf([]byte("bytes"))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("said é")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a %s is new to this test", v.Type())
	}
}

// LAW-10: what is owed and counted is told to others, so it rests on nothing of a
// prosecutor's own work, whatever an order's expressions would read.
func TestNoFactIsOfAProsecutorsOwnWork(t *testing.T) {
	var f order.Facts
	var v View
	for _, wall := range []jurat.Wall{"", jurat.WallComplaint, jurat.WallAssessment, jurat.WallGrandJury} {
		r := jurat.Record{ID: "record-1", Type: "assessment", Wall: wall, Fields: json.RawMessage(`{}`)}
		open, err := json.Marshal(jurat.OpenPart{Value: mustMarshal(t, r)})
		if err != nil {
			t.Fatal(err)
		}
		if err := addFact(&f, jurat.NounRecord, open); err != nil {
			t.Fatal(err)
		}
		v.Records = append(v.Records, Shown[jurat.Record]{Value: r})
	}
	for what, records := range map[string][]jurat.Record{"a sweep": f.Records, "a look": v.facts().Records} {
		if len(records) != 2 || records[0].Wall != "" || records[1].Wall != jurat.WallComplaint {
			t.Errorf("%s has %+v", what, records)
		}
	}
}

func mustMarshal(t *testing.T, v any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
