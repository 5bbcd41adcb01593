package registertest

import (
	"testing"

	"jurat"
	"jurat/internal/register"
)

var parcels = []sentence{
	{"the parcel of a dossier is kept until it is dropped", parcelKept},
}

// parcel is the row of the n-th dossier of an incident.
func parcel(in jurat.IncidentNumber, n int) register.ParcelRow {
	id := jurat.NumberItem(in, jurat.NounDossier, n)
	return register.ParcelRow{Dossier: id, Incident: in, ID: "parcel-of-" + string(id), Size: 6, Digest: jurat.DigestOf([]byte("parcel")), Tag: [32]byte{1}, Key: []byte("key"), Body: `{"a":"b"}`}
}

func parcelKept(t *testing.T, p Place) {
	one, two := incident(t, p, "A stop"), incident(t, p, "Another")
	want := []register.ParcelRow{parcel(one, 2), parcel(one, 10)}
	write(t, p, func(tx *register.Tx) error {
		for _, row := range []register.ParcelRow{want[1], want[0], parcel(two, 1)} {
			must(t, tx.PutParcel(row))
		}
		return nil
	})
	bare := parcel(one, 3)
	bare.Key = nil
	for row, kind := range map[*register.ParcelRow]jurat.Kind{&want[0]: jurat.Conflict, &bare: jurat.Invalid} {
		wantKind(t, string(row.Dossier), p.Register.Write(t.Context(), func(tx *register.Tx) error { return tx.PutParcel(*row) }), kind)
	}
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.Parcels(one)
		must(t, err)
		if len(got) != 2 || got[0].Dossier != want[0].Dossier || got[1].Dossier != want[1].Dossier {
			t.Errorf("parcels of %s: %+v", one, got)
		}
		row, err := tx.Parcel(want[1].Dossier)
		must(t, err)
		if row.ID != want[1].ID || row.Digest != want[1].Digest || row.Tag != want[1].Tag || string(row.Key) != "key" || row.Body != want[1].Body || row.Size != 6 || row.Incident != one {
			t.Errorf("a parcel: %+v", row)
		}
		all, err := tx.AllParcels()
		if must(t, err); len(all) != 3 {
			t.Errorf("%d parcels", len(all))
		}
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.DropParcel(want[0].Dossier) })
	read(t, p, func(tx *register.Tx) error {
		_, err := tx.Parcel(want[0].Dossier)
		wantKind(t, "a parcel that was dropped", err, jurat.NotFound)
		return nil
	})
	wantKind(t, "dropped again", p.Register.Write(t.Context(), func(tx *register.Tx) error { return tx.DropParcel(want[0].Dossier) }), jurat.NotFound)
}
