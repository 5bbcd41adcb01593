package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/ledger"
	"jurat/internal/numbers"
	"jurat/internal/register"
	"jurat/orders"
)

// A target is what an attempt names: an incident, there or not, and letters
// and files that would be good in the right hands.
type target struct {
	in                jurat.IncidentNumber
	event             jurat.EventID
	receipt, decision string
	zip               string
}

func (g target) item(short string) jurat.ItemID { return jurat.ItemID(string(g.in) + "-" + short) }

// attempts has one attempt for every exported method of the desk that a caller
// can ask for: nothing but the caller stands between it and an act, or an
// answer. What it gives is what it told.
var attempts = map[string]func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (told any, err error){
	"ByEventNumber": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ByEventNumber(ctx, c, at, "26-327-0144"))
	},
	"Drafts": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Drafts(ctx, c, at))
	},
	"DropDraft": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.DropDraft(ctx, c, at, "one")
	},
	"FileReport": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.FileReport(ctx, c, at, desk.Filing{Draft: "one", Incident: g.in}))
	},
	"StopsApproval": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.StopsApproval(ctx, c, at, desk.Filing{Draft: "one", Incident: g.in}))
	},
	"OpenDraft": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.OpenDraft(ctx, c, at, "one"))
	},
	"RecordVersions": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.RecordVersions(ctx, c, at, g.item("R1")))
	},
	"SaveDraft": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.SaveDraft(ctx, c, at, desk.Draft{ID: "one", Values: map[string][]string{"a": {"b"}}}))
	},
	"Acknowledge": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Acknowledge(ctx, c, at, "one"))
	},
	"Waiting": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Waiting(ctx, c, at))
	},
	"AllDisposals": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]jurat.Disposal, error) {
		return d.AllDisposals
	}),
	"MayReport": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.MayReport(ctx, c, at)
	},
	"PublishNumbers": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.PublishNumbers(ctx, c, at, numbers.Period{From: "2026-01", To: "2026-01"}))
	},
	"CheckOrder": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		text, err := orders.Read(orders.Chicago)
		must(t, err)
		return two(d.CheckOrder(ctx, c, at, "again.yaml", append(text, '\n')))
	},
	"RestateOrder": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		_, done, err := d.RestateOrder(ctx, c, at, "chicago-eo-2026-01", desk.Restatement{State: "stayed", At: at, Authority: "a court", Basis: "stated", Source: "its order", Kind: "court"})
		return done, err
	},
	"Mine": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		lines, _, err := d.Mine(ctx, c, at, "", 10)
		return lines, err
	},
	"Referrals": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Referrals(ctx, c, at))
	},
	"Holds": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Holds(ctx, c, at, true))
	},
	"AddOffice": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.AddOffice(ctx, c, at, jurat.Office{ID: "new-office", Name: "New", Function: jurat.FunctionService}))
	},
	"TrustOffice": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.TrustOffice(ctx, c, at, "county-prosecutor", json.RawMessage(`{"offices":[],"witnesses":[],"quorum":0}`), ""))
	},
	"TrustOffices": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.TrustOffices(ctx, c, at, []desk.Pin{{Office: "county-prosecutor", Trust: json.RawMessage(`{"offices":[],"witnesses":[],"quorum":0}`)}}))
	},
	"AddPerson": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.AddPerson(ctx, c, at, jurat.Person{ID: "new-1", Label: "New 1", Office: desktest.Own, Role: jurat.RoleOfficer}))
	},
	"AddKey": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.AddKey(ctx, c, at, "officer-4471", c.Signer.(interface{ Public() format.PersonKey }).Public()))
	},
	"AddSignOn": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.AddSignOn(ctx, c, at, "officer-4471", "https://sso.example", "x")
	},
	"DropSignOn": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.DropSignOn(ctx, c, at, "officer-4471", "https://sso.example", "x")
	},
	"SignOns": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]desk.SignOn, error) {
		return d.SignOns
	}),
	"Alerts": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]desk.Alert, error) {
		return d.Alerts
	}),
	"Audit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Audit(ctx, c, at, desk.AuditAsk{Incident: g.in}))
	},
	"LastCheckup": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return two(d.LastCheckup(ctx, c, at))
	},
	"KeepCheckup": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return nil, d.KeepCheckup(ctx, c, at, desk.Checkup{Answer: "intact"})
	},
	"StateBackup": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return nil, d.StateBackup(ctx, c, at)
	},
	"LastBackup": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return two(d.LastBackup(ctx, c, at))
	},
	"Keys": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return three(d.Keys(ctx, c, at))
	},
	"Ledger": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return two(d.Ledger(ctx, c, at))
	},
	"JournalBack": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.JournalBack(ctx, c, at, 0, 10))
	},
	"DropKey": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.DropKey(ctx, c, at, "officer-4471", "x", "lost"))
	},
	"EndSessions": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.EndSessions(ctx, c, at, "officer-4471"))
	},
	"GiveLink": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.GiveLink(ctx, c, at, "officer-4471", []byte("x"), at)
	},
	"MayAdmit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.MayAdmit(ctx, c, at)
	},
	"Ready": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Ready(ctx, c, at, func(c desk.Caller, at time.Time) error {
			_, _, err := d.ApproveReferral(ctx, c, at, g.item("K1"))
			return err
		}))
	},
	"RetirePerson": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.RetirePerson(ctx, c, at, "officer-4471", "gone"))
	},
	"People": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]jurat.Person, error) {
		return d.People
	}),
	"Offices": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]jurat.Office, error) {
		return d.Offices
	}),
	"Adoptions": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]jurat.Adoption, error) {
		return d.Adoptions
	}),
	"Trust": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Trust(ctx, c, at))
	},
	"ShowHouse": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ShowHouse(ctx, c, at))
	},
	"Disputes": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Disputes(ctx, c, at, g.in))
	},
	"Prosecution": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Prosecution(ctx, c, at, g.in))
	},
	"RecordTypes": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.RecordTypes(ctx, c, at, g.in))
	},
	"Records": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Records(ctx, c, at, g.in))
	},
	"ShowRecord": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ShowRecord(ctx, c, at, g.item("R1")))
	},
	"Tend": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return desk.Done{}, d.Tend(ctx, c, at)
	},
	"AdoptOrder": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		text, err := orders.Read(orders.Chicago)
		must(t, err)
		_, done, err := d.AdoptOrder(ctx, c, at, "again.yaml", append(text, '\n'))
		return done, err
	},
	"OpenIncident": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.OpenIncident(ctx, c, at, jurat.Opening{Title: "Anything"}))
	},
	"AmendIncident": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.AmendIncident(ctx, c, at, g.in, jurat.Opening{Title: "Anything"}, "because"))
	},
	"CloseIncident": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.CloseIncident(ctx, c, at, g.in, "because"))
	},
	"ReopenIncident": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ReopenIncident(ctx, c, at, g.in, "because"))
	},
	"PlanDisposal": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.PlanDisposal(ctx, c, at, desk.Planning{Incident: g.in}))
	},
	"ApproveDisposal": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ApproveDisposal(ctx, c, at, g.in, desk.Disposing{Certificate: "12-345", Backups: at.Add(time.Hour)}))
	},
	"CarryOutDisposal": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.CarryOutDisposal(ctx, c, at, g.item("Z1")))
	},
	"WithdrawDisposal": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.WithdrawDisposal(ctx, c, at, g.item("Z1"), "because"))
	},
	"TellHolder": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.TellHolder(ctx, c, at, g.item("E2"), "by letter"))
	},
	"Replay": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Replay(ctx, c, at, []string{"no letter"}))
	},
	"Letters": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Letters(ctx, c, at))
	},
	"ApproveWrit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ApproveWrit(ctx, c, at, jurat.Writ{Kind: jurat.WritSeal, Incident: g.in, Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}}))
	},
	"CarryOutWrit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.CarryOutWrit(ctx, c, at, "writ-1"))
	},
	"WithdrawWrit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.WithdrawWrit(ctx, c, at, "writ-1", "because"))
	},
	"Writs": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Writs(ctx, c, at))
	},
	"Disposals": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Disposals(ctx, c, at, g.in))
	},
	"Show": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Show(ctx, c, at, g.in))
	},
	"DutyPage": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		p, err := d.DutyPage(ctx, c, at, "", "", 1000)
		return p.Lines, err
	},
	"Duties": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Duties(ctx, c, at, nil))
	},
	"Footage": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		list, err := d.Footage(ctx, c, at, time.Time{}, true)
		return list.Lines, err
	},
	"FootageGaps": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.FootageGaps(ctx, c, at, []*numbers.Import{{Kind: numbers.Roster}}, time.Time{}))
	},
	"CompareTable": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.CompareTable(ctx, c, at, roster("officer-4471")))
	},
	"ReadTable": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ReadTable(ctx, c, at, roster("officer-4471")))
	},
	"Import": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.Import(ctx, c, at, roster("officer-4471")))
	},
	"Imports": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]jurat.Import, error) {
		return d.Imports
	}),
	"Dispatch": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Dispatch(ctx, c, at, "26-327-0144"))
	},
	"Holdings": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Holdings(ctx, c, at, 12*time.Hour))
	},
	"Sample": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Sample(ctx, c, at, "published before", 1, 0))
	},
	"Notices": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Notices(ctx, c, at, true))
	},
	"Publication": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.Publication(ctx, c, at, desk.Counting{Period: numbers.Period{From: "2025-01", To: "2025-12"}}))
	},
	"Report": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.Report(ctx, c, at, "compliance", desk.Counting{Period: numbers.Period{From: "2025-01", To: "2025-12"}}))
	},
	"Explain": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Explain(ctx, c, at, g.in))
	},
	"ExplainUnder": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		o, err := orders.Parse(orders.Chicago)
		if o == nil {
			t.Fatal(err)
		}
		return two(d.ExplainUnder(ctx, c, at, g.in, o))
	},
	"Events": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Events(ctx, c, at, g.in))
	},
	"Custody": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Custody(ctx, c, at, g.item("E1")))
	},
	"Disclose": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		text, proof, err := d.Disclose(ctx, c, at, g.event, []format.Claim{format.ClaimAct})
		return text + string(proof), err
	},
	"DiscloseOpen": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		text, proof, err := d.DiscloseOpen(ctx, c, at, g.event)
		return text + string(proof), err
	},
	"List": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.List(ctx, c, at, "", 10))
	},
	"Search": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Search(ctx, c, at, desk.Sought{Words: "vehicle"}, "", 10))
	},
	"KeepSearch": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.KeepSearch(ctx, c, at, desk.Sought{Words: "vehicle"}))
	},
	"KeptSearch": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.KeptSearch(ctx, c, at, 1))
	},
	"Journal": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.Journal(ctx, c, at, 0, 10))
	},
	"ContinueLedger": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		_, gap, err := d.ContinueLedger(ctx, c, at, nil, ledger.Key{})
		return gap, err
	},
	"Receive": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		for out := range d.Receive(ctx, c, func() time.Time { return at }, desk.Receiving{Incident: g.in, Arrival: jurat.Arrival{Kind: "bwc"}}, slices.Values(desktest.Files(t, "bytes of a stranger"))) {
			return out.Exhibit, out.Err
		}
		return nil, nil
	},
	"LocateExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.LocateExhibit(ctx, c, at, g.in, jurat.Arrival{Kind: "bwc", System: "store", Key: "1"}))
	},
	"ConfirmExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ConfirmExhibit(ctx, c, at, g.item("E1"), "by telephone"))
	},
	"ReleaseViewing": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReleaseViewing(ctx, c, at, g.in, "officer-4471", "because"))
	},
	"TimeExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.TimeExhibit(ctx, c, at, g.item("E1"), jurat.Timing{Source: jurat.OffsetByHand, Reason: "because"}))
	},
	"AddMark": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AddMark(ctx, c, at, g.item("E1"), jurat.Marking{Note: "a door"}, ""))
	},
	"ReadExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		x, r, err := d.ReadExhibit(ctx, c, at, g.item("E1"))
		if r != nil {
			return r, err
		}
		return x, err
	},
	"VerifyExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		x, said, cause, err := d.VerifyExhibit(ctx, c, at, g.item("E1"))
		if said != "" || cause != nil {
			return said, err
		}
		return x, err
	},
	"ProbeExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		p, _, err := d.ProbeExhibit(ctx, c, at, g.item("E1"))
		return p, err
	},
	"StillExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.StillExhibit(ctx, c, at, g.item("E1"), 0))
	},
	"SaveEdits": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.SaveEdits(ctx, c, at, g.item("E1"), map[string][]string{"a": {"b"}})
	},
	"OpenEdits": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		e, err := d.OpenEdits(ctx, c, at, g.item("E1"))
		return e.Values, err
	},
	"DropEdits": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.DropEdits(ctx, c, at, g.item("E1"))
	},
	"RedactionsWaiting": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.RedactionsWaiting(ctx, c, at))
	},
	"RecordConsent": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.RecordConsent(ctx, c, at, g.item("E1"), "Witness 1", []jurat.Use{jurat.UsePublicReport}))
	},
	"WithdrawConsent": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.WithdrawConsent(ctx, c, at, g.item("E1"), nil, "letter"))
	},
	"ReadExhibitFor": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		x, r, err := d.ReadExhibitFor(ctx, c, at, g.item("E1"), jurat.UsePublicReport)
		if r != nil {
			return r, err
		}
		return x, err
	},
	"PreviewExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.PreviewExhibit(ctx, c, func() time.Time { return at }, g.item("E1")))
	},
	"ProxyExhibit": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ProxyExhibit(ctx, c, func() time.Time { return at }, g.item("E1"), nil))
	},
	"MakeRedaction": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		l := jurat.EditList{Version: 1, Edits: []jurat.Edit{{Kind: jurat.EditMute, Reason: "x", To: 5}}}
		return three(d.MakeRedaction(ctx, c, func() time.Time { return at }, g.item("E1"), l, nil))
	},
	"ReviewRedaction": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReviewRedaction(ctx, c, at, g.item("X1")))
	},
	"ReturnRedaction": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReturnRedaction(ctx, c, at, g.item("X1"), "it shows a face"))
	},
	"ReleaseRedaction": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		_, r, _, err := d.ReleaseRedaction(ctx, c, at, g.item("X1"), "a request")
		if r != nil {
			return "bytes", err
		}
		return nil, err
	},
	"AddFlag": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AddFlag(ctx, c, at, g.item("E1"), []string{"evidentiary_value"}))
	},
	"PlaceHold": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.PlaceHold(ctx, c, at, g.in, "a matter", nil))
	},
	"ReleaseHold": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReleaseHold(ctx, c, at, g.item("H1"), "over"))
	},
	"AddParty": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AddParty(ctx, c, at, g.in, jurat.Particulars{Slot: "Witness 1", Capacity: "witness"}))
	},
	"AmendParty": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AmendParty(ctx, c, at, g.item("P1"), jurat.Particulars{Agency: "fbi"}, "because"))
	},
	"OpenSealed": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.OpenSealed(ctx, c, at, jurat.Item{Noun: jurat.NounParty, ID: g.item("P1")}, jurat.ClassIdentity, "curious"))
	},
	"AddRecord": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AddRecord(ctx, c, at, g.in, desk.Words{Type: "report", Fields: json.RawMessage(`{}`)}))
	},
	"AmendRecord": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AmendRecord(ctx, c, at, g.item("R1"), json.RawMessage(`{}`), "because"))
	},
	"SubmitRecord": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.SubmitRecord(ctx, c, at, g.item("R1")))
	},
	"ReturnRecord": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReturnRecord(ctx, c, at, g.item("R1"), "look again"))
	},
	"ApproveRecord": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ApproveRecord(ctx, c, at, g.item("R1")))
	},
	"OpenAccount": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.OpenAccount(ctx, c, at, g.in, "complainant", "", "letter"))
	},
	"AskAccount": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AskAccount(ctx, c, at, g.item("S1"), "letter"))
	},
	"GiveAccount": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.GiveAccount(ctx, c, at, g.item("S3"), jurat.Statement{Text: "words"}))
	},
	"NoAnswer": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.NoAnswer(ctx, c, at, g.item("S3")))
	},
	"DeclineAccount": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.DeclineAccount(ctx, c, at, g.item("S3"), "no"))
	},
	"ScreenAccount": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ScreenAccount(ctx, c, at, g.item("S1"), true, "because"))
	},
	"AddAllegation": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AddAllegation(ctx, c, at, g.in, "battery", "federal", ""))
	},
	"WeighAllegation": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.WeighAllegation(ctx, c, at, g.item("A1"), desk.Weight{Element: "knowingly", NoneKnown: true}))
	},
	"MapAllegation": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.MapAllegation(ctx, c, at, g.item("A1"), "battery"))
	},
	"SetAllegationStatus": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.SetAllegationStatus(ctx, c, at, g.item("A1"), "unfounded", "a letter"))
	},
	"RecordContact": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.RecordContact(ctx, c, at, g.in, "the mayor's office", "a call", desktest.Noon, ""))
	},
	"PrepareReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.PrepareReferral(ctx, c, at, g.in, desk.Referring{To: "county-prosecutor", Allegations: []jurat.ItemID{g.item("A1")}, Scope: "force", Reason: "at a direction"}))
	},
	"NotifyReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.NotifyReferral(ctx, c, at, g.item("K1"), "telephone"))
	},
	"AttestReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.AttestReferral(ctx, c, at, g.item("K1"), true))
	},
	"ApproveReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ApproveReferral(ctx, c, at, g.item("K1")))
	},
	"WithdrawReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.WithdrawReferral(ctx, c, at, g.item("K1"), "because"))
	},
	"SendReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		out := desktest.Empty(t)
		_, done, err := d.SendReferral(ctx, c, at, g.item("K1"), desk.Sending{Out: out, PlainReason: "no key"})
		if info, serr := out.Stat(); serr != nil || info.Size() > 0 {
			return "bytes of a dossier", err
		}
		return done, err
	},
	"ReportAnswer": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReportAnswer(ctx, c, at, g.item("K1"), jurat.ReceivedWord{State: jurat.ReferralDeclined, By: "county-prosecutor"}))
	},
	"ReportReceipt": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ReportReceipt(ctx, c, at, g.item("D1"), "a sheet"))
	},
	"ImportReceipt": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ImportReceipt(ctx, c, at, g.receipt))
	},
	"ImportDecision": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.ImportDecision(ctx, c, at, g.decision))
	},
	"TakeDossier": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		x, report, err := d.TakeDossier(ctx, c, at, desk.Taking{Path: g.zip})
		if report.Answer != "" {
			return report, err
		}
		return x, err
	},
	"SealReferral": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.SealReferral(ctx, c, at, g.item("K1"), "no key"))
	},
	"SendSealed": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.SendSealed(ctx, c, at, g.item("D1")))
	},
	"OpenParcel": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		kept, r, err := d.OpenParcel(ctx, c, at, g.item("D1"))
		if r != nil {
			return "bytes of a dossier", errors.Join(err, r.Close())
		}
		return kept, err
	},
	"Outgoing": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		out, err := d.Outgoing(ctx, c, at, g.item("K1"))
		if len(out.Kept) > 0 {
			return "parcels", err
		}
		return out.Owed, err
	},
	"TakeStream": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		f, err := os.Open(g.zip)
		must(t, err)
		defer f.Close()
		x, report, err := d.TakeStream(ctx, c, at, "a dossier", f)
		if report.Answer != "" {
			return report, err
		}
		return x, err
	},
	"ReadDossier": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, t testing.TB) (any, error) {
		x, report, err := d.ReadDossier(ctx, c, at, g.item("D1"))
		if report.Answer != "" {
			return report, err
		}
		return x, err
	},
	"Inbox": list(func(d *desk.Desk) func(context.Context, desk.Caller, time.Time) ([]desk.Arrived, error) {
		return d.Inbox
	}),
	"TrustFile": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.TrustFile(ctx, c, at, "county-prosecutor", []byte(`{"offices":[{"name":"x","origin":"x.example/jurat","log":[],"office":[],"age":[]}],"witnesses":[],"quorum":0}`)))
	},
	"MayReceive": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.MayReceive(ctx, c, at, g.in)
	},
	"ReceiveFrom": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		out := d.ReceiveFrom(ctx, c, func() time.Time { return at }, desk.Receiving{Incident: g.in, Arrival: jurat.Arrival{Kind: "bwc"}}, "", strings.NewReader("x"))
		return out.Exhibit.ID, out.Err
	},
	"BeginUpload": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.BeginUpload(ctx, c, at, desk.Announced{Incident: g.in, Arrival: jurat.Arrival{Kind: "bwc"}, Length: 1}))
	},
	"ShowUpload": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ShowUpload(ctx, c, at, g.in, "x"))
	},
	"ContinueUpload": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return two(d.ContinueUpload(ctx, c, func() time.Time { return at }, g.in, "x", 0, desk.Sums{}, strings.NewReader("x")))
	},
	"EndUpload": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return nil, d.EndUpload(ctx, c, at, g.in, "x")
	},
	"SignReceipt": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.SignReceipt(ctx, c, at, g.item("D1")))
	},
	"Decide": func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, g target, _ testing.TB) (any, error) {
		return three(d.Decide(ctx, c, at, g.item("D1"), jurat.ReferralDeclined, "no"))
	},
}

// unasked are the methods nobody asks for as somebody: they tell and do nothing
// that concerns an incident.
var unasked = []string{
	"ReadLetters",   // reads what it is given
	"Outstanding",   // counts, of letters it is given
	"Publish",       // sequences what others recorded
	"DigestJournal", // does what is due
	"SweepUploads",  // removes what expired or is spent
	"Spent",         // that there is something of the kind
	"SweepDrafts",   // removes what killed programs were writing
	"Room",          // a disk's
	"Orders",        // public texts
	"OrderVersions", // public texts
	"Shelf",         // what was shown to everybody
	"QuickReport",   // the questions those ask
	"CameIn",        // journals who came in
	"TokenMade",     // journals what somebody did with their own token
	"TokenEnded",    // the same
	"Commit",        // does again what Ready did, and asks that method once more
	"TurnedAway",    // journals who could not show who they are
	"Welcome",       // only of the first administrator, whom nobody is beside
	"Exemptions",    // public texts
	"Who",           // greets who is signed in by their own name
}

func two[A any](a A, err error) (any, error)           { return a, err }
func three[A, B any](a A, _ B, err error) (any, error) { return a, err }

func list[T any](of func(*desk.Desk) func(context.Context, desk.Caller, time.Time) ([]T, error)) func(context.Context, *desk.Desk, desk.Caller, time.Time, target, testing.TB) (any, error) {
	return func(ctx context.Context, d *desk.Desk, c desk.Caller, at time.Time, _ target, _ testing.TB) (any, error) {
		return two(of(d)(ctx, c, at))
	}
}

// methods are the exported methods of the desk.
func methods() []string {
	var all []string
	for m := range reflect.TypeFor[*desk.Desk]().Methods() {
		if !slices.Contains(unasked, m.Name) {
			all = append(all, m.Name)
		}
	}
	return all
}

// REF-1, case 3 of §15: a political office with a valid login and a key of its
// own. Whatever it tries, nothing is done, nothing is told, an incident that is
// there and one that is not look alike to the byte, and the attempt is in the
// journal with an alert.
func TestThePoliticalOfficeHasNoKeyToAnything(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	r := city.Approved(t)
	zip, sealed := city.Send(t, r.ID, desktest.Noon)
	x := taken(t, county, sealed, "")
	receipt := got[string, desk.Done](t)(county.SignReceipt(t.Context(), county.As("prosecutor-12"), desktest.Noon, x.ID))
	there := target{in: r.Incident, event: chain(t, city, r.Incident)[0].ID, receipt: receipt, decision: mustDecision(t, county, x), zip: zip}
	nowhere := there
	nowhere.in, nowhere.event = "2026-000777", "01a205e9-1fb3-725f-877d-faf913867ee7"
	before := snapshot(t, city)
	bytes := blobs(t, city)
	now := desktest.Noon
	for _, who := range []jurat.PersonID{"aide-1", "liaison-1", "counsel-9"} {
		for _, name := range methods() {
			t.Run(string(who)+" "+name, func(t *testing.T) {
				attempt, ok := attempts[name]
				if !ok {
					t.Fatal("nobody tried it: add it to attempts, or say in unasked why nobody asks for it")
				}
				now = now.Add(time.Minute)
				lines := int64(len(journal(t, city, 0)))
				told, err := attempt(t.Context(), city.Desk, city.As(who), now, there, t)
				if !errors.Is(err, jurat.NotFound) && !errors.Is(err, jurat.Forbidden) {
					t.Fatalf("it was told %v, %v", told, err)
				}
				if !reflect.ValueOf(&told).Elem().IsZero() && !reflect.ValueOf(told).IsZero() {
					t.Errorf("it was told %v", told)
				}
				noticed(t, city, who, lines)
				now = now.Add(time.Minute) // else the journal would only count it
				lines = int64(len(journal(t, city, 0)))
				_, stranger := attempt(t.Context(), city.Desk, city.As(who), now, nowhere, t)
				if a, b := blind(err, there), blind(stranger, nowhere); a != b {
					t.Errorf("what is there and what is not can be told apart:\n%s\n%s", a, b)
				}
				noticed(t, city, who, lines)
			})
		}
	}
	if after := snapshot(t, city); after != before {
		t.Errorf("the record changed from %v to %v", before, after)
	}
	if n := blobs(t, city); n != bytes {
		t.Errorf("%d blobs were kept", n-bytes)
	}
}

// noticed asserts that the journal has an attempt of somebody's after some
// lines, with an alert.
func noticed(t testing.TB, r *desktest.Record, who jurat.PersonID, after int64) {
	t.Helper()
	found := journal(t, r, after)
	if !slices.ContainsFunc(found, func(j register.JournalRow) bool {
		return j.Person == who && j.Kind == "refused" && strings.Contains(j.Detail, `"alert":true`)
	}) {
		t.Errorf("the attempt is not in the journal: %v", found)
	}
}

// blind is an error without the number that was asked for.
func blind(err error, g target) string {
	if err == nil {
		return "<nil>"
	}
	return strings.NewReplacer(string(g.in), "NUMBER", string(g.event), "EVENT").Replace(err.Error())
}
