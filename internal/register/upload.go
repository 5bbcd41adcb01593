package register

import (
	"errors"
	"time"

	"jurat"
)

// An UploadRow is a file on its way in. It is no part of the record, and what
// is said of it is sealed.
type UploadRow struct {
	ID       string
	Person   jurat.PersonID
	Incident jurat.IncidentNumber
	Length   int64 // as declared
	Received int64 // in parts that are durable
	Done     bool  // it is on the record, or a duplicate of what is
	Expires  time.Time
	Key      []byte // wrapped
	Body     []byte // encrypted under it
}

// A PartRow is one part of an upload: a blob of the vault.
type PartRow struct {
	Upload string
	Start  int64
	ID     string // in the vault
	Size   int64
	Digest jurat.Digest // zero, but of what may be the whole file
	Key    []byte       // wrapped data key
}

// AddUpload begins an upload, with no parts. Conflict: its id is taken.
func (tx *Tx) AddUpload(u UploadRow) error {
	_, err := tx.exec("insert into upload (id, person, incident, length, received, done, expires, key, body) values ($1, $2, $3, $4, 0, 0, $5, $6, $7)",
		u.ID, string(u.Person), string(u.Incident), u.Length, micros(u.Expires), u.Key, u.Body)
	return err
}

const uploadColumns = "select id, person, incident, length, received, done, expires, key, body from upload "

func scanUpload(c cells) UploadRow {
	return UploadRow{
		ID: c.text(0), Person: jurat.PersonID(c.text(1)), Incident: jurat.IncidentNumber(c.text(2)), Length: c.int(3), Received: c.int(4),
		Done: c.int(5) == 1, Expires: fromMicros(c.int(6)), Key: c.bytes(7), Body: c.bytes(8),
	}
}

// Upload gives a person's upload, and in a writing transaction holds its row.
// NotFound: there is none of that id, or it is somebody else's.
func (tx *Tx) Upload(person jurat.PersonID, id string) (UploadRow, error) {
	var u UploadRow
	lock := ""
	if tx.writes {
		lock = tx.dialect.lock
	}
	err := tx.one(uploadColumns+"where person = $1 and id = $2"+lock, []any{string(person), id}, func(c cells) error { u = scanUpload(c); return nil })
	if errors.Is(err, jurat.NotFound) {
		return u, jurat.Errorf(jurat.NotFound, "there is no such upload of yours")
	}
	return u, err
}

// UploadsOf counts a person's uploads that are not done.
func (tx *Tx) UploadsOf(person jurat.PersonID) (n int64, err error) {
	err = tx.one("select count(*) from upload where person = $1 and done = 0", []any{string(person)}, func(c cells) error { n = c.int(0); return nil })
	return n, err
}

// AddPart adds a part at the end of an upload, which then lasts until expires.
// Conflict: its end is elsewhere, or it is done.
func (tx *Tx) AddPart(p PartRow, expires time.Time) error {
	n, err := tx.exec("update upload set received = received + $3, expires = $4 where id = $1 and received = $2 and done = 0 and received + $3 <= length",
		p.Upload, p.Start, p.Size, micros(expires))
	if err != nil {
		return err
	}
	if n != 1 {
		return jurat.Errorf(jurat.Conflict, "this upload does not go on at byte %d", p.Start)
	}
	_, err = tx.exec("insert into upload_part (upload, start, id, size, digest, key) values ($1, $2, $3, $4, $5, $6)", p.Upload, p.Start, p.ID, p.Size, p.Digest[:], p.Key)
	return err
}

const partColumns = "select upload, start, id, size, digest, key from upload_part "

func scanPart(c cells) (PartRow, error) {
	p := PartRow{Upload: c.text(0), Start: c.int(1), ID: c.text(2), Size: c.int(3), Key: c.bytes(5)}
	if copy(p.Digest[:], c.bytes(4)) != len(p.Digest) {
		return p, jurat.Errorf(jurat.Altered, "a part of an upload has a digest cut short")
	}
	return p, nil
}

// Parts gives the parts of an upload in their order.
func (tx *Tx) Parts(upload string) ([]PartRow, error) {
	return tx.parts("where upload = $1 order by start", upload)
}

func (tx *Tx) parts(where string, args ...any) ([]PartRow, error) {
	var all []PartRow
	err := tx.query(partColumns+where, args, func(c cells) error {
		p, err := scanPart(c)
		all = append(all, p)
		return err
	})
	return all, err
}

// EachPart calls fn with every part of every upload.
func (tx *Tx) EachPart(fn func(PartRow) error) error {
	upload, start := "", int64(-1)
	for {
		var page []PartRow
		err := tx.query(partColumns+"where (upload, start) > ($1, $2) order by upload, start limit $3", []any{upload, start, int64(eventPage)}, func(c cells) error {
			p, err := scanPart(c)
			page = append(page, p)
			return err
		})
		if err != nil {
			return err
		}
		for _, p := range page {
			if err := fn(p); err != nil {
				return err
			}
		}
		if len(page) < eventPage {
			return nil
		}
		upload, start = page[len(page)-1].Upload, page[len(page)-1].Start
	}
}

// SayUpload seals anew what is said of an upload.
func (tx *Tx) SayUpload(id string, key, body []byte) error {
	_, err := tx.exec("update upload set key = $2, body = $3 where id = $1", id, key, body)
	return err
}

// EndUpload says that an upload became an exhibit, or a duplicate of one. The
// part that is the exhibit's blob is a part no more; the others are spent. What
// is said of the upload from now on is key and body.
func (tx *Tx) EndUpload(id, blob string, key, body []byte) error {
	if _, err := tx.exec("update upload set done = 1, key = $2, body = $3 where id = $1", id, key, body); err != nil {
		return err
	}
	_, err := tx.exec("delete from upload_part where upload = $1 and id = $2", id, blob)
	return err
}

// SpentParts gives the parts of uploads that are done: nothing needs them, and
// they wait to be erased.
func (tx *Tx) SpentParts() ([]PartRow, error) {
	return tx.parts("where upload in (select id from upload where done = 1) order by upload, start")
}

// DropPart forgets a part whose blob is erased.
func (tx *Tx) DropPart(p PartRow) error {
	_, err := tx.exec("delete from upload_part where upload = $1 and start = $2", p.Upload, p.Start)
	return err
}

// DropUpload erases an upload and gives the parts that nothing names any more.
func (tx *Tx) DropUpload(id string) ([]PartRow, error) {
	parts, err := tx.Parts(id)
	for _, statement := range []string{"delete from upload_part where upload = $1", "delete from upload where id = $1"} {
		if err == nil {
			_, err = tx.exec(statement, id)
		}
	}
	return parts, err
}

// ExpiredUploads lists the uploads that expired before a moment; one that is done
// once its spent parts are erased.
func (tx *Tx) ExpiredUploads(before time.Time) ([]string, error) {
	return tx.uploads("where expires < $1 and not (done = 1 and exists (select 1 from upload_part p where p.upload = upload.id)) order by id", micros(before))
}

// UploadsIn lists the uploads into an incident.
func (tx *Tx) UploadsIn(in jurat.IncidentNumber) ([]string, error) {
	return tx.uploads("where incident = $1 order by id", string(in))
}

func (tx *Tx) uploads(where string, arg any) ([]string, error) {
	var ids []string
	err := tx.query("select id from upload "+where, []any{arg}, func(c cells) error {
		ids = append(ids, c.text(0))
		return nil
	})
	return ids, err
}
