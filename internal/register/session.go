package register

import (
	"time"

	"jurat"
)

// A SessionRow is somebody who came in and has not gone. Its token is with the
// browser; here is only its hash.
type SessionRow struct {
	Hash     []byte
	ID       string // by which it is listed and ended; opens nothing
	Person   jurat.PersonID
	Standing string // what the person was when it began
	Method   string
	Began    time.Time
	Seen     time.Time
	Fresh    time.Time // when they last showed who they are
	Setup    bool      // only for making credentials
}

const sessionColumns = "select hash, id, person, standing, method, began, seen, fresh, setup from session "

func scanSession(c cells) SessionRow {
	return SessionRow{
		Hash: c.bytes(0), ID: c.text(1), Person: jurat.PersonID(c.text(2)), Standing: c.text(3), Method: c.text(4),
		Began: moment(c.int(5)), Seen: moment(c.int(6)), Fresh: moment(c.int(7)), Setup: c.int(8) != 0,
	}
}

// Session gives a session by its token's hash. NotFound: there is none.
func (tx *Tx) Session(hash []byte) (SessionRow, error) {
	var row SessionRow
	err := tx.one(sessionColumns+"where hash = $1", []any{hash}, func(c cells) error { row = scanSession(c); return nil })
	return row, nothing(err, "there is no such session")
}

// Sessions gives a person's sessions, the newest first.
func (tx *Tx) Sessions(person jurat.PersonID) ([]SessionRow, error) {
	var all []SessionRow
	err := tx.query(sessionColumns+"where person = $1 order by began desc, id", []any{string(person)}, func(c cells) error {
		all = append(all, scanSession(c))
		return nil
	})
	return all, err
}

// PutSession begins a session.
func (tx *Tx) PutSession(s SessionRow) error {
	_, err := tx.exec("insert into session (hash, id, person, standing, method, began, seen, fresh, setup) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		s.Hash, s.ID, string(s.Person), s.Standing, s.Method, stamp(s.Began), stamp(s.Seen), stamp(s.Fresh), number(s.Setup))
	return err
}

// TouchSession sets when a session was last seen, and when its person last
// showed who they are. Neither goes back.
func (tx *Tx) TouchSession(hash []byte, seen, fresh time.Time) error {
	_, err := tx.exec("update session set seen = case when seen < $2 then $2 else seen end, fresh = case when fresh < $3 then $3 else fresh end where hash = $1",
		hash, stamp(seen), stamp(fresh))
	return err
}

// EndSession ends a session of a person by its id. NotFound: they have none
// such.
func (tx *Tx) EndSession(person jurat.PersonID, id string) error {
	return tx.drop("there is no such session", "delete from session where person = $1 and id = $2", string(person), id)
}

// EndSessions ends all sessions of a person but one, by its id; "" spares
// none. It says how many there were.
func (tx *Tx) EndSessions(person jurat.PersonID, but string) (int, error) {
	n, err := tx.exec("delete from session where person = $1 and id <> $2", string(person), but)
	return int(n), err
}

// PutLink sets the one link by which a person can make their first
// credentials, given by its hash. An earlier one of theirs is gone.
func (tx *Tx) PutLink(person jurat.PersonID, hash []byte, until time.Time) error {
	_, err := tx.exec("insert into link (person, hash, until) values ($1, $2, $3) on conflict (person) do update set hash = excluded.hash, until = excluded.until",
		string(person), hash, stamp(until))
	return err
}

// Link says whose a link is, without using it up. NotFound: there is none, or
// it is too old.
func (tx *Tx) Link(hash []byte, at time.Time) (jurat.PersonID, error) {
	var person jurat.PersonID
	err := tx.one("select person from link where hash = $1 and until >= $2", []any{hash, stamp(at)}, func(c cells) error {
		person = jurat.PersonID(c.text(0))
		return nil
	})
	return person, nothing(err, "there is no such link")
}

// TakeLink uses a link up and says whose it was. NotFound: there is none, or
// it is too old.
func (tx *Tx) TakeLink(hash []byte, at time.Time) (jurat.PersonID, error) {
	var person jurat.PersonID
	var until time.Time
	err := tx.taken("delete from link where hash = $1 returning person, until", []any{hash}, func(c cells) {
		person, until = jurat.PersonID(c.text(0)), moment(c.int(1))
	})
	if err != nil || at.After(until) {
		return "", nothing(orNotFound(err), "there is no such link")
	}
	return person, nil
}

// PutCeremony keeps what is under way between two requests.
func (tx *Tx) PutCeremony(id, kind, body string, until time.Time) error {
	_, err := tx.exec("insert into ceremony (id, kind, body, until) values ($1, $2, $3, $4)", id, kind, body, stamp(until))
	return err
}

// TakeCeremony gives what was kept, once. NotFound: it was never kept, it was
// taken, it is of another kind, or too old.
func (tx *Tx) TakeCeremony(id, kind string, at time.Time) (string, error) {
	var body string
	var until time.Time
	err := tx.taken("delete from ceremony where id = $1 and kind = $2 returning body, until", []any{id, kind}, func(c cells) {
		body, until = c.text(0), moment(c.int(1))
	})
	if err != nil || at.After(until) {
		return "", nothing(orNotFound(err), "nothing such is under way")
	}
	return body, nil
}

// taken runs a delete that gives one row back; NotFound when it gives none.
func (tx *Tx) taken(query string, args []any, row func(cells)) error {
	found := false
	err := tx.change(query, args, func(c cells) error { found = true; row(c); return nil })
	if err == nil && !found {
		err = jurat.NotFound
	}
	return err
}

func orNotFound(err error) error {
	if err == nil {
		return jurat.NotFound
	}
	return err
}

// An AttemptsRow is how often somebody, or somebody from somewhere, was turned
// away since they last came in.
type AttemptsRow struct {
	Who    string // a keyed hash: neither a name nor an address
	Failed int
	Last   time.Time
}

// Attempts gives a row and holds it; one of nobody turned away is empty.
func (tx *Tx) Attempts(who string) (AttemptsRow, error) {
	row := AttemptsRow{Who: who}
	err := tx.query("select failed, last from attempts where who = $1"+tx.holding(), []any{who}, func(c cells) error {
		row.Failed, row.Last = int(c.int(0)), moment(c.int(1))
		return nil
	})
	return row, err
}

// PutAttempts sets a row.
func (tx *Tx) PutAttempts(a AttemptsRow) error {
	_, err := tx.exec("insert into attempts (who, failed, last) values ($1, $2, $3) on conflict (who) do update set failed = excluded.failed, last = excluded.last",
		a.Who, int64(a.Failed), stamp(a.Last))
	return err
}

// ForgetAttempts forgets that somebody was turned away.
func (tx *Tx) ForgetAttempts(who string) error {
	_, err := tx.exec("delete from attempts where who = $1", who)
	return err
}

// SweepLogin removes what is over: links, tokens, answers and ceremonies past their time,
// sessions begun before one moment, attempts last made before another.
func (tx *Tx) SweepLogin(at, begun, attempted time.Time) error {
	for _, s := range []struct {
		query string
		than  time.Time
	}{
		{"delete from link where until < $1", at}, {"delete from api_token where until < $1", at}, {"delete from api_answer where until < $1", at}, {"delete from ceremony where until < $1", at},
		{"delete from session where began < $1", begun}, {"delete from attempts where last < $1", attempted},
	} {
		if _, err := tx.exec(s.query, stamp(s.than)); err != nil {
			return err
		}
	}
	return nil
}

// LoginStrays counts, of the rows by which people come in, those that are of
// nobody on the record, and those that are not hashed or sealed as they should
// be. A record only this program wrote has none of either.
func (tx *Tx) LoginStrays() (nobody, bare int64, err error) {
	of := ""
	for _, table := range []string{"passkey", "password", "totp", "recovery", "sign_on", "session", "api_token"} {
		of += " + (select count(*) from " + table + " t where not exists (select 1 from item i where i.incident = '' and i.noun = 'person' and i.id = t.person))"
	}
	err = tx.query("select 0"+of, nil, func(c cells) error { nobody = c.int(0); return nil })
	if err != nil {
		return 0, 0, err
	}
	err = tx.query("select (select count(*) from password where hash not like '$argon2id$v=19$m=%,t=%,p=%$%$%')"+
		" + (select count(*) from totp where length(secret) <> 48)"+ // 20 bytes, sealed
		" + (select count(*) from recovery where length(hash) <> 32)"+
		" + (select count(*) from session where length(hash) <> 32)"+
		" + (select count(*) from link where length(hash) <> 32)"+
		" + (select count(*) from api_token where length(hash) <> 32)"+
		" + (select count(*) from api_answer where length(answer) between 1 and 28)", nil, // a nonce and a tag are longer than that
		func(c cells) error { bare = c.int(0); return nil })
	return nobody, bare, err
}

func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
