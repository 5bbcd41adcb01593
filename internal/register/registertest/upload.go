package registertest

import (
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var uploads = []sentence{
	{"an upload is its person's own, and its parts join end to end or not at all", uploadsAreKept},
	{"the parts of an upload that is done are spent, but the one that is its exhibit; one that expired is found", uploadsEnd},
}

func part(upload string, start, size int64, id string) register.PartRow {
	return register.PartRow{Upload: upload, Start: start, ID: id, Size: size, Digest: jurat.DigestOf([]byte(id)), Key: []byte("k-" + id)}
}

func begun(t testing.TB, p Place, id string) {
	t.Helper()
	write(t, p, func(tx *register.Tx) error {
		return tx.AddUpload(register.UploadRow{ID: id, Person: "officer-4471", Incident: "2026-000001", Length: 10, Expires: Noon, Key: []byte("key"), Body: []byte("body")})
	})
}

func uploadsAreKept(t *testing.T, p Place) {
	begun(t, p, "a")
	add := func(row register.PartRow) error {
		return p.Write(t.Context(), func(tx *register.Tx) error { return tx.AddPart(row, Noon.Add(time.Hour)) })
	}
	must(t, add(part("a", 0, 4, "one")))
	for name, bad := range map[string]register.PartRow{
		"one that begins too early": part("a", 0, 2, "x"), "one that leaves a hole": part("a", 5, 2, "x"),
		"one that ends too late": part("a", 4, 7, "x"), "one of no upload": part("b", 0, 1, "x"),
	} {
		wantKind(t, name, add(bad), jurat.Conflict)
	}
	must(t, add(part("a", 4, 6, "two")))
	read(t, p, func(tx *register.Tx) error {
		u, err := tx.Upload("officer-4471", "a")
		if err != nil || u.Received != 10 || u.Length != 10 || u.Done || !u.Expires.Equal(Noon.Add(time.Hour)) || string(u.Body) != "body" {
			t.Errorf("the upload: %+v, %v", u, err)
		}
		_, err = tx.Upload("officer-4472", "a")
		wantKind(t, "somebody else's", err, jurat.NotFound)
		parts, err := tx.Parts("a")
		if err != nil || len(parts) != 2 || parts[0].ID != "one" || parts[1].Start != 4 || string(parts[1].Key) != "k-two" || parts[1].Digest != jurat.DigestOf([]byte("two")) {
			t.Errorf("its parts: %+v, %v", parts, err)
		}
		n, err := tx.UploadsOf("officer-4471")
		if n != 1 || err != nil {
			t.Errorf("%d uploads, %v", n, err)
		}
		seen := 0
		must(t, tx.EachPart(func(register.PartRow) error { seen++; return nil }))
		if seen != 2 {
			t.Errorf("%d parts in all", seen)
		}
		return nil
	})
}

func uploadsEnd(t *testing.T, p Place) {
	begun(t, p, "a")
	begun(t, p, "b")
	begun(t, p, "c")
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.AddPart(part("a", 0, 10, "one"), Noon.Add(time.Hour)))
		must(t, tx.AddPart(part("c", 0, 4, "three"), Noon.Add(time.Hour)))
		must(t, tx.AddPart(part("c", 4, 6, "four"), Noon.Add(time.Hour)))
		return tx.AddPart(part("b", 0, 3, "two"), Noon.Add(time.Minute))
	})
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.EndUpload("a", "one", []byte("key2"), []byte("body2")))
		return tx.EndUpload("c", "joined", []byte("key2"), []byte("body2"))
	})
	wantKind(t, "a part of what is done", p.Write(t.Context(), func(tx *register.Tx) error { return tx.AddPart(part("a", 10, 0, "x"), Noon) }), jurat.Conflict)
	read(t, p, func(tx *register.Tx) error {
		u, err := tx.Upload("officer-4471", "a")
		if err != nil || !u.Done || string(u.Body) != "body2" {
			t.Errorf("done: %+v, %v", u, err)
		}
		parts, err := tx.Parts("a")
		if err != nil || len(parts) != 0 {
			t.Errorf("parts of what its only part became: %v, %v", parts, err)
		}
		spent, err := tx.SpentParts()
		if err != nil || len(spent) != 2 || spent[0].ID != "three" || spent[1].ID != "four" || string(spent[1].Key) != "k-four" {
			t.Errorf("spent: %+v, %v", spent, err)
		}
		late, err := tx.ExpiredUploads(Noon.Add(30 * time.Minute))
		if err != nil || len(late) != 1 || late[0] != "b" {
			t.Errorf("expired: %v, %v", late, err)
		}
		all, err := tx.UploadsIn("2026-000001")
		if err != nil || len(all) != 3 {
			t.Errorf("of the incident: %v, %v", all, err)
		}
		return nil
	})
	expired := func() (all []string) {
		read(t, p, func(tx *register.Tx) (err error) { all, err = tx.ExpiredUploads(Noon.Add(2 * time.Hour)); return err })
		return all
	}
	if late := expired(); !slices.Equal(late, []string{"a", "b"}) {
		t.Errorf("expired while parts are spent: %v", late)
	}
	write(t, p, func(tx *register.Tx) error { return tx.DropPart(part("c", 0, 4, "three")) })
	read(t, p, func(tx *register.Tx) error {
		spent, err := tx.SpentParts()
		if err != nil || len(spent) != 1 || spent[0].ID != "four" {
			t.Errorf("spent once one is erased: %+v, %v", spent, err)
		}
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.DropPart(part("c", 4, 6, "four")) })
	if late := expired(); !slices.Equal(late, []string{"a", "b", "c"}) {
		t.Errorf("expired once all are erased: %v", late)
	}
	write(t, p, func(tx *register.Tx) error {
		parts, err := tx.DropUpload("b")
		if len(parts) != 1 || parts[0].ID != "two" {
			t.Errorf("dropped parts: %v", parts)
		}
		return err
	})
	read(t, p, func(tx *register.Tx) error {
		_, err := tx.Upload("officer-4471", "b")
		wantKind(t, "a dropped upload", err, jurat.NotFound)
		return nil
	})
}
