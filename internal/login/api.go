package login

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// An APIToken is what a person gives a program that acts for them. Its secret
// is shown once, when it is made; only its hash is stored.
type APIToken struct {
	ID     string // by which it is listed and ended; opens nothing
	Person jurat.PersonID
	Name   string // the person's own word for it
	Write  bool   // it may change the record too; every one may read
	Made   time.Time
	Until  time.Time
	Used   time.Time // to the hour; zero: never
}

// APITokenDays is the most days a token is good for, and what is offered.
const APITokenDays = 90

// mostAPITokens is how many a person has at a time.
const mostAPITokens = 20

// apiTokenPrefix begins every token, so that one left in a file is found.
const apiTokenPrefix = "jurat_"

func apiTokenOf(row register.APITokenRow) APIToken {
	return APIToken{ID: row.ID, Person: row.Person, Name: row.Name, Write: row.Scopes == "read write", Made: row.Made, Until: row.Until, Used: row.Used}
}

func apiTokenHash(secret string) []byte {
	sum := sha256.Sum256([]byte("jurat api token\x00" + secret))
	return sum[:]
}

// NewAPIToken makes a token for whoever shows the session's, who showed just
// now who they are, and gives its secret: it is not kept, and nobody can show
// it again. It is journalled. Invalid: the name or the days; Conflict: they have
// too many.
func (p *Porter) NewAPIToken(ctx context.Context, at time.Time, token Token, name string, write bool, days int) (secret string, made APIToken, err error) {
	at = jurat.At(at)
	if name = strings.TrimSpace(name); name == "" || len([]rune(name)) > 60 {
		return "", APIToken{}, jurat.Errorf(jurat.Invalid, "Give the token a name of up to 60 characters, such as \"Morning report\"")
	}
	if days < 1 || days > APITokenDays {
		return "", APIToken{}, jurat.Errorf(jurat.Invalid, "A token is good for 1 to %d days", APITokenDays)
	}
	secret = apiTokenPrefix + randomText(32)
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		if s.Setup {
			return onlySetup()
		}
		who, err := person(tx, s.Person)
		if err != nil {
			return err
		}
		has, err := tx.APITokens(s.Person)
		if err != nil {
			return err
		}
		live := 0
		for _, row := range has {
			if at.Before(row.Until) {
				live++
			}
		}
		if live >= mostAPITokens {
			return jurat.Errorf(jurat.Conflict, "You have %d tokens; end one first", live)
		}
		row := register.APITokenRow{
			Hash: apiTokenHash(secret), ID: randomText(9), Person: s.Person, Standing: standing(who), Name: name, Scopes: "read",
			Made: at, Until: at.Add(time.Duration(days) * 24 * time.Hour),
		}
		if write {
			row.Scopes = "read write"
		}
		made = apiTokenOf(row)
		return tx.PutAPIToken(row)
	})
	if err == nil {
		err = p.made(ctx, at, made.Person, made.ID)
		if err != nil { // nobody would know of it: it is no token
			end := p.register.Write(ctx, func(tx *register.Tx) error { return tx.EndAPIToken(made.Person, made.ID) })
			err = jurat.Because(jurat.Unavailable, errors.Join(err, end), "the token could not be journalled, and is not good; make it again")
		}
	}
	if err != nil {
		return "", APIToken{}, err
	}
	return secret, made, nil
}

// APITokens lists a person's tokens that are not over, the newest first.
func (p *Porter) APITokens(ctx context.Context, at time.Time, who jurat.PersonID) ([]APIToken, error) {
	var all []APIToken
	err := p.register.Read(ctx, func(tx *register.Tx) error {
		all = nil
		now, err := person(tx, who)
		if err != nil {
			return err
		}
		rows, err := tx.APITokens(who)
		for _, row := range rows {
			if at.Before(row.Until) && row.Standing == standing(now) {
				all = append(all, apiTokenOf(row))
			}
		}
		return err
	})
	return all, err
}

// EndAPIToken ends one of a person's own tokens, which is journalled. NotFound:
// they have none such.
func (p *Porter) EndAPIToken(ctx context.Context, at time.Time, who jurat.PersonID, id string) error {
	err := p.register.Write(ctx, func(tx *register.Tx) error { return tx.EndAPIToken(who, id) })
	if err != nil {
		return err
	}
	if err := p.ended(ctx, jurat.At(at), who, id); err != nil {
		return jurat.Because(jurat.Unavailable, err, "the token is ended; that could not be journalled")
	}
	return nil
}

// ByAPIToken is the token a program shows. Forbidden with [ErrSignedOut], by
// one sentence: there is none such, it is over, or its person is retired or of
// another office, role or oath than when it was made.
func (p *Porter) ByAPIToken(ctx context.Context, at time.Time, secret string) (APIToken, error) {
	at = jurat.At(at)
	var t APIToken
	none := jurat.Because(jurat.Forbidden, ErrSignedOut, "Send a token that is good: Authorization: Bearer, and a token made at /me")
	if !strings.HasPrefix(secret, apiTokenPrefix) || len(secret) > 100 {
		return t, none
	}
	err := p.register.Read(ctx, func(tx *register.Tx) error {
		row, err := tx.APIToken(apiTokenHash(secret))
		if err != nil {
			return err
		}
		who, err := person(tx, row.Person)
		if err != nil {
			return err
		}
		if !at.Before(row.Until) || standing(who) != row.Standing {
			return jurat.NotFound
		}
		t = apiTokenOf(row)
		return nil
	})
	if errors.Is(err, jurat.NotFound) {
		return APIToken{}, none
	}
	if err != nil || at.Sub(t.Used) < time.Hour {
		return t, err
	}
	return t, p.register.Write(ctx, func(tx *register.Tx) error { return tx.TouchAPIToken(apiTokenHash(secret), at) })
}

// An Answered is what a request of a program was answered.
type Answered struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// answerKept is how long an answer is given again.
const answerKept = 24 * time.Hour

// BeginAnswer notes that a token's request, which the program calls key, is
// about to be carried out. When it was already, what it was answered is given,
// and nothing must be done. Invalid: it was another request of that name.
// Conflict: it is under way, or ended without an answer.
func (p *Porter) BeginAnswer(ctx context.Context, at time.Time, t APIToken, key string, request []byte) (*Answered, error) {
	at = jurat.At(at)
	row := register.APIAnswerRow{Token: t.ID, Key: p.hashed("request named", t.ID, key), Request: p.hashed("request", string(request)), Until: at.Add(answerKept)}
	var was register.APIAnswerRow
	err := p.register.Write(ctx, func(tx *register.Tx) (err error) {
		was, err = tx.APIAnswer(row.Token, row.Key, at)
		if errors.Is(err, jurat.NotFound) {
			was = register.APIAnswerRow{}
			return tx.BeginAPIAnswer(row, at)
		}
		return err
	})
	switch {
	case err != nil || was.Token == "":
		return nil, err
	case !hmac.Equal(was.Request, row.Request):
		return nil, jurat.Errorf(jurat.Invalid, "this Idempotency-Key was sent with another request within the last day; take a new key for a new request")
	case len(was.Answer) == 0:
		return nil, jurat.Errorf(jurat.Conflict, "the request with this Idempotency-Key is under way, or ended without an answer; look whether it was carried out, then take a new key")
	}
	text, err := p.sealer.Open(nil, nil, was.Answer, answerBinding(row))
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the session key does not open what this request was answered")
	}
	var a Answered
	return &a, json.Unmarshal(text, &a)
}

// EndAnswer keeps what a request was answered, sealed, for a day.
func (p *Porter) EndAnswer(ctx context.Context, t APIToken, key string, request []byte, a Answered) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	row := register.APIAnswerRow{Token: t.ID, Key: p.hashed("request named", t.ID, key), Request: p.hashed("request", string(request))}
	sealed := p.sealer.Seal(nil, nil, text, answerBinding(row))
	return p.register.Write(ctx, func(tx *register.Tx) error { return tx.SetAPIAnswer(row.Token, row.Key, sealed) })
}

// answerBinding ties an answer to its request, so that none stands in for
// another's.
func answerBinding(row register.APIAnswerRow) []byte {
	return []byte("jurat answer\x00" + row.Token + "\x00" + base64.RawURLEncoding.EncodeToString(row.Key) + "\x00" + base64.RawURLEncoding.EncodeToString(row.Request))
}
