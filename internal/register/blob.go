package register

import (
	"errors"
	"fmt"

	"jurat"
)

// A BlobRow says where the bytes of an exhibit held here lie in the vault, and
// what they are.
type BlobRow struct {
	Exhibit  jurat.ItemID
	Incident jurat.IncidentNumber
	ID       string // in the vault
	Size     int64
	Digest   jurat.Digest
	Tag      [32]byte // keyed: finds duplicates, tells nobody else anything
	Key      []byte   // wrapped data key
}

// PutBlob records the bytes of an exhibit, once: Conflict when it has some, or
// when another exhibit has the same blob.
func (tx *Tx) PutBlob(b BlobRow) error {
	if b.Exhibit == "" || b.ID == "" || b.Size < 0 || len(b.Key) == 0 {
		return jurat.Errorf(jurat.Invalid, "exhibit %s: its blob lacks an id, a size or a key", b.Exhibit)
	}
	if _, err := tx.exec("insert into blob (exhibit, incident, id, size, digest, tag) values ($1, $2, $3, $4, $5, $6)",
		string(b.Exhibit), string(b.Incident), b.ID, b.Size, b.Digest[:], b.Tag[:]); err != nil {
		return fmt.Errorf("exhibit %s: %w", b.Exhibit, err)
	}
	if _, err := tx.exec("insert into blob_key (exhibit, key) values ($1, $2)", string(b.Exhibit), b.Key); err != nil {
		return fmt.Errorf("exhibit %s: %w", b.Exhibit, err)
	}
	return nil
}

const blobColumns = "select b.exhibit, b.incident, b.id, b.size, b.digest, b.tag, k.key from blob b left join blob_key k on k.exhibit = b.exhibit "

func scanBlob(c cells) (BlobRow, error) {
	b := BlobRow{Exhibit: jurat.ItemID(c.text(0)), Incident: jurat.IncidentNumber(c.text(1)), ID: c.text(2), Size: c.int(3), Key: c.bytes(6)}
	if copy(b.Digest[:], c.bytes(4)) != len(b.Digest) || copy(b.Tag[:], c.bytes(5)) != len(b.Tag) {
		return b, jurat.Errorf(jurat.Altered, "exhibit %s: the row of its blob has a digest or tag cut short", b.Exhibit)
	}
	return b, nil
}

// Blob gives the bytes' place of an exhibit. NotFound: it is not held here, or
// was disposed of.
func (tx *Tx) Blob(exhibit jurat.ItemID) (BlobRow, error) {
	return tx.blob("exhibit "+string(exhibit)+" has no bytes here", "where b.exhibit = $1", string(exhibit))
}

// FindDuplicate gives the first exhibit of an incident with the given tag.
// NotFound: none.
func (tx *Tx) FindDuplicate(tag [32]byte, in jurat.IncidentNumber) (BlobRow, error) {
	return tx.blob("no such bytes in incident "+string(in), "where b.incident = $1 and b.tag = $2 order by length(b.exhibit), b.exhibit limit 1", string(in), tag[:])
}

func (tx *Tx) blob(none, where string, args ...any) (BlobRow, error) {
	var b BlobRow
	err := tx.one(blobColumns+where, args, func(c cells) (err error) { b, err = scanBlob(c); return err })
	if errors.Is(err, jurat.NotFound) {
		return b, jurat.Errorf(jurat.NotFound, "%s", none)
	}
	return b, err
}

// EachBlob calls fn with every blob, by exhibit.
func (tx *Tx) EachBlob(fn func(BlobRow) error) error {
	after := ""
	for {
		var page []BlobRow
		err := tx.query(blobColumns+"where b.exhibit > $1 order by b.exhibit limit $2", []any{after, int64(eventPage)}, func(c cells) error {
			b, err := scanBlob(c)
			page = append(page, b)
			return err
		})
		if err != nil {
			return err
		}
		for _, b := range page {
			if err := fn(b); err != nil {
				return err
			}
		}
		if len(page) < eventPage {
			return nil
		}
		after = string(page[len(page)-1].Exhibit)
	}
}
