package desk

import (
	"embed"
	"io/fs"
	"path"

	"github.com/cedar-policy/cedar-go"

	"jurat"
)

//go:embed policy/*.cedar
var policyFiles embed.FS

// A policy decides who may. It is the only place that does.
type policy struct {
	set *cedar.PolicySet
}

// The actions that are not acts: they read.
const (
	actionView   jurat.Act = "view"
	actionList   jurat.Act = "list"
	actionSearch jurat.Act = "search"
	actionSealed jurat.Act = "sealed.read"
	// actionJournal reads the security journal.
	actionJournal jurat.Act = "journal.read"
)

// loadPolicy reads the built-in policies. Each carries an @id that becomes its
// name, so that a journal line means the same when a file is reordered.
func loadPolicy() (*policy, error) {
	set := cedar.NewPolicySet()
	names, err := fs.Glob(policyFiles, "policy/*.cedar")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := policyFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list, err := cedar.NewPolicyListFromBytes(path.Base(name), text)
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
	return &policy{set: set}, nil
}

// A question is one decision asked of the policy.
type question struct {
	who      hand
	action   jurat.Act
	incident jurat.IncidentNumber // zero: the house
	referred []jurat.OfficeID     // the offices the incident was referred to
	class    jurat.Class          // of a sealed part
	released bool                 // counsel released a compelled statement
	noAdmin  bool                 // no administrator exists yet
}

var readOnly = map[jurat.Act]bool{actionView: true, actionList: true, actionSearch: true, actionSealed: true, actionJournal: true}

// allows answers the question, and names the policies that decided. A policy
// that could not be evaluated is a refusal: an erroring forbid is skipped by
// the engine, so any diagnostic error must deny.
func (p *policy) allows(q question) (bool, []string) {
	principal := cedar.NewEntityUID("Person", cedar.String(q.who.Person))
	resource := cedar.NewEntityUID("House", "record")
	if q.incident != "" {
		resource = cedar.NewEntityUID("Incident", cedar.String(q.incident))
	}
	referred := make([]cedar.Value, len(q.referred))
	for i, o := range q.referred {
		referred[i] = cedar.String(o)
	}
	entities := cedar.EntityMap{
		principal: {UID: principal, Attributes: cedar.NewRecord(cedar.RecordMap{
			"person": cedar.String(q.who.Person), "office": cedar.String(q.who.Office), "role": cedar.String(q.who.Role),
			"function": cedar.String(q.who.Function), "via": cedar.String(q.who.Via),
			"own": cedar.Boolean(q.who.own), "sworn": cedar.Boolean(q.who.Sworn), "retired": cedar.Boolean(q.who.retired),
		})},
		resource: {UID: resource, Attributes: cedar.NewRecord(cedar.RecordMap{"referred_to": cedar.NewSet(referred...)})},
	}
	decision, diagnostic := p.set.IsAuthorized(entities, cedar.Request{
		Principal: principal, Action: cedar.NewEntityUID("Action", cedar.String(q.action)), Resource: resource,
		Context: cedar.NewRecord(cedar.RecordMap{
			"changes": cedar.Boolean(!readOnly[q.action]), "class": cedar.String(q.class),
			"released": cedar.Boolean(q.released), "no_administrator": cedar.Boolean(q.noAdmin),
		}),
	})
	reasons := make([]string, 0, len(diagnostic.Reasons))
	for _, r := range diagnostic.Reasons {
		reasons = append(reasons, string(r.PolicyID))
	}
	if len(diagnostic.Errors) > 0 {
		return false, append(reasons, "policy-error")
	}
	return decision == cedar.Allow, reasons
}
