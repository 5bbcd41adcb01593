package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/dossier"
	"jurat/internal/durable"
	"jurat/internal/login"
)

type demoVerb struct{}

func (demoVerb) Help() string {
	return "Examples:\n  jurat demo\n  jurat demo --dir /tmp/tour\n\nMakes a city's record and a county's, with fresh keys, and takes an incident from the first report to a dossier that a stranger verifies. Needs nothing but this program. Who appears in it are roles; what its films show are test patterns."
}

// Run plays the main job. --dir must be absent or empty; JURAT_DIR is ignored.
func (v *demoVerb) Run(ctx context.Context, c *call) error {
	dir := c.verbs.Dir
	if dir == "" {
		made, err := os.MkdirTemp("", "jurat-demo-")
		if err != nil {
			return jurat.Because(jurat.Unavailable, err, "make a folder for the demonstration")
		}
		dir = made
	} else if err := emptyFolder(dir); err != nil {
		return err
	}
	began := c.now()
	p := &play{call: c, ctx: ctx, dir: dir, keys: map[jurat.PersonID]login.Key{}}
	err := p.run()
	err = errors.Join(err, p.close())
	if err != nil {
		return err
	}
	p.tell("\nAll of it is in %s (%.1f s). Look around:", dir, c.now().Sub(began).Seconds())
	p.tell("  jurat incident show %s --dir %s/city", p.incident, dir)
	p.tell("  jurat fsck --dir %s/city", dir)
	p.tell("  jurat verify --trust %s/trust.json %s/dossier.zip", dir, dir)
	p.tell("\nOr in a browser, each record at a counter of its own:")
	p.tell("  jurat serve --dir %s/city", dir)
	p.tell("  jurat serve --dir %s/county --addr %s --site %s", dir, countyAddr, countySite)
	p.tell("and sign in by one of these, each good once, for a day:")
	for _, l := range p.links {
		p.tell("  %-16s %s%s", l.who, l.site, l.path)
	}
	return nil
}

// A play is the demonstration as it goes.
type play struct {
	call         *call
	ctx          context.Context
	dir          string
	city, county *house
	keys         map[jurat.PersonID]login.Key
	incident     jurat.IncidentNumber
	referral     jurat.ItemID
	taken        jurat.Dossier
	links        []invitation
	step         int
}

// An invitation is the one link by which somebody of the demonstration signs in
// at the counter for the first time.
type invitation struct {
	who        jurat.PersonID
	site, path string
}

// Where the counters of the demonstration are. Browsers keep cookies and
// passkeys by host whatever the port, so the county has a host of its own;
// every name under localhost is this machine (RFC 6761).
const citySite, countySite, countyAddr = "http://localhost:8080", "http://county.localhost:8081", "127.0.0.1:8081"

// invite gives those a link whose pages are worth a look.
func (p *play) invite() error {
	for _, i := range []struct {
		house *house
		site  string
		who   jurat.PersonID
	}{
		{p.city, citySite, "officer-4471"}, {p.city, citySite, "supervisor-1102"}, {p.city, citySite, "detective-2208"}, {p.city, citySite, "evidence-7"},
		{p.city, citySite, "administrator-2"}, {p.city, citySite, "aide-1"}, {p.county, countySite, "prosecutor-12"},
	} {
		link, _, err := giveLink(p.ctx, i.house, desk.Caller{}, i.who, p.now())
		if err != nil {
			return err
		}
		p.links = append(p.links, invitation{i.who, i.site, setupPath(link)})
	}
	return nil
}

func (p *play) close() error {
	var errs []error
	for _, h := range []*house{p.city, p.county} {
		if h != nil {
			errs = append(errs, h.publish(p.ctx, p.call.now()), h.close())
		}
	}
	return errors.Join(errs...)
}

// tell prints a line for people.
func (p *play) tell(format string, args ...any) {
	p.call.say(format, args...)
}

// act prints the sentence of one act that was done.
func (p *play) act(format string, args ...any) {
	p.step++
	sentence := fmt.Sprintf(format, args...)
	if p.call.verbs.JSON {
		_ = p.call.object(map[string]any{"step": p.step, "act": sentence})
		return
	}
	p.tell("%3d. %s", p.step, sentence)
}

func (p *play) path(name string) string { return filepath.Join(p.dir, name) }

func (p *play) now() time.Time { return p.call.now() }

// as is somebody at the desk with their own key.
func (p *play) as(id jurat.PersonID) desk.Caller {
	if key, ok := p.keys[id]; ok {
		return desk.Caller{Person: id, Signer: key}
	}
	return desk.Caller{Person: id}
}

func (p *play) run() error {
	for _, scene := range []func() error{
		p.houses, p.people, p.trust, p.order, p.report, p.footage, p.identification, p.writing, p.accounts, p.allegation, p.approval, p.quietIncident,
		p.politicalOffice, p.referring, p.handOver, p.countyTakes, p.supplement, p.decision, p.threeAnswers, p.invite,
	} {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		if err := scene(); err != nil {
			return fmt.Errorf("the demonstration stopped after step %d: %w", p.step, err)
		}
	}
	return nil
}

func (p *play) houses() error {
	var err error
	if p.city, err = makeHouse(p.ctx, p.path("city"), &initVerb{Name: "City police", Office: "police"}, p.now()); err != nil {
		return err
	}
	if p.county, err = makeHouse(p.ctx, p.path("county"), &initVerb{Name: "County prosecutor", Office: "prosecutor"}, p.now()); err != nil {
		return err
	}
	if err := durable.MkdirAll(p.path("people"), 0o700); err != nil {
		return err
	}
	p.act("Two records are made with keys of their own: the city police's and the county prosecutor's.")
	return nil
}

type member struct {
	house  *house
	office jurat.OfficeID
	id     jurat.PersonID
	role   jurat.Role
	sworn  bool
	key    bool
}

func (p *play) people() error {
	op := desk.Caller{}
	offices := []struct {
		house  *house
		office jurat.Office
	}{
		{p.city, jurat.Office{ID: "county-prosecutor", Name: "County prosecutor", Function: jurat.FunctionProsecutor}},
		{p.city, jurat.Office{ID: "mayors-office", Name: "Mayor's office", Function: jurat.FunctionPolitical}},
		{p.county, jurat.Office{ID: "city-police", Name: "City police", Function: jurat.FunctionPolice}},
	}
	for _, o := range offices {
		if _, err := o.house.desk.AddOffice(p.ctx, op, p.now(), o.office); err != nil {
			return err
		}
	}
	members := []member{
		{p.city, "city-police", "officer-4471", jurat.RoleOfficer, true, true},
		{p.city, "city-police", "supervisor-1102", jurat.RoleSupervisor, true, true},
		{p.city, "city-police", "detective-2208", jurat.RoleDetective, true, true},
		{p.city, "city-police", "evidence-7", jurat.RoleEvidence, false, false},
		{p.city, "mayors-office", "aide-1", jurat.RolePolitical, false, false},
		{p.county, "county-prosecutor", "prosecutor-12", jurat.RoleProsecutor, false, true},
		{p.county, "county-prosecutor", "administrator-1", jurat.RoleAdmin, false, false},
	}
	for _, m := range members {
		if err := p.join(m, op); err != nil {
			return err
		}
	}
	p.act("People are added by their work names, each signer with a key of their own; an aide of the mayor's office gets an account too.")
	return nil
}

func (p *play) join(m member, by desk.Caller) error {
	_, err := m.house.desk.AddPerson(p.ctx, by, p.now(), jurat.Person{ID: m.id, Label: labelOf(string(m.id)), Office: m.office, Role: m.role, Sworn: m.sworn})
	if err != nil || !m.key {
		return err
	}
	key, _, err := makePersonKey(p.ctx, visit{m.house, by, p.call.now}, m.id, p.path(filepath.Join("people", string(m.id)+".key")))
	p.keys[m.id] = key
	return err
}

func (p *play) trust() error {
	city, county := p.city.keys.trust(p.city.settings.Name, p.city.settings.Origin), p.county.keys.trust(p.county.settings.Name, p.county.settings.Origin)
	cityFile, err := city.Marshal()
	if err != nil {
		return err
	}
	countyFile, err := county.Marshal()
	if err != nil {
		return err
	}
	both, err := format.Trust{Offices: append(city.Offices, county.Offices...)}.Marshal()
	if err != nil {
		return err
	}
	if err := durable.WriteFile(p.path("trust.json"), both, 0o644); err != nil {
		return err
	}
	admin := desk.Caller{Person: "administrator-1"}
	if _, err := p.county.desk.TrustOffice(p.ctx, admin, p.now(), "city-police", cityFile, p.city.keys.age.Recipient().String()); err != nil {
		return err
	}
	if _, err := p.city.desk.TrustOffice(p.ctx, desk.Caller{}, p.now(), "county-prosecutor", countyFile, p.county.keys.age.Recipient().String()); err != nil {
		return err
	}
	p.act("The two offices exchange their public keys by another way than any dossier, and pin them (trust.json).")
	return nil
}

// The answers the demonstration ends with, on copies that are thrown away.
func (p *play) threeAnswers() error {
	trust, err := os.ReadFile(p.path("trust.json"))
	if err != nil {
		return err
	}
	whole, err := os.ReadFile(p.path("dossier.zip"))
	if err != nil {
		return err
	}
	copies, err := os.MkdirTemp("", "jurat-copies-")
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "make copies")
	}
	defer os.RemoveAll(copies)
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 1
	for _, a := range []struct {
		name, about, want string
		bytes             []byte
	}{
		{"dossier.zip", "The dossier as it was handed over", dossier.Intact, whole},
		{"flipped.zip", "A copy with one bit flipped", dossier.Altered, flipped},
		{"short.zip", "A copy cut short", dossier.Unsure, whole[:len(whole)*2/3]},
	} {
		path := filepath.Join(copies, a.name)
		if err := os.WriteFile(path, a.bytes, 0o600); err != nil {
			return err
		}
		report := dossier.Verify(p.ctx, path, dossier.Options{Trust: trust})
		if report.Answer != a.want {
			return jurat.Errorf(jurat.Unavailable, "%s answers %q, not %q: %v", a.name, report.Answer, a.want, report.Findings)
		}
		p.act("%s, verified offline with trust: %s.", a.about, report.Answer)
	}
	return nil
}
