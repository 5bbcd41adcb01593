package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"jurat"
)

// who is somebody of the matrix, by the letter of their column.
func who(role jurat.Role, function jurat.Function, own, sworn bool) question {
	return question{who: hand{Hand: jurat.Hand{Actor: jurat.Actor{Person: "somebody", Office: "office", Role: role, Via: jurat.ViaKey}, Sworn: sworn, Function: function}, own: own}}
}

var operator = question{who: hand{Hand: jurat.Hand{Actor: jurat.Actor{Via: jurat.ViaOperator}}, own: true}}

// columns are who may do something at all.
var columns = map[string]question{
	"o": operator,                                               // the local operator
	"i": with(operator, func(q *question) { q.noAdmin = true }), // before the first administrator
	"P": who(jurat.RoleOfficer, jurat.FunctionPolice, true, true),
	"S": who(jurat.RoleSupervisor, jurat.FunctionPolice, true, true),
	"D": who(jurat.RoleDetective, jurat.FunctionPolice, true, true),
	"E": who(jurat.RoleEvidence, jurat.FunctionPolice, true, false),
	"R": who(jurat.RoleRecords, jurat.FunctionPolice, true, false),
	"C": who(jurat.RoleCounsel, jurat.FunctionCounsel, true, false),
	"U": who(jurat.RoleAuditor, jurat.FunctionOversight, false, false),
	"B": who(jurat.RoleConduct, jurat.FunctionPolice, true, true),
	"A": who(jurat.RoleAdmin, jurat.FunctionPolice, true, false),
	"K": who(jurat.RoleProsecutor, jurat.FunctionProsecutor, true, false),                                                 // in the prosecutor's own record
	"k": with(who(jurat.RoleProsecutor, jurat.FunctionProsecutor, false, false), func(q *question) { q.referred = true }), // what was referred to their office
}

// outside may do nothing, whatever it is.
var outside = map[string]question{
	"an aide":                          who(jurat.RolePolitical, jurat.FunctionPolitical, true, false),
	"a sworn liaison":                  who(jurat.RoleSupervisor, jurat.FunctionPolitical, true, true),
	"an aide in a police office":       who(jurat.RolePolitical, jurat.FunctionPolice, true, false),
	"a political auditor":              who(jurat.RoleAuditor, jurat.FunctionPolitical, false, false),
	"a political administrator":        who(jurat.RoleAdmin, jurat.FunctionPolitical, true, false),
	"counsel of a political office":    with(who(jurat.RoleCounsel, jurat.FunctionCounsel, true, false), func(q *question) { q.who.screened = true }),
	"a retired supervisor":             with(who(jurat.RoleSupervisor, jurat.FunctionPolice, true, true), func(q *question) { q.who.retired = true }),
	"a retired administrator":          with(who(jurat.RoleAdmin, jurat.FunctionPolice, true, false), func(q *question) { q.who.retired = true }),
	"an officer of another office":     who(jurat.RoleOfficer, jurat.FunctionPolice, false, true),
	"another office's administrator":   who(jurat.RoleAdmin, jurat.FunctionPolice, false, false),
	"the agency's auditor":             who(jurat.RoleAuditor, jurat.FunctionAgency, false, false),
	"a prosecutor nothing was sent to": who(jurat.RoleProsecutor, jurat.FunctionProsecutor, false, false),
	"a prosecutor's administrator":     with(who(jurat.RoleAdmin, jurat.FunctionProsecutor, false, false), func(q *question) { q.referred = true }),
	"a prosecutor's auditor":           with(who(jurat.RoleAuditor, jurat.FunctionProsecutor, false, false), func(q *question) { q.referred = true }),
	"a prosecutor's records officer":   with(who(jurat.RoleRecords, jurat.FunctionProsecutor, false, false), func(q *question) { q.referred = true }),
	"somebody without a role":          who("", jurat.FunctionPolice, true, false),
}

func with(q question, change func(*question)) question {
	change(&q)
	return q
}

// matrix says who may do what in an incident or, for the house's own acts and
// lists, in the house. Who stands in no column of a row is refused.
const matrix = `
view                   CDEKPRSUiko
list                   ABCDEKPRSUio
incident.list          CDEKPRSUio
search                 CDEKPRSUio
report                 CRSU
referral.list          CDKSU
numbers.published      CRS
sealed.read            CDEKSU
journal.read           AUio
incident.opened        DEKPSio
incident.amended       DEKPS
incident.closed        KS
incident.reopened      KS
item.opened
identity.opened
exhibit.received       DEKPSio
exhibit.located        DEKPSio
exhibit.confirmed      CDEKRS
exhibit.verified       DEKPSio
exhibit.probed         DEKPSio
exhibit.derived        CDEKPRSio
exhibit.timed          DEKPS
mark.added             DEKPS
viewing.released       S
redaction.made         CDEKRS
redaction.reviewed     CDEKRS
redaction.returned     CDEKRS
redaction.released     CKRS
record.added           DEKPRS
record.amended         DEKPRS
record.submitted       DEKPS
record.returned        S
record.approved        S
party.added            DEKPS
party.amended          DEKPS
account.opened         DEKPS
account.asked          DEKPS
account.given          DEKPS
account.no_answer      DEKPS
account.declined       DEKPS
account.screened       C
allegation.added       DEKPS
allegation.weighed     DKS
allegation.mapped      CDKS
allegation.status      DKS
consent.given          DEKPS
consent.withdrawn      DEKPS
flag.added             CDEKPS
hold.placed            CDEKRS
hold.released          CK
disposal.plan          CEKRSU
disposal.approved      CKRS
disposal.withdrawn     CKRS
disposal.told          R
writ.list              CKRS
writ.approved          CKRS
writ.withdrawn         CKRS
exhibit.disposed
restore.disposed       Rio
restore.expunged       Rio
contact.recorded       CDEKPS
referral.prepared      DS
referral.noticed       DS
referral.attested      DS
referral.approved      S
referral.sent          DS
referral.supplemented  DS
referral.answered      DS
referral.withdrawn     S
dossier.sealed         DS
dossier.sent           DS
dossier.received       K
dossier.receipt        DKS
dossier.decided        K
person.added           Ai
person.key             Ai
person.retired         A
person.admit           Aio
office.added           Ai
office.trusted         Ai
order.adopted          Ai
key.rotated            A
ledger.continued       Ai
journal.digested
import.added           DERS
`

// houseActs concern no incident.
var houseActs = []jurat.Act{actionList, actionIncidents, actionSearch, actionReport, actionReferrals, actionJournal, actionAdmit, jurat.IncidentOpened, jurat.PersonAdded, jurat.PersonKey, jurat.PersonRetired, jurat.OfficeAdded, jurat.OfficeTrusted,
	jurat.OrderAdopted, jurat.KeyRotated, jurat.LedgerContinued, jurat.JournalDigested, jurat.ImportAdded, jurat.NumbersPublished,
	actionWrits, jurat.WritApproved, jurat.WritWithdrawn, jurat.RestoreExpunged}

func TestWhoMayDoWhat(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	rows := map[jurat.Act]string{}
	for line := range strings.Lines(strings.TrimSpace(matrix)) {
		act, may, _ := strings.Cut(strings.TrimSpace(line), " ")
		rows[jurat.Act(act)] = strings.TrimSpace(may)
	}
	for _, act := range everyAct(t) {
		var may strings.Builder
		for _, letter := range slices.Sorted(maps.Keys(columns)) {
			q := asks(columns[letter], act)
			if allowed, _ := p.allows(q); allowed {
				may.WriteString(letter)
			}
		}
		if want, ok := rows[act]; !ok || want != may.String() {
			t.Errorf("%s %s; the matrix says %q", act, may.String(), want)
		}
		for name, q := range outside {
			if allowed, why := p.allows(asks(q, act)); allowed {
				t.Errorf("%s may do %s by %v", name, act, why)
			}
		}
	}
}

func asks(q question, act jurat.Act) question {
	q.action = act
	if !slices.Contains(houseActs, act) {
		q.incident = "2026-000001"
	}
	if act == actionSealed {
		q.class = jurat.ClassIdentity
	}
	return q
}

// No permit lifts a wall: not one for everybody and everything.
func TestAWallStandsWhateverIsPermitted(t *testing.T) {
	walls, err := policyFiles.ReadFile("policy/walls.cedar")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPolicy(map[string][]byte{"walls.cedar": walls, "all.cedar": []byte(`@id("everything") permit (principal, action, resource);`)})
	if err != nil {
		t.Fatal(err)
	}
	changing := who(jurat.RoleAuditor, jurat.FunctionOversight, true, false)
	for _, tc := range []struct {
		wall string
		q    question
	}{
		{"wall-political", asks(outside["an aide"], actionView)},
		{"wall-political", asks(outside["a sworn liaison"], jurat.ReferralApproved)},
		{"wall-political", asks(outside["an aide"], actionList)},
		{"wall-screened-counsel", asks(outside["counsel of a political office"], actionView)},
		{"wall-court", with(asks(columns["S"], actionView), func(q *question) { q.hidden = true })},
		{"wall-court", with(asks(columns["U"], actionView), func(q *question) { q.hidden = true })},
		{"wall-retired", asks(outside["a retired supervisor"], actionView)},
		{"wall-auditor", asks(changing, jurat.RecordAdded)},
		{"wall-other-office", asks(outside["an officer of another office"], jurat.RecordAdded)},
		{"wall-compelled", sealedOf(columns["D"], jurat.ClassCompelled)},
		{"wall-compelled", sealedOf(columns["K"], jurat.ClassCompelled)},
		{"wall-compelled", sealedOf(columns["U"], jurat.ClassCompelled)},
		{"wall-privileged", sealedOf(columns["S"], jurat.ClassPrivileged)},
		{"wall-privileged", sealedOf(columns["U"], jurat.ClassPrivileged)},
		{"wall-complaint", complaint(columns["S"], actionList)},
		{"wall-complaint", complaint(columns["D"], jurat.RecordApproved)},
		{"wall-complaint", complaint(columns["A"], actionList)},
		{"wall-inquiry", with(complaint(columns["S"], jurat.RecordAdded), func(q *question) { q.wall = jurat.WallInquiry })},
		{"wall-prosecutors-own", behindWall(columns["U"], actionList, jurat.WallAssessment)},
		{"wall-prosecutors-own", behindWall(columns["C"], actionList, jurat.WallGrandJury)},
		{"wall-prosecutors-own", behindWall(operator, actionList, jurat.WallGrandJury)},
		{"wall-prosecutors-own", behindWall(columns["k"], actionView, jurat.WallAssessment)},
		{"wall-prosecutors-own", with(behindWall(columns["D"], actionList, jurat.WallAssessment), func(q *question) { q.author = true })},
		{"wall-prosecutors-own", behindWall(who(jurat.RoleSupervisor, jurat.FunctionProsecutor, true, true), jurat.RecordApproved, jurat.WallAssessment)},
		{"wall-prosecutors-own", behindWall(who(jurat.RoleProsecutor, jurat.FunctionPolice, true, false), jurat.RecordAdded, jurat.WallGrandJury)},
		{"wall-nameless", sealedOf(operator, jurat.ClassIdentity)},
	} {
		if allowed, why := p.allows(tc.q); allowed || !slices.Contains(why, tc.wall) {
			t.Errorf("%s: allowed %t, by %v", tc.wall, allowed, why)
		}
	}
	// and it is walls that did it
	if allowed, _ := p.allows(asks(columns["P"], jurat.ReferralApproved)); !allowed {
		t.Error("the permit for everything permits nothing")
	}
}

func complaint(q question, act jurat.Act) question { return behindWall(q, act, jurat.WallComplaint) }

func behindWall(q question, act jurat.Act, w jurat.Wall) question {
	q.action, q.wall = act, w
	return q
}

func sealedOf(q question, c jurat.Class) question {
	q = asks(q, actionSealed)
	q.class = c
	return q
}

// Sealed classes, by who opens them.
func TestWhoOpensWhatIsSealed(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range jurat.Classes[1:] {
		for _, released := range []bool{false, true} {
			var may strings.Builder
			for _, letter := range slices.Sorted(maps.Keys(columns)) {
				q := sealedOf(columns[letter], class)
				q.released = released
				if allowed, _ := p.allows(q); allowed {
					may.WriteString(letter)
				}
			}
			want := "CDEKSU"
			switch {
			case class == jurat.ClassPrivileged, class == jurat.ClassCompelled && !released:
				want = "C"
			}
			if may.String() != want {
				t.Errorf("%s (released %t) opens to %q, want %q", class, released, may.String(), want)
			}
		}
	}
}

// OWN-4: a complaint about the office's own people stands behind its own wall.
// It is taken in by anybody, read by who looks into it, counsel and oversight,
// and kept by who wrote it.
func TestWhoReachesAComplaint(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		act    jurat.Act
		author bool
		may    string
	}{
		{actionList, false, "BCU"},
		{actionList, true, "BCDEKPSU"},
		{actionSealed, false, "BCU"},
		{actionSealed, true, "BCU"},
		{jurat.RecordAdded, false, "BDEKPRS"},
		{jurat.RecordAmended, false, "B"},
		{jurat.RecordAmended, true, "BDEKPS"},
		{jurat.RecordSubmitted, true, "BDEKPS"},
		{jurat.RecordApproved, false, ""},
		{jurat.RecordReturned, false, ""},
	} {
		ask := func(q question) question {
			q.action, q.wall, q.author = tc.act, jurat.WallComplaint, tc.author
			if tc.act == actionSealed {
				q.class = jurat.ClassContact
			}
			return q
		}
		var may strings.Builder
		for _, letter := range slices.Sorted(maps.Keys(columns)) {
			if letter == "i" || letter == "o" || letter == "A" || letter == "R" {
				if tc.author { // none of them writes a record
					continue
				}
			}
			if allowed, _ := p.allows(ask(columns[letter])); allowed {
				may.WriteString(letter)
			}
		}
		if may.String() != tc.may {
			t.Errorf("%s (author %t): %q, want %q", tc.act, tc.author, may.String(), tc.may)
		}
		for name, q := range outside {
			if allowed, why := p.allows(ask(q)); allowed {
				t.Errorf("%s may do %s by %v", name, tc.act, why)
			}
		}
	}
	compelled := columns["B"]
	compelled.action, compelled.wall, compelled.class = actionSealed, jurat.WallComplaint, jurat.ClassCompelled
	if allowed, _ := p.allows(compelled); !allowed {
		t.Error("who ordered a statement does not read it")
	}
	for _, letter := range []string{"U", "K", "D", "S"} {
		q := columns[letter]
		q.action, q.wall, q.class = actionSealed, jurat.WallComplaint, jurat.ClassCompelled
		if allowed, _ := p.allows(q); allowed {
			t.Errorf("%s reads a compelled statement", letter)
		}
	}
}

// An engine skips a forbid that errs, and would permit: here it denies.
func TestAPolicyThatErrsDenies(t *testing.T) {
	for _, text := range []string{
		`@id("all") permit (principal, action, resource); @id("errs") forbid (principal, action, resource) when { principal.nothing == "x" };`,
		`@id("all") permit (principal, action, resource); @id("errs") permit (principal, action, resource) when { context.class < 3 };`,
	} {
		p, err := newPolicy(map[string][]byte{"p.cedar": []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // remembered too
			if allowed, why := p.allows(asks(columns["S"], actionView)); allowed || !slices.Contains(why, "policy-error") {
				t.Errorf("allowed %t by %v", allowed, why)
			}
		}
	}
}

func TestAPolicyWithoutANameOfItsOwnIsRefused(t *testing.T) {
	for _, text := range []string{
		`permit (principal, action, resource);`,
		`@id("a") permit (principal, action, resource); @id("a") forbid (principal, action, resource);`,
		`@id("a") permit (principal, action, resource`,
	} {
		if _, err := newPolicy(map[string][]byte{"p.cedar": []byte(text)}); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

// Made-up questions do not fill the memory.
func TestAnswersAreRememberedWithoutEnd(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for i := range mostKnown + 10 {
		q := sealedOf(columns["U"], jurat.Class(fmt.Sprint(i)))
		if allowed, _ := p.allows(q); !allowed {
			t.Fatal("refused")
		}
	}
	if len(p.known) > mostKnown {
		t.Errorf("%d answers are remembered", len(p.known))
	}
}
