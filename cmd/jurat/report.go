package main

import (
	"jurat/internal/dossier"
	"jurat/internal/fsck"
)

// A report is one of the three answers with what it rests on, as verify and
// fsck print it with --json: these fields, in this order, both lists always.
type report struct {
	Answer     string    `json:"answer"`
	Findings   []finding `json:"findings"`
	NotChecked []string  `json:"not_checked"`
}

type finding struct {
	Answer string `json:"answer"`
	What   string `json:"what"`
	Where  string `json:"where"`
}

// reportOf makes a room's report the door's.
func reportOf[F dossier.Finding | fsck.Finding](answer string, findings []F, notChecked []string) report {
	r := report{answer, make([]finding, len(findings)), append([]string{}, notChecked...)}
	for i, f := range findings {
		r.Findings[i] = finding(f)
	}
	return r
}

// judge prints a report on something, and gives its exit status. Notes say
// what is as it may be; with --json they go to standard error.
func (c *call) judge(about string, r report, notes []string) error {
	if c.verbs.JSON {
		return c.judged(r.Answer, r, notes)
	}
	c.say("%s: %s", about, r.Answer)
	for _, f := range r.Findings {
		c.say("  %s: %s%s", f.Answer, f.What, place(f.Where))
	}
	for _, n := range notes {
		c.say("  %s", n)
	}
	for _, n := range r.NotChecked {
		c.say("  not checked: %s", n)
	}
	return answerOf(r.Answer)
}

// place is where a finding is, after what it says.
func place(where string) string {
	if where == "" {
		return ""
	}
	return " (" + where + ")"
}

func (c *call) judged(said string, v any, notes []string) error {
	if err := c.object(v); err != nil {
		return err
	}
	for _, n := range notes {
		c.complain("note: %s", n)
	}
	return answerOf(said)
}

// answerOf is the exit status of one of the three answers.
func answerOf(said string) error {
	switch said {
	case dossier.Intact:
		return nil
	case dossier.Altered:
		return answer(exitAltered)
	}
	return answer(exitNo)
}
