package numbers_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/numbers"
	"jurat/order"
)

func chicago(t testing.TB, facts []order.Facts, period string) numbers.Input {
	t.Helper()
	in := input(t, all(facts...), period)
	in.Orders = []*order.Order{load(t, "chicago-mcc-2-173"), load(t, "illinois-trust-act"), load(t, "illinois-bwc-act")}
	return in
}

var nothing = numbers.NewScreen(nil, nil)

// asked is an incident with a request for assistance and, where one was made, a
// decision.
func asked(n int, fieldsOf m, decision m) order.Facts {
	f := incident(n, "2026-06-04T13:00:00-05:00", "D1")
	request := m{"received_at": "2026-06-04T13:00:00-05:00", "channel": "911", "department": "emergency_communications", "requesting_agency": "unknown", "what_asked": []string{"crowd_control"}}
	for k, v := range fieldsOf {
		request[k] = v
	}
	r := record(&f, "assistance_request", request)
	if decision != nil {
		decision["request"] = string(r.ID)
		record(&f, "assistance_decision", decision)
	}
	return f
}

// Requirements case 5: "assist the police", purpose learned on arrival. Both
// reports count the request once.
func TestARequestIsCountedOnceInEachReport(t *testing.T) {
	t.Parallel()
	f := asked(1, m{"said_purpose": "assist the police", "knew_federal_at_dispatch": "unknown", "knew_civil_at_arrival": "yes"},
		m{"decision": "declined", "legal_basis": "MCC 2-173-020", "decided_at": "2026-06-04T13:25:00-05:00"})
	quarter, err := numbers.Quarterly(chicago(t, []order.Facts{f}, "2026-Q2"), nothing)
	if err != nil {
		t.Fatal(err)
	}
	annual, err := numbers.Certificate(chicago(t, []order.Facts{f}, "2026"), nothing)
	if err != nil {
		t.Fatal(err)
	}
	if quarter.Figure("requests") != 1 || annual.Figure("requests") != 1 {
		t.Errorf("the quarter counts %d, the year %d, want one each", quarter.Figure("requests"), annual.Figure("requests"))
	}
	var b bytes.Buffer
	if err := quarter.Print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Declined", "911 call", "agency not established", "2026-06-04T13:00:00-05:00"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the quarterly report lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "2026-000001") {
		t.Error("the quarterly report names an incident, and a political office reads it")
	}
}

func TestWhichRequestsTheQuarterLists(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name              string
		fields            m
		listed, unsettled int64
		elsewhere         int64
	}{
		{"civil", m{"purpose": "civil_immigration_enforcement"}, 1, 0, 0},
		{"pending", m{"purpose": "pending_purpose"}, 1, 1, 0},
		{"nobody said", m{}, 1, 1, 0},
		{"a detainer is claimed", m{"claimed_authority": []string{"detainer"}}, 1, 0, 0},
		{"a criminal matter", m{"purpose": "criminal_matter"}, 0, 0, 0},
		{"a life in danger", m{"purpose": "life_safety"}, 0, 0, 0},
		{"by letter to a park", m{"purpose": "civil_immigration_enforcement", "channel": "letter", "department": "parks"}, 0, 0, 1},
		{"before the quarter", m{"received_at": "2026-03-31T23:59:00-05:00"}, 0, 0, 0},
		{"in the first minute of the quarter", m{"received_at": "2026-04-01T00:00:00-05:00", "purpose": "civil_immigration_enforcement"}, 1, 0, 0},
		{"nobody knows when", m{"received_at": nil, "purpose": "civil_immigration_enforcement"}, 1, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := numbers.Quarterly(chicago(t, []order.Facts{asked(1, tc.fields, nil)}, "2026-Q2"), nothing)
			if err != nil {
				t.Fatal(err)
			}
			if r.Figure("requests") != tc.listed || r.Figure("requests_not_settled") != tc.unsettled || r.Figure("requests_elsewhere") != tc.elsewhere {
				t.Errorf("listed %d, unsettled %d, elsewhere %d; want %d, %d, %d", r.Figure("requests"), r.Figure("requests_not_settled"), r.Figure("requests_elsewhere"), tc.listed, tc.unsettled, tc.elsewhere)
			}
		})
	}
}

// Requirements case 8: a year without a request is certified, not an empty file.
func TestAYearWithoutARequestIsACertificateOfNone(t *testing.T) {
	t.Parallel()
	in := chicago(t, nil, "2026")
	in.Orders = []*order.Order{in.Orders[1]}
	r, err := numbers.Certificate(in, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if r.Title != "Certificate of none" || !strings.Contains(r.Statement, "certifies that it received no request") || r.Figure("requests") != 0 {
		t.Errorf("%q: %q", r.Title, r.Statement)
	}
	quarter, err := numbers.Quarterly(chicago(t, nil, "2026-Q2"), nothing)
	if err != nil || quarter.Figure("requests") != 0 || quarter.Figure("civil_documents") != 0 || quarter.Figure("transferred") != 0 {
		t.Errorf("a quarter of nothing is not zero: %v %+v", err, quarter)
	}
}

// Requirements case 7: a name in free text refuses the export and names row and
// column.
func TestPersonalDataRefusesTheCertificate(t *testing.T) {
	t.Parallel()
	for _, said := range []string{
		"wants help with Example Person", "asks for EXAMPLE, PERSON", "call back 312-555-0100", "write to someone@agency.example", "A-012-345-678", "A012345678",
		"ssn 123-45-6789", "born 1990", "dob 1/2/90", "on 1990-01-02", "plate AB 12345", "car with ABC1234", "at 1234 West Example Street", "told by Officer Example",
		"the so called sealédname", "about sealedname", "the number 55512345", "someone Above  the bákery", "wants help with Exa\u200bmple Person",
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			fs := []order.Facts{asked(1, m{"said_purpose": "assist the police"}, nil), asked(2, m{"said_purpose": said, "received_at": "2026-06-05T13:00:00-05:00"}, nil)}
			_, err := numbers.Certificate(chicago(t, fs, "2026"), numbers.NewScreen([]string{"Somebody Sealedname, badge 55512345, called back", "above the bakery"}, nil))
			if !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "requests, row 2, column purpose") {
				t.Fatalf("%v, want a conflict that names row and column", err)
			}
			if strings.Contains(err.Error(), said) {
				t.Errorf("the refusal repeats the personal data: %v", err)
			}
		})
	}
	ordinary := []string{"assist the police", "perimeter and traffic, no reason given", "unit 12 asked for 3 cars", "the caller called back", "under MCC 2-173-020", "5 ILCS 805/15(a)", "the TRUST Act", "asked by Border Patrol", "Homeland Security Investigations asked"}
	for _, said := range ordinary {
		fs := []order.Facts{asked(1, m{"said_purpose": said}, nil)}
		if _, err := numbers.Certificate(chicago(t, fs, "2026"), numbers.NewScreen([]string{"Somebody Sealedname, called back"}, []string{"Homeland Security Investigations"})); err != nil {
			t.Errorf("%q: %v", said, err)
		}
	}
	if _, err := numbers.Certificate(chicago(t, nil, "2026"), nil); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a report without a screen: %v", err)
	}
}

// A code that is in no list is people's words, and does not leave as a label.
func TestAWordInPlaceOfACodeDoesNotLeave(t *testing.T) {
	t.Parallel()
	f := asked(1, m{"channel": "Example Person rang", "requesting_agency": "Example Person", "agency_basis": "stated", "what_asked": []string{"Example Person"}}, nil)
	r, err := numbers.Certificate(chicago(t, []order.Facts{f}, "2026"), nothing)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := r.JSON(); strings.Contains(string(b), "Example Person") {
		t.Errorf("%s", b)
	}
}

func TestReportsAreOfTheirPeriodAndOfAnAdoptedOrder(t *testing.T) {
	t.Parallel()
	if _, err := numbers.Quarterly(chicago(t, nil, "2026"), nothing); !errors.Is(err, jurat.Conflict) {
		t.Errorf("a quarterly report of a year: %v", err)
	}
	if _, err := numbers.Certificate(chicago(t, nil, "2026-Q1"), nothing); !errors.Is(err, jurat.Conflict) {
		t.Errorf("an annual report of a quarter: %v", err)
	}
	if _, err := numbers.Costs(chicago(t, nil, "2026"), nothing); !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "cost_entry") {
		t.Errorf("costs under no order that asks for them: %v", err)
	}
	in := chicago(t, nil, "2026")
	in.Made = at("2026-06-01T00:00:00Z")
	if _, err := numbers.Certificate(in, nothing); !errors.Is(err, jurat.Conflict) {
		t.Errorf("a year that has not ended: %v", err)
	}
}

func TestCameraTotalsThatDoNotMatchBlockTheReport(t *testing.T) {
	t.Parallel()
	used := func(n int, change m) order.Facts {
		f := incident(n, "2026-05-04T13:00:00-05:00", "D1")
		v := m{"exhibit": "2026-000001-E1", "recorded_at": "2026-05-04T13:05:00-05:00", "location": "District 1", "precinct": "1", "offence_charged": "battery", "filed_on": "2026-07-01"}
		for k, x := range change {
			v[k] = x
		}
		record(&f, "prosecution_recording", v)
		record(&f, "footage_gap", m{"why_missing": "battery", "supervisor_reviewed_at": "2026-05-06T13:05:00-05:00"})
		return f
	}
	house := func(used, listed int) order.Facts {
		var f order.Facts
		record(&f, "bwc_annual_report", m{"year": "2026", "overview": "cameras were worn", "officers": 12, "cameras": 12, "technical_issues": "none", "review_process": "monthly", "recordings_used": used, "recordings_listed": listed})
		return f
	}
	for _, tc := range []struct {
		name  string
		house order.Facts
		facts []order.Facts
		says  string
	}{
		{"match", house(2, 2), []order.Facts{used(1, nil), used(2, nil)}, ""},
		{"zero", house(0, 0), nil, ""},
		{"another year's recording", house(1, 1), []order.Facts{used(1, nil), used(2, m{"filed_on": "2025-07-01"})}, ""},
		{"one too many stated", house(3, 2), []order.Facts{used(1, nil), used(2, nil)}, "recordings_used as 3, and 2 recordings are listed"},
		{"one too few listed", house(2, 1), []order.Facts{used(1, nil), used(2, nil)}, "recordings_listed as 1"},
		{"no statement", order.Facts{}, nil, "not on file"},
		{"no precinct", house(1, 1), []order.Facts{used(1, m{"precinct": ""})}, "no precinct"},
		{"no date filed", house(1, 1), []order.Facts{used(1, m{"filed_on": "soon"})}, "no date filed"},
		{"an address", house(1, 1), []order.Facts{used(1, m{"location": "1234 West Example Street"})}, "recordings, row 1, column location"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := chicago(t, tc.facts, "2026")
			in.House = tc.house
			r, err := numbers.CameraYear(in, numbers.NewScreen(nil, []string{"District"}))
			switch {
			case tc.says == "" && err != nil:
				t.Fatal(err)
			case tc.says == "":
				if r.Figure("gaps") != int64(len(tc.facts)) || r.Figure("officers") != 12 {
					t.Errorf("gaps %d of %d", r.Figure("gaps"), len(tc.facts))
				}
			case !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), tc.says):
				t.Errorf("%v, want a conflict with %q", err, tc.says)
			}
		})
	}
}

func portland(t testing.TB, facts ...order.Facts) numbers.Input {
	in := input(t, all(facts...), "2026")
	in.Orders = []*order.Order{load(t, "portland-pcc-5-80"), load(t, "portland-enb-8-05")}
	return in
}

func TestCostsAreExactToTheCentOrLeftOutWithTheReason(t *testing.T) {
	t.Parallel()
	good := m{"bureau": "police", "event": "1", "basis_kind": "hours_at_rate", "minutes": 95, "rate_cents": 8725, "rate_source": "overtime table", "amount_cents": 13815, "attributable_basis": "street closed"}
	with := func(k string, v any) m {
		out := m{}
		for a, b := range good {
			out[a] = b
		}
		out[k] = v
		return out
	}
	for _, tc := range []struct {
		name  string
		entry m
		total int64
		why   string
	}{
		{"to the cent", good, 13815, ""},
		{"an invoice", m{"bureau": "police", "event": "1", "basis_kind": "invoice", "amount_cents": 99, "attributable_basis": "cleaning"}, 99, ""},
		{"a cent more", with("amount_cents", 13816), 0, "not the minutes times the rate"},
		{"half a cent", with("amount_cents", 13815.5), 0, "no whole number"},
		{"less than nothing", with("amount_cents", -1), 0, "no whole number"},
		{"a text", with("amount_cents", "13815"), 0, "no whole number"},
		{"more than there is", with("amount_cents", 1e300), 0, "no whole number"},
		{"no event", with("event", ""), 0, "no event"},
		{"no rate", with("rate_cents", nil), 0, "no rate"},
		{"no source", with("rate_source", ""), 0, "no source"},
		{"no basis", with("attributable_basis", ""), 0, "attributable"},
		{"other money", with("currency", "EUR"), 0, "not in dollars"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := incident(1, "2026-03-04T13:00:00-05:00", "")
			record(&f, "cost_entry", tc.entry)
			r, err := numbers.Costs(portland(t, f), nothing)
			if err != nil {
				t.Fatal(err)
			}
			if r.Figure("total") != tc.total || r.Figure("left_out") != int64(len(r.Tables[1].Rows)) || (tc.why == "") != (len(r.Tables[1].Rows) == 0) {
				t.Fatalf("total %d, want %d; left out %v", r.Figure("total"), tc.total, r.Tables[1].Rows)
			}
			if tc.why != "" && !strings.Contains(r.Tables[1].Rows[0][3], tc.why) {
				t.Errorf("left out because %q, want %q", r.Tables[1].Rows[0][3], tc.why)
			}
		})
	}
}

func TestCitationsAreListedWithWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	f := incident(1, "2026-03-01T13:00:00-08:00", "")
	cite := func(no string, approved string, cents any) {
		r := record(&f, "citation", m{"citation_no": no, "under": "ENB-8.05", "release_no": "1", "alleged_dates": []string{"2026-02-28"}, "grouping": "per_day", "ordinal": 1, "amount_cents": cents})
		r.WrittenAt = at("2026-03-02T12:00:00Z")
		if approved != "" {
			r.State, r.ApprovedAt = jurat.RecordApprove, at(approved)
		}
	}
	cite("C-1", "2026-03-03T12:00:00Z", 500000)
	cite("C-2", "", 1000000)
	record(&f, "citation_service", m{"citation_no": "C-1", "served_at": "2026-03-04T12:00:00Z"})
	record(&f, "citation_step", m{"citation_no": "C-1", "step": "paid_under_protest", "at": "2026-03-10T12:00:00Z", "amount_cents": 500000})
	record(&f, "appeal", m{"citation_no": "C-1", "body": "hearings_officer", "result": "pending"})
	r, err := numbers.Citations(portland(t, f), nothing)
	if err != nil {
		t.Fatal(err)
	}
	if r.Figure("citations") != 1 || r.Figure("drafts") != 1 || r.Figure("charged") != 500000 || r.Figure("paid_under_protest") != 500000 {
		t.Errorf("%+v", r.Figures)
	}
	row := strings.Join(r.Tables[0].Rows[0], "|")
	for _, want := range []string{"5000.00", "2026-02-28", "per day", "pending", "Paid under protest"} {
		if !strings.Contains(row, want) {
			t.Errorf("%s lacks %q", row, want)
		}
	}
	cite("C-1", "2026-03-05T12:00:00Z", 1)
	if _, err := numbers.Citations(portland(t, f), nothing); !errors.Is(err, jurat.Conflict) {
		t.Errorf("two citations of one number: %v", err)
	}
}

func TestSmallUnitsAreCountedTogether(t *testing.T) {
	t.Parallel()
	var fs []order.Facts
	for i := range 30 {
		unit := "D1"
		switch {
		case i < 2:
			unit = "D3"
		case i < 9:
			unit = "D2"
		}
		f := incident(i+1, "2026-02-04T13:00:00-06:00", unit)
		if i%2 == 0 {
			record(&f, "activity", m{"activity_kinds": []string{"arrest"}})
		}
		fs = append(fs, f)
	}
	in := input(t, all(fs...), "2026-02")
	in.Orders = []*order.Order{example(t)}
	r, err := numbers.Compliance(in, 5, nil)
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]bool{}
	for _, row := range r.Tables[0].Rows {
		units[row[3]] = true
		if !strings.Contains(row[2], "local target") {
			t.Errorf("the local target of %s is not labelled: %s", row[1], row[2])
		}
	}
	// One small unit alone could be subtracted: the next smallest joins it.
	if units["District 3"] || units["District 2"] || !units["District 1"] || !units["Smaller units together"] {
		t.Errorf("units listed: %v", units)
	}
	in = input(t, all(fs[:3]...), "2026-02")
	in.Orders = []*order.Order{example(t)}
	if r, err = numbers.Compliance(in, 5, nil); err != nil || len(r.Tables[0].Rows) != 0 || r.Figure("incidents") != -1 {
		t.Errorf("three incidents are listed: %v %+v", err, r)
	}
}

func TestReportsComeAsFilesNoSpreadsheetCalculates(t *testing.T) {
	t.Parallel()
	f := asked(1, m{"event_number": "=HYPERLINK(1)", "purpose": "civil_immigration_enforcement"}, nil)
	r, err := numbers.Quarterly(chicago(t, []order.Facts{f}, "2026-Q2"), numbers.NewScreen(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	if err := r.Files(func(name string, b []byte) error { files[name] = string(b); return nil }); err != nil {
		t.Fatal(err)
	}
	if page := files["quarterly.html"]; !strings.Contains(page, "default-src &#39;none&#39;") || strings.Contains(page, "<script") || !strings.Contains(page, "<td>=HYPERLINK(1)</td>") {
		t.Errorf("the page: %s", page)
	}
	if !strings.Contains(files["quarterly.txt"], "=HYPERLINK(1)") || !strings.Contains(files["quarterly.json"], `"report": "quarterly"`) {
		t.Errorf("text and JSON: %v", files)
	}
	if len(files) != 6 || !strings.Contains(files["quarterly-requests.csv"], ",'=HYPERLINK(1),") {
		t.Errorf("%v", files)
	}
}
