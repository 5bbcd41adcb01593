package jurat_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"jurat"
)

var update = flag.Bool("update", false, "write what the law says into docs/states.md")

const statesFile = "docs/states.md"

// A move is an act tried on a thing in a state: who did it, and the state it
// left; empty when it was refused.
type move struct{ from, act, by, to string }

// TestStatesAreDrawnFromTheLaw tries every act on everything in every state and
// compares what came of it with the drawing. A change of the law that moves a
// state shows up as a change of the document, or fails here.
func TestStatesAreDrawnFromTheLaw(t *testing.T) {
	drawn := statesIntro + drawRecord(t) + drawAccount(t) + drawAllegation(t) + drawReferral(t)
	if *update {
		if err := os.WriteFile(statesFile, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(statesFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != drawn {
		a, b := strings.Split(string(kept), "\n"), strings.Split(drawn, "\n")
		i := 0
		for i < min(len(a), len(b)) && a[i] == b[i] {
			i++
		}
		t.Errorf("%s:%d is not what the law says; go test -run TestStatesAreDrawnFromTheLaw . -update", statesFile, i+1)
	}
}

const statesIntro = `# States

Drawn by trying every act of the law on a thing in every state:
` + "`go test -run TestStatesAreDrawnFromTheLaw . -update`" + `. Do not edit it by hand; a test
compares it with the law. What is not drawn is refused, and a refused act changes nothing.
A political office and an auditor do none of this, in any state (REF-1).

`

// diagram draws moves; a target several moves share is drawn once for each act.
func diagram(begin []move, moves []move) string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, m := range slices.Concat(begin, moves) {
		if m.to != "" {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", m.from, m.to, m.act)
		}
	}
	b.WriteString("```\n\n")
	return b.String()
}

func grid(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(head)
	line(slices.Repeat([]string{"---"}, len(head)))
	for _, r := range rows {
		line(r)
	}
	b.WriteString("\n")
	return b.String()
}

// moveTable lists the moves that are allowed.
func moveTable(moves []move) string {
	var rows [][]string
	for _, m := range moves {
		if m.to != "" {
			rows = append(rows, []string{m.from, m.act, m.by, m.to})
		}
	}
	return grid([]string{"from", "act", "by", "to"}, rows)
}

func drawRecord(t *testing.T) string {
	var moves []move
	for _, before := range []jurat.Record{aReport(t), submitted(t), returnedReport(t), approvedReport(t)} {
		try := func(act, by string, r jurat.Record, err error) {
			m := move{from: string(before.State), act: act, by: by}
			if err == nil {
				m.to = string(r.State)
			}
			moves = append(moves, m)
		}
		r, _, err := before.Amend(jurat.Writing{}, officer, "", morning)
		try("amend", "its author", r, err)
		r, _, err = before.Submit(officer, morning)
		try("submit", "its author, signed", r, err)
		r, _, err = before.Return(supervisor, "say when", morning)
		try("return", "a sworn supervisor who is not the author, with a reason", r, err)
		r, _, err = before.Approve(supervisor, nil, morning)
		try("approve", "a sworn supervisor who is not the author, signed, with every gate open", r, err)
	}
	return "## Record\n\nEvery text that was submitted stays on the record. What is approved is corrected by a record that amends it (RPT-1).\n\n" +
		diagram([]move{{from: "[*]", act: "add", to: string(aReport(t).State)}}, moves) + moveTable(moves)
}

func drawAccount(t *testing.T) string {
	var moves []move
	states := accounts(t)
	for _, s := range jurat.AccountStates {
		before := states[s]
		try := func(act, by string, a jurat.Account, err error) {
			m := move{from: string(s), act: act, by: by}
			if err == nil {
				m.to = string(a.State)
			}
			moves = append(moves, m)
		}
		a, _, err := before.Ask("letter", officer, morning)
		try("ask", "anybody who works on the incident, saying how", a, err)
		a, _, err = before.NoAnswer(officer, morning)
		try("no answer", "anybody who works on the incident", a, err)
		a, _, err = before.Decline("we give none", officer, morning)
		try("decline", "anybody who works on the incident, with the side's words", a, err)
		a, _, err = before.Give(jurat.Statement{Text: "What was said."}, officer, morning)
		try("give", "anybody who works on the incident", a, err)
	}
	out := "## Account\n\nOne for each side, all of equal rank. No answer is not a refusal, and what comes later is taken.\n\n" +
		diagram([]move{{from: "[*]", act: "open", to: string(jurat.AccountNotAsked)}}, moves) + moveTable(moves)

	var screens []move
	var rows [][]string
	name := func(a jurat.Account) string {
		if a.Screened == "" {
			return "unscreened"
		}
		return a.Screened
	}
	released, _, err := compelled(t).Screen(true, "reason", counsel, morning)
	if err != nil {
		t.Fatal(err)
	}
	withheld, _, err := compelled(t).Screen(false, "reason", counsel, morning)
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range []jurat.Account{compelled(t), released, withheld} {
		for _, release := range []bool{true, false} {
			a, _, err := before.Screen(release, "reason", counsel, morning)
			m := move{from: name(before), act: map[bool]string{true: "release", false: "withhold"}[release], by: "counsel, with a reason"}
			if err == nil {
				m.to = name(a)
			}
			screens = append(screens, m)
		}
		row := []string{name(before)}
		for _, by := range []jurat.Hand{counsel, detective, prosecutor, mayor} {
			row = append(row, map[bool]string{true: "open", false: "refused"}[before.OpenTo(by) == nil])
		}
		rows = append(rows, row)
	}
	return out + "### Compelled statement\n\nIts text is sealed, and open to whom this table says.\n\n" +
		diagram([]move{{from: "[*]", act: "give, compelled", to: name(compelled(t))}}, screens) +
		grid([]string{"", "counsel", "detective", "prosecutor", "political office"}, rows)
}

func drawAllegation(t *testing.T) string {
	bodies := []jurat.Hand{supervisor, prosecutor, court}
	said := map[jurat.Function][]string{}
	for _, s := range jurat.AllegationStatuses {
		said[s.Body()] = append(said[s.Body()], string(s))
	}
	var rows, words [][]string
	var moves []move
	for _, from := range bodies {
		who := "a sworn supervisor of a police office; *referred*: any of its sworn members"
		if from.Function != jurat.FunctionPolice {
			who = "a " + string(from.Function) + "'s office"
		}
		words = append(words, []string{string(from.Function), strings.Join(said[from.Function], ", "), who})
		for _, to := range bodies {
			alone, backed := tried(t, from.Function, to, ""), tried(t, from.Function, to, "order 9")
			rows = append(rows, []string{string(from.Function), string(to.Function), alone, backed})
			act := "its own word"
			if alone != "yes" {
				act = "only with a document"
			}
			if backed == "yes" {
				moves = append(moves, move{from: string(from.Function), act: act, to: string(to.Function)})
			}
		}
	}
	return "## Allegation\n\nA status is the word of the body with that power (RPT-2). A police or prosecutor's office records another body's word with the document it rests on.\n\n" +
		grid([]string{"body", "its words", "said by"}, words) +
		diagram([]move{{from: "[*]", act: "alleged", to: string(jurat.FunctionPolice)}}, moves) +
		grid([]string{"the status is a word of", "a new word of", "by itself", "with a document"}, rows)
}

// tried reports whether every word of one body gives way to every word of
// another.
func tried(t *testing.T, from jurat.Function, to jurat.Hand, source string) string {
	t.Helper()
	yes, no := 0, 0
	for _, f := range jurat.AllegationStatuses {
		for _, s := range jurat.AllegationStatuses {
			if f.Body() != from || s.Body() != to.Function || f == s {
				continue
			}
			if _, _, err := withStatus(t, f).SetStatus(s, source, to, morning); err == nil {
				yes++
			} else {
				no++
			}
		}
	}
	switch {
	case yes > 0 && no > 0:
		t.Errorf("some words of the %s give way to the %s and some do not: draw them apart", from, to.Function)
		return "some"
	case yes > 0:
		return "yes"
	}
	return "no"
}

func drawReferral(t *testing.T) string {
	// The states that behave alike are drawn as one.
	behaviour := map[string][]string{}
	var order []string
	byState := map[string][]move{}
	for _, s := range jurat.ReferralStates {
		moves := referralMoves(t, s)
		key := fmt.Sprint(moves)
		if behaviour[key] == nil {
			order = append(order, key)
		}
		behaviour[key] = append(behaviour[key], string(s))
		byState[key] = moves
	}
	alias := func(s string) string {
		for _, key := range order {
			if group := behaviour[key]; len(group) > 1 && slices.Contains(group, s) {
				return "receiver"
			}
		}
		return s
	}
	var drawing, listing []move
	var inside []string
	for _, key := range order {
		group := behaviour[key]
		name := group[0]
		if len(group) > 1 {
			name, inside = "receiver", group
		}
		for _, m := range byState[key] {
			if m.to == "" {
				continue
			}
			listing = append(listing, move{from: name, act: m.act, by: m.by, to: m.to})
			if m.to == "the same" || m.to == "the word" {
				m.to = name
			}
			drawing = append(drawing, move{from: name, act: m.act, to: alias(m.to)})
		}
	}
	return "## Referral\n\nThe first four states are the sender's. From *sent* on the state is the receiving office's word, the newest by its clock (REF-4); in the drawing all of them are *receiver*: " +
		strings.Join(inside, ", ") + ".\n\n" +
		diagram([]move{{from: "[*]", act: "prepare", to: string(jurat.ReferralIsPrepared)}}, drawing) + moveTable(listing)
}

// referralMoves tries every act on a referral in a state. The state it was in is
// written "the same", and the state a word names "the word", so that states
// that behave alike give equal moves.
func referralMoves(t *testing.T, s jurat.ReferralState) []move {
	t.Helper()
	before := map[jurat.ReferralState]func(testing.TB) jurat.Referral{
		jurat.ReferralIsPrepared: attested, jurat.ReferralIsApproved: approved, jurat.ReferralIsWithdrawn: withdrawn, jurat.ReferralIsSent: sent,
	}[s]
	if before == nil {
		before = func(t testing.TB) jurat.Referral {
			r, ev, err := sent(t).Answer(word(s), detective)
			return must(t, r, ev, err)
		}
	}
	var moves []move
	try := func(act, by string, r jurat.Referral, err error) {
		m := move{act: act, by: by}
		if err == nil {
			if m.to = string(r.State); r.State == s {
				m.to = "the same"
			}
		}
		moves = append(moves, m)
	}
	r0 := before(t)
	if r0.State != s {
		t.Fatalf("the referral that is %s is %s", s, r0.State)
	}
	r, _, err := r0.Notify("telephone", detective, morning)
	try("notify", "a sworn member", r, err)
	r, _, err = r0.Attest(true, nil, detective, morning)
	try("attest", "a sworn member, signed", r, err)
	r, _, err = r0.Approve(supervisor, nil, morning)
	try("approve", "a sworn supervisor who did not initiate it, signed, attested, with every gate open", r, err)
	r, _, err = r0.Send(aDossier(t, 0), detective, morning)
	try("send", "a sworn member, signed", r, err)
	r, _, err = r0.Supplement(aDossier(t, 1), detective, morning)
	try("supplement", "a sworn member, signed", r, err)
	r, _, err = r0.Withdraw("reason", supervisor, morning)
	try("withdraw", "a sworn member, with a reason", r, err)

	words := 0
	for _, w := range jurat.Answers() {
		next := word(w)
		next.At = morning.Add(1)
		if r, _, err := r0.Answer(next, detective); err == nil && r.State == w {
			words++
		}
	}
	m := move{act: "answer", by: "a named person, from the receiver's letter or signature"}
	switch words {
	case len(jurat.Answers()):
		m.to = "the word"
	case 0:
	default:
		t.Errorf("some words move a referral that is %s and some do not: draw them apart", s)
	}
	if words == 0 { // an early notice may be answered, and nothing moves
		r, _, err := r0.Notify("telephone", detective, night)
		if err == nil {
			if r, _, err = r.Answer(word(jurat.ReferralReview), detective); err == nil && r.State == s {
				m.act, m.to = "answer to a notice", "the same"
			}
		}
	}
	return append(moves, m)
}
