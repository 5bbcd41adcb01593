package desk

import (
	"embed"
	"io/fs"
	"path"
	"sync"

	"github.com/cedar-policy/cedar-go"

	"jurat"
)

//go:embed policy/*.cedar
var policyFiles embed.FS

// A policy decides who may. It is the only place that does. An answer is
// remembered: it depends on nothing but what was asked.
type policy struct {
	set *cedar.PolicySet

	mu    sync.RWMutex
	known map[asked]answer
}

// mostKnown is how many answers are remembered. There are fewer questions than
// that but for made-up classes and acts, which begin the memory anew.
const mostKnown = 1 << 14

type answer struct {
	allowed bool
	why     []string
}

// The actions that are not acts: they read.
const (
	actionView jurat.Act = "view"
	// actionList lists what is the house's: people, offices, orders, its records.
	actionList jurat.Act = "list"
	// actionIncidents lists incidents, and what is owed in them.
	actionIncidents jurat.Act = "incident.list"
	actionSearch    jurat.Act = "search"
	// actionReport makes a report an order asks for: rows, and no list of incidents.
	actionReport jurat.Act = "report"
	actionSealed jurat.Act = "sealed.read"
	// actionJournal reads the security journal.
	actionJournal jurat.Act = "journal.read"
	// actionWrits lists what courts ordered of incidents.
	actionWrits jurat.Act = "writ.list"
	// actionPlan lists what a disposal would reach, and opens nothing.
	actionPlan jurat.Act = "disposal.plan"
	// actionReferrals lists referrals.
	actionReferrals jurat.Act = "referral.list"
	// actionAdmit gives a person a link to make their credentials, or ends their
	// sessions. It changes nothing on the record.
	actionAdmit jurat.Act = "person.admit"
)

// loadPolicy reads the built-in policies.
func loadPolicy() (*policy, error) {
	names, err := fs.Glob(policyFiles, "policy/*.cedar")
	if err != nil {
		return nil, err
	}
	texts := map[string][]byte{}
	for _, name := range names {
		if texts[path.Base(name)], err = policyFiles.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return newPolicy(texts)
}

// newPolicy reads policies by file. Each carries an @id that becomes its name,
// so that a journal line means the same when a file is reordered.
func newPolicy(texts map[string][]byte) (*policy, error) {
	set := cedar.NewPolicySet()
	for name, text := range texts {
		list, err := cedar.NewPolicyListFromBytes(name, text)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			id := p.Annotations()["id"]
			if id == "" || set.Get(cedar.PolicyID(id)) != nil {
				return nil, jurat.Errorf(jurat.Invalid, "%s: a policy without an id of its own", name)
			}
			set.Add(cedar.PolicyID(id), p)
		}
	}
	return &policy{set: set, known: map[asked]answer{}}, nil
}

// A question is one decision asked of the policy.
type question struct {
	who      hand
	action   jurat.Act
	incident jurat.IncidentNumber // zero: the house
	referred bool                 // the incident was referred to the office of who asks
	class    jurat.Class          // of a sealed part
	released bool                 // counsel released a compelled statement
	noAdmin  bool                 // no administrator exists yet
	hidden   bool                 // a court's order hides the incident from who asks
	wall     jurat.Wall           // the record asked about stands behind
	author   bool                 // who asks wrote that record
	self     bool                 // it is about who asks
}

// asked is all of a question that a policy can see: who somebody is does not
// matter, but what they are. It can key a map for that reason.
type asked struct {
	named, own, sworn, retired, screened bool
	via                                  jurat.Via
	role                                 jurat.Role
	function                             jurat.Function
	action                               jurat.Act
	house, referred, released, noAdmin   bool
	hidden, self                         bool
	class                                jurat.Class
	wall                                 jurat.Wall
	author                               bool
}

func (q question) asked() asked {
	return asked{
		named: q.who.Person != "", own: q.who.own, sworn: q.who.Sworn, retired: q.who.retired, screened: q.who.screened,
		via: q.who.Via, role: q.who.Role, function: q.who.Function, action: q.action,
		house: q.incident == "", referred: q.referred, released: q.released, noAdmin: q.noAdmin, hidden: q.hidden, class: q.class, wall: q.wall, author: q.author, self: q.self,
	}
}

var readOnly = map[jurat.Act]bool{actionView: true, actionList: true, actionIncidents: true, actionSearch: true, actionReport: true, actionSealed: true, actionJournal: true, actionPlan: true, actionWrits: true, actionReferrals: true}

// allows answers the question, and names the policies that decided.
func (p *policy) allows(q question) (bool, []string) {
	key := q.asked()
	p.mu.RLock()
	a, ok := p.known[key]
	p.mu.RUnlock()
	if ok {
		return a.allowed, a.why
	}
	a.allowed, a.why = p.evaluate(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= mostKnown {
		clear(p.known)
	}
	p.known[key] = a
	return a.allowed, a.why
}

// roles are those that would be allowed what somebody of this office was not:
// whom to ask instead.
func (p *policy) roles(q question) []string {
	var all []string
	for _, role := range jurat.Roles {
		q.who.Role, q.who.Sworn = role, true
		if ok, _ := p.allows(q); ok {
			all = append(all, string(role))
		}
	}
	return all
}

// evaluate asks the engine. A policy that could not be evaluated is a refusal:
// an erroring forbid is skipped by the engine, so any diagnostic error must
// deny.
func (p *policy) evaluate(q asked) (bool, []string) {
	principal, resource := cedar.NewEntityUID("Person", "who"), cedar.NewEntityUID("Incident", "incident")
	if q.house {
		resource = cedar.NewEntityUID("House", "record")
	}
	entities := cedar.EntityMap{
		principal: {UID: principal, Attributes: cedar.NewRecord(cedar.RecordMap{
			"named": cedar.Boolean(q.named), "role": cedar.String(q.role), "function": cedar.String(q.function), "via": cedar.String(q.via),
			"own": cedar.Boolean(q.own), "sworn": cedar.Boolean(q.sworn), "retired": cedar.Boolean(q.retired), "screened": cedar.Boolean(q.screened),
		})},
		resource: {UID: resource, Attributes: cedar.NewRecord(cedar.RecordMap{"referred_here": cedar.Boolean(q.referred)})},
	}
	decision, diagnostic := cedar.Authorize(p.set, entities, cedar.Request{
		Principal: principal, Action: cedar.NewEntityUID("Action", cedar.String(q.action)), Resource: resource,
		Context: cedar.NewRecord(cedar.RecordMap{
			"changes": cedar.Boolean(!readOnly[q.action]), "class": cedar.String(q.class),
			"wall": cedar.String(q.wall), "author": cedar.Boolean(q.author), "self": cedar.Boolean(q.self),
			"released": cedar.Boolean(q.released), "no_administrator": cedar.Boolean(q.noAdmin), "hidden": cedar.Boolean(q.hidden),
		}),
	})
	why := make([]string, 0, len(diagnostic.Reasons)+1)
	for _, r := range diagnostic.Reasons {
		why = append(why, string(r.PolicyID))
	}
	if len(diagnostic.Errors) > 0 {
		return false, append(why, "policy-error")
	}
	return decision == cedar.Allow, why
}
