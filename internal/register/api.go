package register

import (
	"time"

	"jurat"
)

// An APITokenRow is what a program shows that acts for a person. The token is
// with the program; here is only its hash.
type APITokenRow struct {
	Hash     []byte
	ID       string // by which it is listed and ended; opens nothing
	Person   jurat.PersonID
	Standing string // what the person was when it was made
	Name     string
	Scopes   string
	Made     time.Time
	Until    time.Time
	Used     time.Time // zero: never
}

const apiTokenColumns = "select hash, id, person, standing, name, scopes, made, until, used from api_token "

func scanAPIToken(c cells) APITokenRow {
	return APITokenRow{
		Hash: c.bytes(0), ID: c.text(1), Person: jurat.PersonID(c.text(2)), Standing: c.text(3), Name: c.text(4), Scopes: c.text(5),
		Made: moment(c.int(6)), Until: moment(c.int(7)), Used: moment(c.int(8)),
	}
}

// APIToken gives a token by its hash. NotFound: there is none.
func (tx *Tx) APIToken(hash []byte) (APITokenRow, error) {
	var row APITokenRow
	err := tx.one(apiTokenColumns+"where hash = $1", []any{hash}, func(c cells) error { row = scanAPIToken(c); return nil })
	return row, nothing(err, "there is no such token")
}

// APITokens gives a person's tokens, the newest first.
func (tx *Tx) APITokens(person jurat.PersonID) ([]APITokenRow, error) {
	var all []APITokenRow
	err := tx.query(apiTokenColumns+"where person = $1 order by made desc, id", []any{string(person)}, func(c cells) error {
		all = append(all, scanAPIToken(c))
		return nil
	})
	return all, err
}

// PutAPIToken adds a token.
func (tx *Tx) PutAPIToken(t APITokenRow) error {
	_, err := tx.exec("insert into api_token (hash, id, person, standing, name, scopes, made, until, used) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		t.Hash, t.ID, string(t.Person), t.Standing, t.Name, t.Scopes, stamp(t.Made), stamp(t.Until), stamp(t.Used))
	return err
}

// TouchAPIToken sets when a token was last used. It does not go back.
func (tx *Tx) TouchAPIToken(hash []byte, used time.Time) error {
	_, err := tx.exec("update api_token set used = $2 where hash = $1 and used < $2", hash, stamp(used))
	return err
}

// EndAPIToken ends a token of a person by its id, and forgets what it was
// answered. NotFound: they have none such.
func (tx *Tx) EndAPIToken(person jurat.PersonID, id string) error {
	if err := tx.drop("there is no such token", "delete from api_token where person = $1 and id = $2", string(person), id); err != nil {
		return err
	}
	_, err := tx.exec("delete from api_answer where token = $1", id)
	return err
}

// EndAPITokens ends all tokens of a person, and says how many there were.
func (tx *Tx) EndAPITokens(person jurat.PersonID) (int, error) {
	if _, err := tx.exec("delete from api_answer where token in (select id from api_token where person = $1)", string(person)); err != nil {
		return 0, err
	}
	n, err := tx.exec("delete from api_token where person = $1", string(person))
	return int(n), err
}

// An APIAnswerRow is what a request of a token was answered.
type APIAnswerRow struct {
	Token   string // its id
	Key     []byte // a keyed hash of the request's name
	Request []byte // a keyed hash of the request
	Answer  []byte // sealed; empty: not known yet
	Until   time.Time
}

// APIAnswer gives what a request was answered. NotFound: there was none of that
// name, or too long ago.
func (tx *Tx) APIAnswer(token string, key []byte, at time.Time) (APIAnswerRow, error) {
	row := APIAnswerRow{Token: token, Key: key}
	err := tx.one("select request, answer, until from api_answer where token = $1 and key = $2 and until > $3", []any{token, key, stamp(at)}, func(c cells) error {
		row.Request, row.Answer, row.Until = c.bytes(0), c.bytes(1), moment(c.int(2))
		return nil
	})
	return row, nothing(err, "there was no such request")
}

// BeginAPIAnswer notes a request before it is carried out; one of the same name
// that is over is forgotten. Conflict: there is one.
func (tx *Tx) BeginAPIAnswer(a APIAnswerRow, at time.Time) error {
	if _, err := tx.exec("delete from api_answer where until <= $1", stamp(at)); err != nil {
		return err
	}
	_, err := tx.exec("insert into api_answer (token, key, request, answer, until) values ($1, $2, $3, $4, $5)", a.Token, a.Key, a.Request, []byte{}, stamp(a.Until))
	return err
}

// SetAPIAnswer notes what a request was answered. A token that ended meanwhile
// has none.
func (tx *Tx) SetAPIAnswer(token string, key, answer []byte) error {
	_, err := tx.exec("update api_answer set answer = $3 where token = $1 and key = $2", token, key, answer)
	return err
}
