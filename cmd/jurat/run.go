package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"jurat"
	"jurat/format"
)

// surroundings are what a run touches of the world outside.
type surroundings struct {
	stdout, stderr io.Writer
	stdin          io.Reader
	getenv         func(string) string
	now            func() time.Time
	args           []string
}

// verbs is the whole command line.
type verbs struct {
	Dir  string `help:"The record's folder (or set JURAT_DIR)." placeholder:"DIR"`
	JSON bool   `help:"Print data as JSON, one object per line." name:"json"`
	As   string `help:"On whose behalf you act." placeholder:"PERSON"`
	Sign string `help:"That person's key file, for acts they sign." placeholder:"KEYFILE"`

	Demo       demoVerb       `cmd:"" help:"Show the main job end to end on new records."`
	Init       initVerb       `cmd:"" help:"Make a new record."`
	Person     personVerb     `cmd:"" help:"People with access, and their keys."`
	Office     officeVerb     `cmd:"" help:"Offices, and the keys they are known by."`
	Order      orderVerb      `cmd:"" help:"Order files: check, test, show, adopt."`
	Incident   incidentVerb   `cmd:"" help:"Open, list, search and show incidents."`
	Party      partyVerb      `cmd:"" help:"Party slots of an incident."`
	Record     recordVerb     `cmd:"" help:"Reports and other records."`
	Account    accountVerb    `cmd:"" help:"Every side's account."`
	Allegation allegationVerb `cmd:"" help:"Allegations and their elements."`
	Receive    receiveVerb    `cmd:"" help:"Receive exhibits into an incident."`
	Exhibit    exhibitVerb    `cmd:"" help:"Verify, export and confirm exhibits."`
	Flag       flagVerb       `cmd:"" help:"Flag an exhibit for retention."`
	Hold       holdVerb       `cmd:"" help:"Place and release holds."`
	Contact    contactVerb    `cmd:"" help:"Contacts with political offices."`
	Refer      referVerb      `cmd:"" help:"Decide a referral, send it, take its answer."`
	Dossier    dossierVerb    `cmd:"" help:"Take in a dossier."`
	Receipt    receiptVerb    `cmd:"" help:"Sign and import receipts."`
	Event      eventVerb      `cmd:"" help:"The events of the record."`
	Verify     verifyVerb     `cmd:"" help:"Check a dossier; needs no record, account or network."`
	Fsck       fsckVerb       `cmd:"" help:"Check this record against itself, byte for byte."`
	Ledger     ledgerVerb     `cmd:"" help:"Checkpoints, proofs, mirrors, a new origin."`
	Doctor     doctorVerb     `cmd:"" help:"Look the installation over."`
	Completion completionVerb `cmd:"" help:"Print completions for a shell."`
	Version    versionVerb    `cmd:"" help:"Print the version."`
}

// The exit statuses (docs: README).
const (
	exitYes     = 0
	exitAltered = 1
	exitUsage   = 2
	exitNo      = 3
)

// call is one run of one verb.
type call struct {
	surroundings
	verbs *verbs
}

// An answer is an exit status that is not an error: the sentence was printed.
type answer int

func (a answer) Error() string { return fmt.Sprintf("exit status %d", int(a)) }

// stopped is what kong's own exits become, so that run returns.
type stopped int

func run(ctx context.Context, s surroundings) (status int) {
	defer func() {
		if p := recover(); p != nil {
			if code, ok := p.(stopped); ok {
				status = int(code)
				return
			}
			fmt.Fprintf(s.stderr, "jurat: internal fault: %v; nothing further was done\n", p)
			status = exitNo
		}
	}()
	var v verbs
	parser, err := kong.New(&v,
		kong.Name("jurat"), kong.Description("The record with which a city carries an order out, and can show what was recorded, when and by whom."),
		kong.Writers(s.stdout, s.stderr), kong.Exit(func(code int) { panic(stopped(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		vocabulary(),
	)
	if err != nil {
		fmt.Fprintf(s.stderr, "jurat: %v\n", err)
		return exitNo
	}
	parsed, err := parser.Parse(s.args)
	if err != nil {
		fmt.Fprintf(s.stderr, "jurat: %v\nSee: jurat --help\n", err)
		return exitUsage
	}
	c := &call{surroundings: s, verbs: &v}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(c)
	if err == nil {
		return exitYes
	}
	if code, ok := errors.AsType[answer](err); ok {
		return int(code)
	}
	fmt.Fprintf(s.stderr, "jurat: %v\n", err)
	return exitCode(err)
}

// exitCode is the one place an error becomes an exit status.
func exitCode(err error) int {
	switch {
	case errors.Is(err, jurat.Altered):
		return exitAltered
	case errors.Is(err, jurat.Invalid):
		return exitUsage
	}
	return exitNo
}

// say prints a sentence for people; with --json it is not data and stays out.
func (c *call) say(format string, args ...any) {
	if !c.verbs.JSON {
		fmt.Fprintf(c.stdout, format+"\n", args...)
	}
}

// vocabulary lets help texts name the law's closed lists without repeating
// them.
func vocabulary() kong.Vars {
	list := func(name string) string { return strings.Join(jurat.Lists()[name], ", ") }
	return kong.Vars{
		"triggers": list("trigger"), "knowledge": list("knowledge"), "statuses": list("allegation_status"),
		"functions": joined(jurat.Functions[:]), "classes": joined(jurat.Classes[1:]), "sides": joined(jurat.Sides[:]),
		"scopes": joined(jurat.Scopes[:]), "answers": joined(jurat.Answers()), "claims": joined(format.Claims[:]),
	}
}

func joined[S ~string](list []S) string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return strings.Join(all, ", ")
}
