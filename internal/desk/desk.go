package desk

import (
	"context"
	"crypto/cipher"
	"crypto/ed25519"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/ledger"
	"jurat/internal/media"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// A Desk is where the work of one record is done. It is safe for use by many
// goroutines.
type Desk struct {
	register  *register.Register
	vault     *vault.Vault
	ledger    *ledger.Ledger
	media     *media.Tools
	policy    *policy
	origin    string
	office    ed25519.PrivateKey
	sealer    cipher.AEAD
	current   atomic.Pointer[standing]
	shelf     sync.Map // jurat.Digest → *Publication
	orders    *Shelf
	parsed    sync.Map // jurat.Digest → *order.Order
	quiet     quiet
	tables    tables
	board     board
	work      string
	age       []age.Identity
	letterbox func(context.Context, []string) error
	watch     Watch
	spent     chan struct{}
}

// Doors are what a desk works with. Office signs what leaves the record in the
// office's name; KEK wraps the keys of sealed parts (32 bytes). Without Media
// nothing is looked into and no copy made. Work is the folder of files while
// they are worked on, made when it is needed; Age opens what is encrypted to
// this office. Keep is given the letters about every erasure after one was carried
// out, to keep them apart from the backups; nil: nobody keeps them.
type Doors struct {
	Register *register.Register
	Vault    *vault.Vault
	Ledger   *ledger.Ledger
	Media    *media.Tools
	Origin   string
	Office   ed25519.PrivateKey
	KEK      []byte
	Work     string
	Age      []age.Identity
	Watch    Watch  // zero: [WatchNow]
	Orders   *Shelf // nil: one of its own
	Keep     func(ctx context.Context, letters []string) error
}

// Open readies a desk and reads the orders in force.
func Open(ctx context.Context, d Doors) (*Desk, error) {
	p, err := loadPolicy()
	if err != nil {
		return nil, err
	}
	sealer, err := newSealer(d.KEK)
	if err != nil {
		return nil, err
	}
	desk := &Desk{register: d.Register, vault: d.Vault, ledger: d.Ledger, media: d.Media, policy: p, origin: d.Origin, office: d.Office, sealer: sealer, work: d.Work, age: d.Age, watch: d.Watch, letterbox: d.Keep, orders: d.Orders, spent: make(chan struct{}, 1)}
	if desk.orders == nil {
		desk.orders = &Shelf{}
	}
	if desk.watch == (Watch{}) {
		desk.watch = WatchNow
	}
	if err := desk.watch.Check(); err != nil {
		return nil, err
	}
	return desk, d.Register.Read(ctx, func(tx *register.Tx) error {
		_, err := desk.standing(tx)
		return err
	})
}

// A Caller is who stands at the desk. The zero Caller is the local operator on
// nobody's behalf; with Person it is the operator on that person's behalf; with
// Session it is the person, signed in at the counter; with Signer it is the
// person, by their own key.
type Caller struct {
	Person  jurat.PersonID
	Session bool
	Signer  Signer

	pen *pen // in place of Signer, of [Desk.Ready] and [Desk.Commit]
}

// A Signer makes a person's own proof of an act: what it signs is
// [format.Draft.Challenge].
type Signer interface {
	Sign(d format.Draft) (*format.Proof, error)
}

// Done says what an act left on the record. It is durable.
type Done struct {
	Event jurat.EventID
	At    time.Time
	Item  jurat.Item
}

// An errand is one act to be done: the act the policy is asked about, the
// incident it concerns (zero for the house and for a new incident), and the
// law's part, which runs inside the transaction and must be repeatable. An
// event without an act means that nothing is left to be done.
type errand struct {
	act      jurat.Act
	incident jurat.IncidentNumber
	self     bool // it is about the caller
	do       func(tx *register.Tx, h hand) (jurat.Event, error)
}

// act does one errand in a transaction of its own.
func (d *Desk) act(ctx context.Context, c Caller, at time.Time, e errand) (Done, error) {
	var done Done
	err := d.write(ctx, at, func(tx *register.Tx) error {
		var err error
		done, err = d.perform(tx, c, jurat.At(at), e)
		return err
	})
	return done, err
}

// write runs fn in one transaction. A refusal by the policy rolls it back and
// goes to the security journal.
func (d *Desk) write(ctx context.Context, at time.Time, fn func(*register.Tx) error) error {
	return d.journalled(ctx, at, d.register.Write(ctx, fn))
}

// perform does one errand inside a transaction: lock, decide, law, leaf, row.
func (d *Desk) perform(tx *register.Tx, c Caller, at time.Time, e errand) (Done, error) {
	var missing error
	if e.act != jurat.IncidentOpened { // which opens a chain of its own
		if _, missing = tx.Lock(e.incident); missing != nil && !errors.Is(missing, jurat.NotFound) {
			return Done{}, missing
		}
	}
	h, err := d.hand(tx, c)
	if err != nil {
		return Done{}, err
	}
	q := question{who: h, action: e.act, incident: e.incident, self: e.self}
	if missing != nil {
		return Done{}, d.nothingThere(q)
	}
	if err := d.allow(tx, q); err != nil {
		return Done{}, err
	}
	ev, err := e.do(tx, h)
	if err != nil {
		return Done{}, refusedByLaw(q, err)
	}
	if ev.Act == "" {
		return Done{}, nil // nothing happened
	}
	return d.record(tx, h, at, ev)
}

// record completes the law's event, commits its leaf to its chain and appends
// it.
func (d *Desk) record(tx *register.Tx, h hand, at time.Time, ev jurat.Event) (Done, error) {
	ev.At, ev.Actor, ev.Orders = at, h.Actor, h.house.orders.versions
	id, err := newEventID(at)
	if err != nil {
		return Done{}, err
	}
	ev.ID = id
	random := salts
	if h.pen != nil {
		random = h.pen.salts(ev)
	}
	draft, err := format.NewDraft(ev, random)
	if err != nil {
		return Done{}, err
	}
	proof, err := d.proof(h, ev, draft)
	if err != nil {
		return Done{}, err
	}
	head, err := tx.Lock(ev.Incident)
	if err != nil {
		return Done{}, err
	}
	place := format.Place{ID: ev.ID, At: at, Incident: ev.Incident, Proof: proof}
	if ev.Incident != "" {
		place.Seq, place.Prev = head.Seq+1, head.Prev
	}
	sheet, err := draft.Place(place, d.origin, salts)
	if err != nil {
		return Done{}, err
	}
	row, err := d.row(ev, place, sheet)
	if err != nil {
		return Done{}, err
	}
	return Done{Event: ev.ID, At: at, Item: ev.Item}, tx.Append(row)
}

// proof obtains the person's signature, and checks it is by a key on the
// record for that person. Acts that need one are refused without (§6); every
// such refusal is an attempt refused.
func (d *Desk) proof(h hand, ev jurat.Event, draft format.Draft) (*format.Proof, error) {
	q := question{who: h, action: ev.Act, incident: ev.Incident}
	if err := mustSign(q); err != nil || !h.signs() {
		return nil, err
	}
	var proof *format.Proof
	var err error
	if h.pen != nil {
		proof, err = h.pen.sign(ev, draft)
	} else {
		proof, err = h.signer.Sign(draft)
	}
	if err != nil {
		return nil, err
	}
	for _, raw := range h.keys {
		key, err := format.ParsePersonKey(raw)
		if err == nil && proof.Person == h.Person && proof.Key == key.Thumbprint() {
			if err := proof.Verify(draft, key); err != nil {
				return nil, refuse(q, "signature", jurat.Because(jurat.Forbidden, err, "the signature offered for %s is not by their key over this act", h.Person))
			}
			return proof, nil
		}
	}
	return nil, refuse(q, "signature", jurat.Errorf(jurat.Forbidden, "the key offered is not one recorded for %s; an administrator records it with: jurat person key", h.Person))
}

// mustSign refuses an act that needs the person's own signature when nobody is
// there to sign.
func mustSign(q question) error {
	if !q.who.signs() && jurat.Signed(q.action) {
		return refuse(q, "signature", jurat.Errorf(jurat.Forbidden, "%s needs the person's own signature: name their key file with --sign", q.action))
	}
	return nil
}

// Publish sequences what awaits a place in the ledger and publishes a
// checkpoint over it.
func (d *Desk) Publish(ctx context.Context) error {
	_, err := d.ledger.Publish(ctx)
	return err
}
