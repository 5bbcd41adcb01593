package register

import (
	"errors"
	"fmt"

	"jurat"
)

// A ParcelRow says where a finished dossier lies in the vault, as it is handed
// over, and what is recorded when it goes. It is erased, and it is no part of
// what the record says.
type ParcelRow struct {
	Dossier  jurat.ItemID
	Incident jurat.IncidentNumber
	ID       string // in the vault
	Size     int64
	Digest   jurat.Digest
	Tag      [32]byte
	Key      []byte // wrapped data key
	Body     string // JSON
}

const parcelColumns = "select dossier, incident, id, size, digest, tag, key, body from parcel "

func scanParcel(c cells) (ParcelRow, error) {
	p := ParcelRow{Dossier: jurat.ItemID(c.text(0)), Incident: jurat.IncidentNumber(c.text(1)), ID: c.text(2), Size: c.int(3), Key: c.bytes(6), Body: c.text(7)}
	if copy(p.Digest[:], c.bytes(4)) != len(p.Digest) || copy(p.Tag[:], c.bytes(5)) != len(p.Tag) {
		return p, jurat.Errorf(jurat.Altered, "dossier %s: the row of its parcel has a digest or tag cut short", p.Dossier)
	}
	return p, nil
}

// PutParcel keeps the parcel of a dossier. Conflict: one is kept already.
func (tx *Tx) PutParcel(p ParcelRow) error {
	if p.Dossier == "" || p.ID == "" || p.Size < 0 || len(p.Key) == 0 {
		return jurat.Errorf(jurat.Invalid, "dossier %s: its parcel lacks an id, a size or a key", p.Dossier)
	}
	if _, err := tx.exec("insert into parcel (dossier, incident, id, size, digest, tag, key, body) values ($1, $2, $3, $4, $5, $6, $7, $8)",
		string(p.Dossier), string(p.Incident), p.ID, p.Size, p.Digest[:], p.Tag[:], p.Key, p.Body); err != nil {
		return fmt.Errorf("dossier %s: %w", p.Dossier, err)
	}
	return nil
}

// Parcel gives the parcel kept of a dossier. NotFound: none is.
func (tx *Tx) Parcel(dossier jurat.ItemID) (ParcelRow, error) {
	var p ParcelRow
	err := tx.one(parcelColumns+"where dossier = $1", []any{string(dossier)}, func(c cells) (err error) { p, err = scanParcel(c); return err })
	if errors.Is(err, jurat.NotFound) {
		return p, jurat.Errorf(jurat.NotFound, "no parcel of dossier %s is kept here", dossier)
	}
	return p, err
}

// Parcels gives the parcels kept of an incident's dossiers, the oldest first.
func (tx *Tx) Parcels(in jurat.IncidentNumber) ([]ParcelRow, error) {
	return tx.parcels("where incident = $1 order by length(dossier), dossier", string(in))
}

// AllParcels gives every parcel kept. They are few: one for each dossier.
func (tx *Tx) AllParcels() ([]ParcelRow, error) {
	return tx.parcels("order by dossier")
}

func (tx *Tx) parcels(where string, args ...any) ([]ParcelRow, error) {
	var all []ParcelRow
	err := tx.query(parcelColumns+where, args, func(c cells) error {
		p, err := scanParcel(c)
		all = append(all, p)
		return err
	})
	return all, err
}

// DropParcel forgets the parcel of a dossier, key and all; its bytes are the
// caller's to remove. NotFound: none is kept.
func (tx *Tx) DropParcel(dossier jurat.ItemID) error {
	return tx.drop("no parcel of that dossier is kept here", "delete from parcel where dossier = $1", string(dossier))
}
