package register

import (
	"errors"
	"time"

	"jurat"
)

// What follows is who comes in at the counter, and by what. None of it is on
// the record: rows are changed and erased. No row holds what a person shows in
// a form somebody else could show: hashes, public halves, and secrets that
// were sealed before they came here.

// A PasskeyRow is one passkey of a person.
type PasskeyRow struct {
	ID     string // the credential's, base64url
	Person jurat.PersonID
	Name   string // the person's own word for it
	COSE   []byte // the public key as the authenticator gave it
	JWK    string // the same as it stands on the record
	Signs  int64  // the authenticator's counter
	Flags  int64  // of its authenticator data
	Copied time.Time
	Added  time.Time
	Used   time.Time
}

const passkeyColumns = "select id, person, name, cose, jwk, signs, flags, copied, added, used from passkey "

func scanPasskey(c cells) PasskeyRow {
	return PasskeyRow{
		ID: c.text(0), Person: jurat.PersonID(c.text(1)), Name: c.text(2), COSE: c.bytes(3), JWK: c.text(4),
		Signs: c.int(5), Flags: c.int(6), Copied: moment(c.int(7)), Added: moment(c.int(8)), Used: moment(c.int(9)),
	}
}

// Passkey gives a passkey and holds its row. NotFound: there is none.
func (tx *Tx) Passkey(id string) (PasskeyRow, error) {
	var row PasskeyRow
	err := tx.one(passkeyColumns+"where id = $1"+tx.holding(), []any{id}, func(c cells) error { row = scanPasskey(c); return nil })
	return row, nothing(err, "there is no such passkey")
}

// Passkeys gives a person's passkeys, the oldest first.
func (tx *Tx) Passkeys(person jurat.PersonID) ([]PasskeyRow, error) {
	var all []PasskeyRow
	err := tx.query(passkeyColumns+"where person = $1 order by added, id", []any{string(person)}, func(c cells) error {
		all = append(all, scanPasskey(c))
		return nil
	})
	return all, err
}

// PutPasskey adds a passkey. Conflict: one with its id is there already.
func (tx *Tx) PutPasskey(p PasskeyRow) error {
	_, err := tx.exec("insert into passkey (id, person, name, cose, jwk, signs, flags, copied, added, used) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		p.ID, string(p.Person), p.Name, p.COSE, p.JWK, p.Signs, p.Flags, stamp(p.Copied), stamp(p.Added), stamp(p.Used))
	return err
}

// SetPasskey changes what changes of a passkey: its name, counter, flags, and
// when it was used and found copied.
func (tx *Tx) SetPasskey(p PasskeyRow) error {
	_, err := tx.exec("update passkey set name = $2, signs = $3, flags = $4, copied = $5, used = $6 where id = $1",
		p.ID, p.Name, p.Signs, p.Flags, stamp(p.Copied), stamp(p.Used))
	return err
}

// DropPasskey removes a passkey of a person. NotFound: they have none such.
func (tx *Tx) DropPasskey(person jurat.PersonID, id string) error {
	return tx.drop("there is no such passkey", "delete from passkey where person = $1 and id = $2", string(person), id)
}

// A PasswordRow is the hash of a person's password, with its parameters.
type PasswordRow struct {
	Person  jurat.PersonID
	Hash    string
	Changed time.Time
}

// Password gives a person's. NotFound: they have none.
func (tx *Tx) Password(person jurat.PersonID) (PasswordRow, error) {
	row := PasswordRow{Person: person}
	err := tx.one("select hash, changed from password where person = $1", []any{string(person)}, func(c cells) error {
		row.Hash, row.Changed = c.text(0), moment(c.int(1))
		return nil
	})
	return row, nothing(err, "there is no password")
}

// PutPassword sets a person's password.
func (tx *Tx) PutPassword(p PasswordRow) error {
	_, err := tx.exec("insert into password (person, hash, changed) values ($1, $2, $3) on conflict (person) do update set hash = excluded.hash, changed = excluded.changed",
		string(p.Person), p.Hash, stamp(p.Changed))
	return err
}

// A TOTPRow is a person's shared secret, sealed, and the last step of time a
// code of it was taken for. Step -1: they have not shown a code yet.
type TOTPRow struct {
	Person jurat.PersonID
	Secret []byte
	Step   int64
	Added  time.Time
}

// TOTP gives a person's and holds its row. NotFound: they have none.
func (tx *Tx) TOTP(person jurat.PersonID) (TOTPRow, error) {
	row := TOTPRow{Person: person}
	err := tx.one("select secret, step, added from totp where person = $1"+tx.holding(), []any{string(person)}, func(c cells) error {
		row.Secret, row.Step, row.Added = c.bytes(0), c.int(1), moment(c.int(2))
		return nil
	})
	return row, nothing(err, "there is no code generator")
}

// PutTOTP sets a person's.
func (tx *Tx) PutTOTP(t TOTPRow) error {
	_, err := tx.exec("insert into totp (person, secret, step, added) values ($1, $2, $3, $4)"+
		" on conflict (person) do update set secret = excluded.secret, step = excluded.step, added = excluded.added",
		string(t.Person), t.Secret, t.Step, stamp(t.Added))
	return err
}

// DropPassword removes a person's password and code generator, which are only
// good together.
func (tx *Tx) DropPassword(person jurat.PersonID) error {
	for _, table := range []string{"password", "totp"} {
		if _, err := tx.exec("delete from "+table+" where person = $1", string(person)); err != nil {
			return err
		}
	}
	return nil
}

// PutRecovery replaces a person's recovery codes, given by their hashes.
func (tx *Tx) PutRecovery(person jurat.PersonID, hashes [][]byte) error {
	if _, err := tx.exec("delete from recovery where person = $1", string(person)); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.exec("insert into recovery (hash, person) values ($1, $2)", h, string(person)); err != nil {
			return err
		}
	}
	return nil
}

// TakeRecovery uses a recovery code up. NotFound: the person has none such.
func (tx *Tx) TakeRecovery(person jurat.PersonID, hash []byte) error {
	return tx.drop("there is no such recovery code", "delete from recovery where person = $1 and hash = $2", string(person), hash)
}

// RecoveryLeft is how many recovery codes a person has left.
func (tx *Tx) RecoveryLeft(person jurat.PersonID) (int, error) {
	var n int64
	err := tx.query("select count(*) from recovery where person = $1", []any{string(person)}, func(c cells) error { n = c.int(0); return nil })
	return int(n), err
}

// A SignOnRow says that somebody a single sign-on knows is a person here.
type SignOnRow struct {
	Issuer  string
	Subject string // its name for them
	Person  jurat.PersonID
	Added   time.Time
}

// SignOn gives who a single sign-on's subject is. NotFound: nobody.
func (tx *Tx) SignOn(issuer, subject string) (SignOnRow, error) {
	row := SignOnRow{Issuer: issuer, Subject: subject}
	err := tx.one("select person, added from sign_on where issuer = $1 and subject = $2", []any{issuer, subject}, func(c cells) error {
		row.Person, row.Added = jurat.PersonID(c.text(0)), moment(c.int(1))
		return nil
	})
	return row, nothing(err, "this subject is nobody here")
}

// SignOns gives a person's.
func (tx *Tx) SignOns(person jurat.PersonID) ([]SignOnRow, error) {
	var all []SignOnRow
	err := tx.query("select issuer, subject, added from sign_on where person = $1 order by issuer, subject", []any{string(person)}, func(c cells) error {
		all = append(all, SignOnRow{Issuer: c.text(0), Subject: c.text(1), Person: person, Added: moment(c.int(2))})
		return nil
	})
	return all, err
}

// AllSignOns gives everybody's, by person.
func (tx *Tx) AllSignOns() ([]SignOnRow, error) {
	var all []SignOnRow
	err := tx.query("select person, issuer, subject, added from sign_on order by person, issuer, subject", nil, func(c cells) error {
		all = append(all, SignOnRow{Person: jurat.PersonID(c.text(0)), Issuer: c.text(1), Subject: c.text(2), Added: moment(c.int(3))})
		return nil
	})
	return all, err
}

// PutSignOn adds a subject. Conflict: it is somebody already.
func (tx *Tx) PutSignOn(s SignOnRow) error {
	_, err := tx.exec("insert into sign_on (issuer, subject, person, added) values ($1, $2, $3, $4)", s.Issuer, s.Subject, string(s.Person), stamp(s.Added))
	return err
}

// DropSignOn removes a subject of a person. NotFound: they have none such.
func (tx *Tx) DropSignOn(person jurat.PersonID, issuer, subject string) error {
	return tx.drop("this subject is nobody here", "delete from sign_on where person = $1 and issuer = $2 and subject = $3", string(person), issuer, subject)
}

// ForgetCredentials removes everything by which a person could come in, and
// ends their sessions.
func (tx *Tx) ForgetCredentials(person jurat.PersonID) error {
	if _, err := tx.EndAPITokens(person); err != nil {
		return err
	}
	for _, table := range []string{"passkey", "password", "totp", "recovery", "sign_on", "link", "session"} {
		if _, err := tx.exec("delete from "+table+" where person = $1", string(person)); err != nil {
			return err
		}
	}
	return nil
}

// holding is the clause that holds a selected row, where this transaction may.
func (tx *Tx) holding() string {
	if !tx.writes {
		return ""
	}
	return tx.dialect.lock
}

// drop removes what must be there.
func (tx *Tx) drop(missing, query string, args ...any) error {
	n, err := tx.exec(query, args...)
	if err == nil && n == 0 {
		err = jurat.Errorf(jurat.NotFound, "%s", missing)
	}
	return err
}

// nothing gives NotFound a sentence.
func nothing(err error, said string) error {
	if errors.Is(err, jurat.NotFound) {
		return jurat.Errorf(jurat.NotFound, "%s", said)
	}
	return err
}

// stamp is a time as these tables have it: 0 when it never was.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return micros(t)
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return fromMicros(n)
}
