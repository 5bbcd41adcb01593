package order

import (
	"time"

	"jurat"
)

// An Order is one legal instrument as a file states it. It is made by [Parse]
// and never changes.
type Order struct {
	File         string        `json:"file"`
	Digest       jurat.Digest  `json:"digest"` // of the file's bytes: its version
	ID           string        `json:"id"`
	Jurisdiction string        `json:"jurisdiction"`
	Kind         string        `json:"kind"`
	Number       string        `json:"number"`
	Title        string        `json:"title"`
	Languages    []Language    `json:"languages"`
	Signed       Dated         `json:"signed"`
	Effective    Dated         `json:"effective"`
	Sources      []Source      `json:"sources"`
	Status       []Status      `json:"status"`
	Clauses      []Clause      `json:"clauses,omitempty"`
	Choices      []Adopted     `json:"choices,omitempty"`
	Tables       []Table       `json:"tables,omitempty"`
	Offences     []Offence     `json:"offences,omitempty"`
	Schedules    []Schedule    `json:"schedules,omitempty"`
	Grounds      []Ground      `json:"grounds,omitempty"`
	Holidays     []Holiday     `json:"holidays,omitempty"`
	Records      []*RecordType `json:"records"`
	Terms        []Term        `json:"terms,omitempty"`
	Moments      []Term        `json:"moments,omitempty"`
	Duties       []DutyRule    `json:"duties"`
	Gates        []GateRule    `json:"gates"`
	Viewing      []ViewingRule `json:"viewing,omitempty"`
	Forms        []Form        `json:"forms,omitempty"`
	Rights       []Card        `json:"rights,omitempty"`
	Instructions []Card        `json:"instructions,omitempty"`
	Publication  []Series      `json:"publication,omitempty"`
	Surges       []Surge       `json:"surges,omitempty"`
	Fees         []FeeTable    `json:"fees,omitempty"`
	Examples     []Example     `json:"tests"`

	Zone         *time.Location `json:"-"`
	root         *node          // as read, for Diff
	holiday      map[string]bool
	offenceAt    map[string]int
	termAt       map[string]int // over Terms
	momentAt     map[string]int // over Moments
	recordsShape *shape
	tablesShape  *shape
	lang         *language
}

// Version names the order by its id and the digest of its file, as an event
// does.
func (o *Order) Version() jurat.OrderVersion { return jurat.OrderVersion{ID: o.ID, Digest: o.Digest} }

// parsing is one call of Parse.
type parsing struct {
	*source
	order  *Order
	lang   *language
	ids    map[string]bool // duties and needs, which share their names
	refs   []reference     // checked once everything is read
	untold map[string]int  // labels that lack a language
	rest   []func()        // for when the whole file has been read
}

// A reference is an id that must be declared somewhere in the file.
type reference struct {
	n    *node
	kind string
}

func (p *parsing) later(n *node, kind string) { p.refs = append(p.refs, reference{n, kind}) }

func (p *parsing) hintLast(hint string) {
	if len(p.problems) > 0 {
		p.problems[len(p.problems)-1].Hint = hint
	}
}

// then keeps work for when the whole file has been read: what needs every
// record type, or costs more than reading.
func (p *parsing) then(work func()) { p.rest = append(p.rest, work) }

// Parse reads an order file. name is how problems name it. The order is nil
// exactly when a problem that is no warning was found; every problem of the
// file is given, in the order of the file.
//
// Parse reads nothing but src: the same bytes give the same order.
func Parse(name string, src []byte) (*Order, Problems) {
	p := newParsing(name)
	p.order.Digest = jurat.DigestOf(src)
	if root := p.read(src); root != nil {
		p.order.root = root
		p.structure(root)
		p.finish()
	}
	if len(p.problems.Refused()) > 0 {
		return nil, p.problems.sorted()
	}
	return p.order, p.problems.sorted()
}

func newParsing(name string) *parsing {
	return &parsing{source: &source{file: name}, order: &Order{File: name}, ids: map[string]bool{}, untold: map[string]int{}}
}

// structure reads the file's entries and their keys.
func (p *parsing) structure(root *node) {
	g := p.group(root, "the order", headKeys...)
	p.head(g)
	p.tables(g)
	p.offences(g)
	p.retention(g)
	p.holidays(g)
	p.records(g)
	p.terms(g)
	p.duties(g)
	p.gates(g)
	p.viewing(g)
	p.forms(g)
	p.cards(g)
	p.series(g)
	p.surges(g)
	p.fees(g)
	p.examples(g)
	p.references()
	p.untranslated()
}

// finish checks the schemas and the expressions, and what only they can tell.
func (p *parsing) finish() {
	o := p.order
	lang, err := newLanguage(o)
	if err != nil {
		p.problem(1, 1, "the order's expressions cannot be read: "+err.Error(), "", "")
		return
	}
	p.lang, o.lang = lang, lang
	o.offenceAt = map[string]int{}
	for i, x := range o.Offences {
		o.offenceAt[x.ID] = i
	}
	for _, work := range p.rest {
		work()
	}
	p.unused()
}
