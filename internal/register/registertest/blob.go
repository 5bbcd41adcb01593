package registertest

import (
	"bytes"
	"reflect"
	"testing"

	"jurat"
	"jurat/internal/register"
)

var blobs = []sentence{
	{"the bytes of an exhibit are recorded once", blobOnce},
	{"duplicates are found within an incident and not beyond", duplicates},
	{"every blob is listed", everyBlob},
}

// blob is the row of the n-th exhibit of an incident, with the given content.
func blob(in jurat.IncidentNumber, n int, content string) register.BlobRow {
	id := jurat.NumberItem(in, jurat.NounExhibit, n)
	return register.BlobRow{
		Exhibit: id, Incident: in, ID: "blob-of-" + string(id), Size: int64(len(content)),
		Digest: jurat.DigestOf([]byte(content)), Tag: jurat.DigestOf([]byte("tag of " + content)), Key: []byte("wrapped for " + id),
	}
}

func blobOnce(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	b := blob(in, 1, "content")
	write(t, p, func(tx *register.Tx) error { return tx.PutBlob(b) })
	read(t, p, func(tx *register.Tx) error {
		if got, err := tx.Blob(b.Exhibit); err != nil || !reflect.DeepEqual(got, b) {
			t.Errorf("Blob: %+v, %v; want %+v", got, err, b)
		}
		_, err := tx.Blob("2026-000001-E2")
		wantKind(t, "Blob of another exhibit", err, jurat.NotFound)
		return nil
	})
	again, taken, bare := b, blob(in, 2, "other"), blob(in, 3, "third")
	again.ID, taken.ID, bare.Key = "another", b.ID, nil
	for name, tc := range map[string]struct {
		row  register.BlobRow
		kind jurat.Kind
	}{"a second blob of an exhibit": {again, jurat.Conflict}, "a blob two exhibits have": {taken, jurat.Conflict}, "a blob without a key": {bare, jurat.Invalid}} {
		err := p.Write(t.Context(), func(tx *register.Tx) error { return tx.PutBlob(tc.row) })
		wantKind(t, name, err, tc.kind)
	}
}

func duplicates(t *testing.T, p Place) {
	one, two := incident(t, p, "One"), incident(t, p, "Two")
	write(t, p, func(tx *register.Tx) error {
		for _, b := range []register.BlobRow{blob(one, 10, "same"), blob(one, 2, "same"), blob(one, 3, "other"), blob(two, 1, "other")} {
			must(t, tx.PutBlob(b))
		}
		return nil
	})
	read(t, p, func(tx *register.Tx) error {
		tag := blob(one, 2, "same").Tag
		if b, err := tx.FindDuplicate(tag, one); err != nil || b.Exhibit != "2026-000001-E2" {
			t.Errorf("FindDuplicate: %s, %v", b.Exhibit, err)
		}
		_, err := tx.FindDuplicate(tag, two)
		wantKind(t, "FindDuplicate in another incident", err, jurat.NotFound)
		return nil
	})
}

func everyBlob(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	const n = 300 // more than a page
	write(t, p, func(tx *register.Tx) error {
		for i := range n {
			must(t, tx.PutBlob(blob(in, i+1, "content")))
		}
		return nil
	})
	read(t, p, func(tx *register.Tx) error {
		seen := map[jurat.ItemID]bool{}
		must(t, tx.EachBlob(func(b register.BlobRow) error {
			if seen[b.Exhibit] || !bytes.Equal(b.Key, []byte("wrapped for "+b.Exhibit)) {
				t.Errorf("blob %+v", b)
			}
			seen[b.Exhibit] = true
			return nil
		}))
		if len(seen) != n {
			t.Errorf("%d blobs, want %d", len(seen), n)
		}
		return nil
	})
}
